"""The headline out of what a page states: titles vote, with the name of the site taken off."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice

from broadsheet.stated.linked_data import Hints, strings

_WORD = re.compile(r"\w+")
# What stands between a headline and the site's name, section or date.
_DIVIDER = re.compile(r"[|\-–—·•»›:~｜ㅣ：]")
_EDGE = re.compile(r"\s+[|\-–—·•»›:~]{1,2}\s+|\s*[|｜ㅣ]\s*|：|(?<=[^\x00-\x7f])[:\-](?=\S)|--")
# What stands between a headline and what is written behind it, in a title that begins with the whole headline.
_BEHIND = re.compile(r"\s*[|｜ㅣ\-–—·•»›:：~(\[]")
# How much a place is worth as a witness. What readers see counts most; a title for search engines least.
_WEIGHTS = {
    "heading": 1.2, "json_ld": 1.27, "og:title": 0.67, "twitter:title": 0.43, "parsely-title": 0.67, "headline": 0.2,
    "sailthru.title": 0.1, "dc.title": 0.45, "dcterms.title": 0.6, "title": 0.08, "<title>": 0.06,
}  # fmt: skip
# What a heading is worth as a witness of how the headline is punctuated.
_FORM_OF_HEADING = 0.8
# What stands between a kicker and the headline.
_BEHIND_KICKER = (": ", " - ", " – ", " — ")
_LEAST_OVERLAP = 0.5
_LONGEST = 400
# Characters of a page above which its headline stands, and spaces that a line must have to be one.
_HEAD_OF_PAGE, _LEAST_SPACES = 5_000, 2
_MOST_KEYS = 1_000


@lru_cache(_MOST_KEYS)
def key_of(text: str) -> str:
    """A title for comparison: its words, case-folded."""
    return " ".join(_WORD.findall(text.casefold()))


@lru_cache(_MOST_KEYS)
def _closed(text: str) -> str:
    return key_of(text).replace(" ", "").removeprefix("the")


class Site:
    """The names that a page gives its site, to tell them from parts of a headline."""

    def __init__(self, names: Sequence[str], domain: str) -> None:
        # The part of the host that names the site: before ".com", or before ".co.uk".
        parts = [part for part in domain.split(".")[:-1] if len(part) > 3] or domain.split(".")[:1]
        self.names = {closed for name in (*names, domain, parts[-1]) if (closed := _closed(name))}

    def is_name(self, text: str) -> bool:
        """Whether a text is a name of the site, or one with a word or two more ("Sport - The Tarn Post")."""
        closed = _closed(text)
        if closed in self.names:
            return True
        if len(text.split()) > 5:
            return False
        return any(len(name) > 3 and (name in closed or (len(closed) > 3 and closed in name)) for name in self.names)


def _edges(title: str) -> list[re.Match[str]]:
    """What may divide a title, whose blanks are single, from the name of the site."""
    divider = _DIVIDER.search(title)
    # None begins before the blank in front of the first of its characters.
    return list(_EDGE.finditer(title, max(0, divider.start() - 1))) if divider else []


def without_site(title: str, site: Site) -> str:
    """A title less the site's name at its end, or at its start; nothing where it is only that name."""
    if _closed(title) in site.names:
        return ""
    for _ in range(3):
        edges = _edges(title)
        if not edges:
            break
        first, last = edges[0], edges[-1]
        before, behind = title[: last.start()].strip(), title[last.end() :]
        if site.is_name(behind) and 2 * len(before.split()) > len(behind.split()):
            title = before
        elif _closed(title[: first.start()]) in site.names:
            title = title[first.end() :].strip()
        else:
            break
    return title if _closed(title) not in site.names else ""


def line_of_title(page: Hints, text: str) -> str:
    """The longest of the first lines of a page that stands whole in its title, or nothing: old pages print their
    headline in no heading, and put the name of the site before it in their title, which no place but that names."""
    titles = [" ".join(title[:_LONGEST].split()) for title in islice(strings(page.all.get("title")), 1)]
    lines = text[:_HEAD_OF_PAGE].split("\n") if titles else []
    found = (line for line in lines if line.count(" ") >= _LEAST_SPACES and line in titles[0])
    return max(found, key=len, default="")


def _overlap(first: str, second: str) -> float:
    """Share of the words of the shorter key of a title that stand in the other, 0 where that is a single word."""
    one, other = set(first.split()), set(second.split())
    fewer = min(len(one), len(other))
    if fewer < 2:
        return float(first == second)
    return len(one & other) / fewer


def _best_heading(headings: Sequence[str], titles: Iterable[str], site: Site) -> str | None:
    """The heading, or the line of one, that says most of what the titles say."""
    best, most = None, 0.0
    keys = {key_of(title) for title in titles}
    for heading in headings[:20]:
        lines = [" ".join(line.split()) for line in heading[:_LONGEST].split("\n") if line.strip()]
        for line in [" ".join(lines), *(lines if len(lines) > 1 else [])]:
            key = key_of(line)
            if not key or _closed(line) in site.names:
                continue
            exact = key in keys
            shared = 1.0 if exact else max((_overlap(key, each) for each in keys), default=0.0)
            if shared >= _LEAST_OVERLAP and shared + exact > most:
                best, most = line, shared + exact
    return best


def _whole(title: str, witnesses: Sequence[str]) -> str:
    """The heading or other title that this one repeats with a section or site behind it, else the title."""
    for witness in witnesses:
        rest = title.removeprefix(witness)
        if rest != title and len(witness) > 10 and _BEHIND.match(rest):
            return witness
    return title


def _witnesses(page: Hints, headings: Sequence[str], site: Site) -> list[tuple[str, str]]:
    """Titles with the place where each stands, the name of the site taken off, the best places first."""
    own = list(strings(page.all.get("title")))[:1]
    json_ld = [text for each in page.articles[:1] for text in strings(each.get("headline") or each.get("name"))][:1]
    found = [("json_ld", text) for text in json_ld]
    found += [(name, text) for name in _WEIGHTS if name in page.named for text in islice(page.values(name), 1)]
    found += [("<title>", text) for text in own]
    # Most places say the same.
    titles = {text: without_site(" ".join(text[:_LONGEST].split()), site) for text in {text: None for _, text in found}}
    found = [(name, titles[text]) for name, text in found]
    heading = _best_heading(headings, titles.values(), site)
    known = [title for title in (heading, *(title for name, title in found if name == "json_ld")) if title]
    found = [(name, _whole(title, known)) for name, title in found]
    return [("heading", heading), *found] if heading else found


def _without_colons(title: str) -> str:
    return title.replace(" ", "").replace(":", "")


def _ends(text: str, mark: str) -> Iterator[int]:
    """Where each of the marks in a text ends."""
    place = text.find(mark)
    while place >= 0:
        yield place + len(mark)
        place = text.find(mark, place + len(mark))


def _has_kicker(title: str, shared: str) -> bool:
    """Whether a title is a kicker and then the title that the page gives itself for others to share.

    Pages print a kicker above the headline, and write both as one in other places: "Ports: Old pier closes".
    """
    marks = [mark for mark in _BEHIND_KICKER if mark in title]
    own = _closed(shared) if marks else ""
    return any(_closed(title[place:]) == own for mark in marks for place in _ends(title, mark))


def stated_headline(page: Hints, headings: Sequence[str], site: Site) -> str | None:
    """The headline: a record's own, else the title with most witnesses among heading, JSON-LD, meta and `<title>`."""
    for title in strings(page.record.get("headline")):
        if found := without_site(title[:_LONGEST], site):
            return found
    votes: dict[str, float] = {}
    forms: dict[str, dict[str, float]] = {}
    witnesses = _witnesses(page, headings, site)
    for name, title in witnesses:
        if key := key_of(title):
            votes[key] = votes.get(key, 0) + _WEIGHTS.get(name, 0)
            own = forms.setdefault(key, {})
            # Where layout parts a heading from the words above it, only titles write the colon between them.
            own[title] = own.get(title, 0) + (_FORM_OF_HEADING if name == "heading" else _WEIGHTS.get(name, 0))
    if not votes:
        return None
    best = forms[max(votes, key=lambda key: votes[key])]
    shared = next((title for name, title in witnesses if name == "og:title" and key_of(title)), None)
    if shared and all(_has_kicker(title, shared) for title in best):
        return shared
    first = _without_colons(next(iter(best)))
    return max((form for form in best if _without_colons(form) == first), key=lambda form: best[form])
