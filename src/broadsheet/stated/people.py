"""The authors out of what a page states."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from broadsheet.labelling.names import author_names
from broadsheet.stated.headlines import Site, key_of
from broadsheet.stated.linked_data import Hints, strings

_META = ("author", "article:author_name", "parsely-author", "sailthru.author", "dc.creator", "dcterms.creator",
         "byl", "dc.contributor", "article:author", "og:article:author", "og:author", "citation_author",
         "cxenseparse:author", "bt:author", "creator", "authors", "mediator_author")  # fmt: skip
_TERMS = ("author", "creator")
_ITEMS = ("author_name", "author", "creator", "rel_author")
_APART = re.compile(r"\s*(?:[,;/&、·•]|\band\b|\bund\b|\bet\b|\by\b|\bog\b|\boch\b|\n)\s*")
# What systems write where nobody is named.
_NOBODY = re.compile(
    r"://|@|[:=()<>]|^\W*$|^\d|^(?:admin\w*|webmaster|author|guest|unknown|anonymous|user|posted)$", re.I
)
_NO_PERSON = re.compile(
    r"\d|\.\w|\b(?:staff|editors?|editorial|redaktion|newsroom|team|desk|news|magazine|contributors?|correspondents?"
    r"|reporters?|agency|agencies|agentur|press|reuters|afp|dpa|sda|apa|ap|pti|ani|ians|guest|online|redacci[oó]n"
    r"|r[eé]daction|redazione|wire|services?|media|inc|ltd|llc|gmbh|university|institute|school|board|journal|post)\b",
    re.I,
)
_LEAD = re.compile(
    r"^(?:(?:written|posted|reported|story|text|words|view all posts|all posts|posts|articles?) )?"
    r"(?:by|von|par|por|di|av|af|door)\s*:?\s+",
    re.I,
)
_DEGREE = re.compile(r"[A-Z][A-Za-z.]{0,3}[A-Z]\.?")
_LONGEST, _MOST_SHOWN, _LONGEST_SHOWN = 60, 6, 120
_MOST_READ = 1_000


@lru_cache(_MOST_READ)
def _is_no_person(name: str) -> bool:
    return _NO_PERSON.search(name) is not None


# Who writes for a site does so often, and a page states it in several places.
@lru_cache(_MOST_READ)
def _names_of(text: str) -> tuple[str, ...]:
    """The names that a text which states authors holds, people or not."""
    if "://" in text:
        return ()
    text = _LEAD.sub("", text[:300].split("|")[0].strip())
    if len(text) > _LONGEST:
        return author_names("By " + text)
    names = []
    for place, piece in enumerate(_APART.split(text)):
        piece = piece.strip(" .,-–—")
        if piece and not _NOBODY.search(piece) and not (place and _DEGREE.fullmatch(piece)):
            known = () if _is_no_person(piece) else author_names("By " + piece)
            names.append(known[0] if len(known) == 1 else piece)
    return tuple(names)


def _is_person(name: str, site: Site) -> bool:
    return not _is_no_person(name) and not site.is_name(name)


def _shown_names(shown: Iterable[str]) -> Iterator[str]:
    """Names in what the page marks as its author's: there stands more than names."""
    for text in list(shown)[:_MOST_SHOWN]:
        if len(text) <= _LONGEST_SHOWN:
            for line in text.split("\n"):
                yield from author_names(line if _LEAD.match(line) else "By " + line)


def stated_authors(page: Hints, shown: Iterable[str], site: Site) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names of the authors from the first place that states a person, and from the first that states anyone.

    Places are record, JSON-LD, meta, microdata, and what the page shows under the name of author.
    """
    places: list[Iterable[str]] = [strings(page.record.get("authors"))]
    places += [page.names(each[term]) for each in page.articles for term in _TERMS if term in each]
    places += [strings(page.meta[name]) for name in _META if name in page.meta]
    places += [strings(page.items[name]) for name in _ITEMS if name in page.items]
    anyone: list[str] = []
    for place in (*places, _shown_names(shown)):
        names: dict[str, str] = {}
        for text in place:
            for name in _names_of(text):
                names.setdefault(key_of(name), name)
        found = list(names.values())
        if any(_is_person(name, site) for name in found):
            return tuple(found), tuple(found)
        anyone = anyone or found
    return (), tuple(anyone)
