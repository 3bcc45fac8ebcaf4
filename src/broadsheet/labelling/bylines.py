"""Bylines in the head of a page and at its end."""

import re
from collections.abc import Sequence
from itertools import accumulate, pairwise, takewhile

from broadsheet.labelling.head_places import (
    AFTER_ARTICLE,
    BULLETS,
    LINES_ABOVE,
    LINES_AFTER,
    LINES_INTO,
    SHORTEST_SENTENCE,
    prose_start,
)
from broadsheet.labelling.names import (
    author_names,
    byline_lead,
    has_title,
    is_byline,
    is_lead_alone,
    is_name_line,
    person_name,
    without_place,
)
from broadsheet.labelling.state import PageState, places_of

# Words of a line that opens with "By"; the labels of lines that can be bylines all the same.
_LONGEST_BYLINE = 14
UNNAMED = (None, "navigation", "author_bio", "caption")
# Words from which on a line is no date or name.
SHORT_DATE_LINE = 16
_LINES_TO_BIOGRAPHY = 6
_LINES_OF_BYLINE, _LINES_BETWEEN_BYLINES, _LINES_UNDER_HEADLINE = 4, 3, 3
# A colleague's letters: "(nk)".
_INITIALS = re.compile(r"\([a-zäöü]{2,4}(?:/[a-zäöü]{2,4})?\)")
_LONGEST_SIGNATURE = 40
# A name may be read without what stood inside it: a title in scripts without spaces, the number of a footnote.
_JOINED_NAME = re.compile(r"[^ -/:-~]")
FIELD_EDGES = " \t\u00a0,-–—•·/|"


def has_lead_of_byline(page: PageState, index: int, line: str) -> bool:
    return is_byline(line) and not (page.body[index] and page.words[index] > _LONGEST_BYLINE)


def name_byline(page: PageState, index: int, method: str) -> None:
    page.labels[index] = None
    page.give(index, "byline", method)


def _names_below(page: PageState, index: int) -> None:
    """Bylines that stand on the lines below a lone "By", the names perhaps each on its own."""
    found = False
    for below in range(index + 1, min(index + 1 + 2 * _LINES_OF_BYLINE, page.count)):
        line = page.lines[below].strip(FIELD_EDGES)
        names = found or (page.words[below] < SHORT_DATE_LINE and not line.endswith(".") and author_names(line))
        if found and has_title(line) and not has_title(page.lines[below - 1]):
            continue
        if page.labels[below] in UNNAMED and line and (is_name_line(line) if found else names):
            name_byline(page, below, "below_byline_lead")
            found = True
        elif len(line) > 3:
            break
    if found:
        name_byline(page, index, "byline_lead_alone")


def _is_sure(page: PageState, index: int) -> bool:
    return page.body[index] and page.words[index] >= SHORTEST_SENTENCE


def _opening_bylines(page: PageState, window: Sequence[int]) -> None:
    """Lines that open with "By": the first, and others close to it, farther ones are those of teasers."""
    last = next((index for index in window if page.labels[index] == "byline"), None)
    for index in window:
        if last is not None and index > last + _LINES_BETWEEN_BYLINES:
            break
        if index in page.leads and page.labels[index] in UNNAMED:
            if is_lead_alone(page.lines[index]):
                _names_below(page, index)
            elif has_lead_of_byline(page, index, page.lines[index]):
                name_byline(page, index, "byline_lead")
        if page.labels[index] == "byline":
            last = index


def label_bylines(page: PageState, main: int, last: int, headline: int | None) -> None:
    """Lines that open with "By" in the head of the page, else a line of names there, else "By" after the body."""
    prose = prose_start(page, main, headline)
    top = max(0, (prose if headline is None else min(headline, prose)) - LINES_ABOVE)
    below = top if headline is None else headline + 1
    past = min(prose + LINES_INTO, page.count)
    _opening_bylines(page, range(below, past))
    if "byline" not in page.labels[:prose]:
        # A name beside the date under the headline comes before "By" inside the body.
        _bare_names(page, range(below, prose), headline, only_dated=True)
    _drop_far_bylines(page)
    if "byline" not in page.labels:
        _bare_names(page, range(below, past), headline)
    after = range(last + 1, min(last + 1 + LINES_AFTER, page.count))
    until = next((index for index in after if page.labels[index] in AFTER_ARTICLE), after.stop)
    for window in (range(top, below), range(after.start, until)):
        if "byline" not in page.labels:
            _opening_bylines(page, window)
    if "byline" not in page.labels:
        _name_with_biography(page, range(last + 1, min(last + 1 + _LINES_TO_BIOGRAPHY, page.count - 1)))
    if "byline" not in page.labels and last + 1 < page.count:
        _signature(page, last + 1)


def _signature(page: PageState, index: int) -> None:
    """A line right under the body that is nothing but the name of somebody of whom the article does not tell."""
    line = page.lines[index].strip()
    if page.labels[index] is not None or len(line) > _LONGEST_SIGNATURE or line[0] in BULLETS:
        return
    name = person_name(line)
    if name is None or has_title(line) or page.methods[index] == "survey_furniture":
        return
    surname = name.split()[-1]
    if not any(surname in other for other in page.lines[:index]):
        name_byline(page, index, "signature")


def _name_with_biography(page: PageState, window: range) -> None:
    """A name after the body with which the next line begins: "Ada Quill", then "Ada is a reporter …"."""
    for index in window:
        line = page.lines[index]
        if page.labels[index] not in (None, "navigation", "author_bio"):
            continue
        below = [page.lines[other] for other in (index + 1, index + 2) if other < page.count and page.words[other] > 4]
        # Below most lines none begins with a word that stands in them.
        likely = any(other.partition(" ")[0] in line for other in below) or _JOINED_NAME.search(line) is not None
        if not below or not likely or not is_name_line(line):
            continue
        first = author_names(line)[0].split()[0]
        if any(other.startswith(f"{first} ") for other in below):
            name_byline(page, index, "name_with_biography")
            return


def _drop_far_bylines(page: PageState) -> None:
    """Takes label and dates from bylines with a date that stand far below the first: they are those of teasers."""
    named = places_of(page.labels, "byline")
    for before, index in pairwise(named):
        if index > before + _LINES_BETWEEN_BYLINES:
            for far in named[named.index(index) :]:
                page.labels[far], page.methods[far] = None, ""
                page.dates.pop(far, None)
            return


def _bare_names(page: PageState, head: range, headline: int | None, *, only_dated: bool = False) -> None:
    """A line that is only names, beside a date or close under the headline, of nobody that the article tells of.

    With `only_dated` it has to stand right above or below a date.
    """
    opening = [*head] if headline is None else [headline, *head]
    sentences = [index for index in opening if page.words[index] >= SHORTEST_SENTENCE]
    past_close = head.start if headline is None or only_dated else _past_close(page, head)
    near_dates = {place + step for place in _dated_around(page, head) for step in range(-2, 3)}
    for index in head:
        if index >= past_close and index not in near_dates:
            continue
        line = page.lines[index]
        if page.labels[index] not in (None, "navigation") or page.phrases[index] is not None or _is_sure(page, index):
            continue
        initials = _INITIALS.fullmatch(line) is not None and index + 1 in page.dates
        repeated = page.methods[index] == "survey_furniture" or (
            line[0] in BULLETS and (not _is_dated(page, index + 1) or page.lines[index - 1][0] in BULLETS)
        )
        next_to_date = _is_dated(page, index - 1) or _is_dated_below(page, index)
        beside = next_to_date or _is_dated(page, index - 2) or _is_dated(page, index + 2)
        if not (next_to_date if only_dated else beside or index < past_close):
            continue
        named = (without_place(line) if next_to_date else line).strip(FIELD_EDGES)
        if not initials and (repeated or not is_name_line(named) or _has_unnamed_byline(page, index, next_to_date)):
            continue
        # What is no body tells of its author too: a biography, a deck, a caption's credit.
        told = " ".join(
            page.lines[other] for other in sentences if other == headline or page.body[other] or not next_to_date
        )
        if any(name.split()[-1] in told for name in author_names(named)):
            continue
        method = "name_beside_date" if beside else "name_under_headline"
        first = index
        while only_dated and first - 1 in head and _is_free_name(page, first - 1):
            first -= 1
        name_byline(page, first, method)
        _names_that_follow(page, first, head, method)
        return


def _past_close(page: PageState, head: range) -> int:
    """Index past the lines below a headline, those of `head`, between which and it stand only few."""
    between = accumulate((page.labels[index] != "share" for index in head), initial=0)
    return head.start + sum(1 for _ in takewhile(lambda lines: lines <= _LINES_UNDER_HEADLINE, between))


def _dated_around(page: PageState, head: range) -> list[int]:
    """Indices of lines that are dates or read times, in `head` or so near that one beside it is."""
    return [index for index in range(head.start - 2, head.stop + 2) if _is_dated(page, index)]


def _is_free_name(page: PageState, index: int) -> bool:
    return page.labels[index] in (None, "navigation") and is_name_line(page.lines[index])


def _has_unnamed_byline(page: PageState, index: int, next_to_date: bool) -> bool:
    """Whether a short line below a name far from any date opens with "By", if only to name a desk: "By The Courier"."""
    below = range(index + 1, min(index + 1 + _LINES_UNDER_HEADLINE, page.count))
    return not next_to_date and any(page.words[other] <= 5 and byline_lead(page.lines[other]) for other in below)


def _is_dated(page: PageState, index: int) -> bool:
    return 0 <= index < page.count and page.labels[index] in ("date_published", "date_modified", "read_time")


def _is_dated_below(page: PageState, index: int) -> bool:
    """Whether a date stands right below a name, or below the name's title."""
    below, farther = _is_dated(page, index + 1), _is_dated(page, index + 2)
    if below == farther:
        return below
    return farther if index + 1 < page.count and has_title(page.lines[index + 1]) else below


def _names_that_follow(page: PageState, first: int, head: range, method: str) -> None:
    """The lines of names right below the one at `first`; a title below a name is that person's, and no name."""
    for below in range(first + 1, head.stop):
        line = page.lines[below]
        if not _is_free_name(page, below):
            return
        if has_title(line) and not has_title(page.lines[below - 1]):
            continue
        name_byline(page, below, method)
