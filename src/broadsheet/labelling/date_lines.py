"""Dates of the article in the head of a page and at its end."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from broadsheet.dates import DateFound, date_share, find_dates
from broadsheet.dates.lexicon import lexicon
from broadsheet.labelling.bylines import FIELD_EDGES, SHORT_DATE_LINE, UNNAMED, has_lead_of_byline, name_byline
from broadsheet.labelling.head_places import (
    AFTER_ARTICLE,
    LINES_ABOVE,
    LINES_AFTER,
    LINES_INTO,
    SHORTEST_SENTENCE,
    prose_start,
)
from broadsheet.labelling.headlines import WINDOW
from broadsheet.labelling.names import is_name_line
from broadsheet.labelling.phrases import REMEMBERED
from broadsheet.labelling.state import PageState

# A time of day or a word for publishing lets a date stand farther off.
_LINES_ABOVE_WITH_CLOCK, _LINES_AFTER_WITH_LEAD = 6, 16
_LINES_WITHOUT_HEADLINE = 12
_LONGEST_DATE_LINE = 200
# Words of names, a place and a desk that stand before a date.
_LONGEST_BEFORE_DATE = 6
_ENDS = ".!?…。！？"
_STROKE = re.compile("[|\u3000]")
# Posts quoted in a page are signed: "— Ada Quill (@adaquill) May 3, 2021".
_DASHES = "—–-"
_SIGNED_POST = re.compile(rf"[{_DASHES}].*\(@\w+\)")
# A word before a date, perhaps glued to the name before it: "Ada QuillPublished: 3 May 2021".
_WORD_BEFORE_DATE = re.compile(r"((?:[A-Z]|\b[a-z])[a-z]+)\s*:?\s*$")
_NOT_OF_HEAD = frozenset(("related", "comments", "widget", "promo", "legal", "advertisement", "tags"))
# "Until 3 May", "Release date: 3 May": of what the page tells, not of the page.
_ROLES_OF_OTHERS = ("until", "event")
_NO_DATE = frozenset(("related", "comments", "headline", "description", "legal", "widget", "promo"))


@dataclass(frozen=True)
class DatedLine:
    """A line with the dates found in it."""

    line: str
    dates: list[DateFound]

    @cached_property
    def share(self) -> float:
        """The share of the line that its dates make up, asked of few."""
        return date_share(self.line, self.dates)

    @property
    def is_date(self) -> bool:
        """Whether the line is little but a date, or says what happened on it."""
        return self.dates[0].role is not None or self.share >= 0.5


Dated = dict[int, DatedLine]


def dates_around(page: PageState, main: int, last: int) -> Dated:
    """Dates of the lines around the main run, which begins at `main`, and behind the body, which ends at `last`, that
    are short enough to be the article's date."""
    windows = (range(max(0, main - WINDOW), main + LINES_INTO), _lines_after(page, main, last))
    # Most lines hold neither a number as of a date nor a word for a day, and are not worth remembering.
    likely = page.glance.places.date
    found = {index: _dates_of(page.lines[index]) for window in windows for index in likely if index in window}
    return {index: dated for index, dated in found.items() if dated is not None}


def _dates_of(line: str) -> DatedLine | None:
    """A line with its dates, unless it has none or is too long to be a date."""
    return _dates_of_short(line) if len(line) <= _LONGEST_DATE_LINE else None


@lru_cache(REMEMBERED)
def _dates_of_short(line: str) -> DatedLine | None:
    if line[0] in _DASHES and _SIGNED_POST.match(line):
        return None
    found = [date for date in find_dates(line) if date.role not in _ROLES_OF_OTHERS]
    return DatedLine(line, found) if found else None


def prints_whole_date(page: PageState, index: int) -> bool:
    """Whether a line is short and no sentence, and holds a date with day and year."""
    dated = _dates_of(page.lines[index])
    return dated is not None and holds_whole_date(page, index, dated)


def holds_whole_date(page: PageState, index: int, dated: DatedLine) -> bool:
    """Whether a short line that is no sentence holds a date with day and year."""
    date, words = dated.dates[0], page.words[index]
    is_sentence = words >= SHORTEST_SENTENCE and page.lines[index][-1] in _ENDS
    return date.year is not None and date.day is not None and words < SHORT_DATE_LINE and not is_sentence


def _is_row_of_facts(page: PageState, index: int, dated: DatedLine) -> bool:
    """Whether a line holds a whole date, and is no caption, which ends in a day too, and says more before it."""
    date = dated.dates[0]
    is_caption = date.hour is None and len(page.lines[index][: date.start].split()) > _LONGEST_BEFORE_DATE
    return holds_whole_date(page, index, dated) and not is_caption


def without_dates(line: str, dates: Sequence[DateFound]) -> list[str]:
    """The fields of a line of names and dates: what stands between its dates and strokes, trimmed, none empty.

    Words such as "Published" go with the date that they stand before.
    """
    for date in sorted(dates, key=lambda date: -date.start):
        word = _WORD_BEFORE_DATE.search(line[: date.start])
        start = word.start() if word and word[1].lower() in lexicon().leads else date.start
        line = f"{line[:start]}|{line[date.end :]}"
    return [field for piece in _STROKE.split(line) if (field := piece.strip(FIELD_EDGES))]


def _first_print(page: PageState, headline: int) -> int:
    """Index of the line close above the headline that is the same, else the headline's own."""
    text = page.lines[headline].casefold()
    above = range(max(0, headline - LINES_ABOVE), headline)
    return next((index for index in above if page.lines[index].casefold() == text), headline)


def _date_windows(page: PageState, main: int, last: int, headline: int | None) -> tuple[range, range, range]:
    """Indices of lines above the headline, from there to the body, and after the body.

    A headline that is printed twice counts where it stands first.
    """
    prose = prose_start(page, main, headline)
    title = None if headline is None else _first_print(page, headline)
    top = max(0, prose - _LINES_WITHOUT_HEADLINE) if title is None else title + 1
    above = range(0) if title is None else range(max(0, title - _LINES_ABOVE_WITH_CLOCK), title)
    into = range(prose, min(prose + LINES_INTO, page.count))
    past = next((index for index in into if page.labels[index] in AFTER_ARTICLE), into.stop)
    return above, range(top, past), _lines_after(page, main, last)


def _lines_after(page: PageState, main: int, last: int) -> range:
    """Indices of lines after the body in which a date can be the article's: far below it none behind another part."""
    near, far = (min(last + 1 + lines, page.count) for lines in (LINES_AFTER, _LINES_AFTER_WITH_LEAD))
    # Where the main run begins below the body, its head stands among these lines.
    below = range(last + 1, far if main <= last else 0)
    opened = next((index for index in below if page.labels[index] in AFTER_ARTICLE), far)
    return range(last + 1, max(near, min(opened + 1, far)))


def _is_in_prose(page: PageState, index: int, dated: DatedLine) -> bool:
    """Whether the line surely is a sentence of the body that tells of some day."""
    return page.body[index] and page.scores[index] > 0.8 and dated.share < 0.8


def _is_likely_after(page: PageState, index: int, last: int, found: DatedLine, named: bool) -> bool:
    """Whether a date after the body is the article's: by its lead word, or it stands there before all else."""
    if found.dates[0].role is not None and index <= last + LINES_AFTER:
        return True
    if index > last + LINES_AFTER and found.dates[0].role != "published":
        return False
    if any(page.labels[other] in AFTER_ARTICLE for other in range(last + 1, index)):
        return False
    return named or found.dates[0].role is not None or (found.share >= 0.8 and index <= last + LINES_ABOVE)


def _is_apart(page: PageState, index: int, headline: int, found: DatedLine) -> bool:
    """Whether a bare day above the headline belongs to what stands above: something else stands between them."""
    date = found.dates[0]
    if date.role is not None or date.hour is not None:
        return False
    return any(label in _NOT_OF_HEAD for label in page.labels[index + 1 : headline])


def _label_date(page: PageState, index: int, found: DatedLine) -> None:
    page.labels[index] = None
    modified = all(date.role == "modified" for date in found.dates)
    method = "date_line" if found.dates[0].role is None else "date_lead"
    page.give(index, "date_modified" if modified else "date_published", method)


def label_dates(page: PageState, main: int, last: int, headline: int | None, dated: Dated) -> None:
    """Dates of lines that stand around headline and body, and labels for lines that are little else."""
    above, head, after = _date_windows(page, main, last, headline)
    for index in (*above, *head, *after):
        found = dated.get(index)
        if found is None or page.labels[index] in _NO_DATE or _is_in_prose(page, index, found):
            continue
        fields = without_dates(page.lines[index], found.dates) if page.labels[index] in UNNAMED else []
        named = any(has_lead_of_byline(page, index, field) for field in fields)
        if index in after:
            likely = _is_likely_after(page, index, last, found, named)
        elif index in above and index < above.stop - LINES_ABOVE:
            likely = found.share >= 0.8 and found.dates[0].hour is not None
        else:
            likely = found.is_date or (index in head and (named or _is_row_of_facts(page, index, found)))
            likely = likely and not (index in above and _is_apart(page, index, above.stop, found))
        if not likely:
            continue
        page.dates[index] = found.dates
        if named or (index in head and any(map(is_name_line, fields))):
            name_byline(page, index, "byline_lead" if named else "name_and_date")
        elif page.labels[index] in (None, "navigation", "author_bio"):
            _label_date(page, index, found)
