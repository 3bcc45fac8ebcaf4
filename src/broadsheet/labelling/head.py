"""The head of a page: headline, description, kicker, byline and dates around the body."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate, islice, pairwise, takewhile

import numpy as np

from broadsheet.dates import DateFound, date_share, find_dates
from broadsheet.dates.lexicon import lexicon
from broadsheet.labelling.headlines import WINDOW, HeadView, choose_headlines, main_starts
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
from broadsheet.labelling.phrases import REMEMBERED
from broadsheet.labelling.state import PageState, places_of

# Lines above the headline, and from the start of the body's main run and from its end, in which a date can be
# the article's: what stands far above is the day on which the page was printed, or a teaser's.
# A time of day or a word for publishing lets a date stand farther off.
_LINES_ABOVE, _LINES_INTO, _LINES_AFTER = 3, 8, 10
_LINES_ABOVE_WITH_CLOCK, _LINES_AFTER_WITH_LEAD = 6, 16
_LINES_WITHOUT_HEADLINE = 12
_LONGEST_DATE_LINE, _SHORT_DATE_LINE = 200, 16
# Words of names, a place and a desk that stand before a date.
_LONGEST_BEFORE_DATE = 6
_SHORTEST_SENTENCE, _SURE = 8, 0.6
_BULLETS = "•●▪‣◦·*–—-"
_ENDS = ".!?…。！？"
# Words of a line that opens with "By"; the labels of lines that can be bylines all the same.
_LONGEST_BYLINE = 14
_UNNAMED = (None, "navigation", "author_bio", "caption")
_LINES_TO_BIOGRAPHY = 6
_LINES_OF_BYLINE, _LINES_BETWEEN_BYLINES, _LINES_UNDER_HEADLINE = 4, 3, 3
_STROKE = re.compile("[|\u3000]")
# A colleague's letters: "(nk)".
_INITIALS = re.compile(r"\([a-zäöü]{2,4}(?:/[a-zäöü]{2,4})?\)")
# Posts quoted in a page are signed: "— Ada Quill (@adaquill) May 3, 2021".
_DASHES = "—–-"
_SIGNED_POST = re.compile(rf"[{_DASHES}].*\(@\w+\)")
# A word before a date, perhaps glued to the name before it: "Ada QuillPublished: 3 May 2021".
_WORD_BEFORE_DATE = re.compile(r"((?:[A-Z]|\b[a-z])[a-z]+)\s*:?\s*$")
_LONGEST_SIGNATURE = 40
# A name may be read without what stood inside it: a title in scripts without spaces, the number of a footnote.
_JOINED_NAME = re.compile(r"[^ -/:-~]")
_FIELD_EDGES = " \t\u00a0,-–—•·/|"
_AFTER_ARTICLE = frozenset(("related", "comments", "legal", "tags"))
_NOT_OF_HEAD = frozenset(("related", "comments", "widget", "promo", "legal", "advertisement", "tags"))
_SHORTEST_DECK, _LONGEST_DECK, _LINES_OF_DECK = 5, 70, 4
_LANDMARKS = frozenset(("date_published", "date_modified", "byline", "read_time"))
# "Until 3 May", "Release date: 3 May": of what the page tells, not of the page.
_ROLES_OF_OTHERS = ("until", "event")
_NO_DATE = frozenset(("related", "comments", "headline", "description", "legal", "widget", "promo"))


@dataclass(frozen=True)
class _DatedLine:
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


_Dated = dict[int, _DatedLine]


def _find_dates(page: PageState, windows: Sequence[range]) -> _Dated:
    """Dates of the lines of windows that are short enough to be the article's date."""
    # Most lines hold neither a number as of a date nor a word for a day, and are not worth remembering.
    likely = page.glance.places.date
    dated, lines = {}, page.lines
    for index in [index for window in windows for index in likely if index in window]:
        if len(lines[index]) <= _LONGEST_DATE_LINE and (found := _dates_of(lines[index])):
            dated[index] = found
    return dated


@lru_cache(REMEMBERED)
def _dates_of(line: str) -> _DatedLine | None:
    if line[0] in _DASHES and _SIGNED_POST.match(line):
        return None
    found = [date for date in find_dates(line) if date.role not in _ROLES_OF_OTHERS]
    return _DatedLine(line, found) if found else None


def _holds_whole_date(page: PageState, index: int, dated: _DatedLine) -> bool:
    """Whether a short line that is no sentence holds a date with day and year."""
    date, words = dated.dates[0], page.words[index]
    is_sentence = words >= _SHORTEST_SENTENCE and page.lines[index][-1] in _ENDS
    return date.year is not None and date.day is not None and words < _SHORT_DATE_LINE and not is_sentence


def _is_row_of_facts(page: PageState, index: int, dated: _DatedLine) -> bool:
    """Whether a line holds a whole date, and is no caption, which ends in a day too, and says more before it."""
    date = dated.dates[0]
    is_caption = date.hour is None and len(page.lines[index][: date.start].split()) > _LONGEST_BEFORE_DATE
    return _holds_whole_date(page, index, dated) and not is_caption


def without_dates(line: str, dates: Sequence[DateFound]) -> list[str]:
    """The fields of a line of names and dates: what stands between its dates and strokes, trimmed, none empty.

    Words such as "Published" go with the date that they stand before.
    """
    for date in sorted(dates, key=lambda date: -date.start):
        word = _WORD_BEFORE_DATE.search(line[: date.start])
        start = word.start() if word and word[1].lower() in lexicon().leads else date.start
        line = f"{line[:start]}|{line[date.end :]}"
    return [field for piece in _STROKE.split(line) if (field := piece.strip(_FIELD_EDGES))]


def _has_lead_of_byline(page: PageState, index: int, line: str) -> bool:
    return is_byline(line) and not (page.body[index] and page.words[index] > _LONGEST_BYLINE)


def _prose_start(page: PageState, main: int, headline: int | None) -> int:
    """Index of the first line under the headline that surely is body, at most that of the main run."""
    for index in range(0 if headline is None else headline + 1, main):
        if page.body[index] and page.words[index] >= _SHORTEST_SENTENCE and page.scores[index] >= _SURE:
            return index
    return main


def _first_print(page: PageState, headline: int) -> int:
    """Index of the line close above the headline that is the same, else the headline's own."""
    text = page.lines[headline].casefold()
    above = range(max(0, headline - _LINES_ABOVE), headline)
    return next((index for index in above if page.lines[index].casefold() == text), headline)


def _date_windows(page: PageState, main: int, last: int, headline: int | None) -> tuple[range, range, range]:
    """Indices of lines above the headline, from there to the body, and after the body.

    A headline that is printed twice counts where it stands first.
    """
    prose = _prose_start(page, main, headline)
    title = None if headline is None else _first_print(page, headline)
    top = max(0, prose - _LINES_WITHOUT_HEADLINE) if title is None else title + 1
    above = range(0) if title is None else range(max(0, title - _LINES_ABOVE_WITH_CLOCK), title)
    into = range(prose, min(prose + _LINES_INTO, page.count))
    past = next((index for index in into if page.labels[index] in _AFTER_ARTICLE), into.stop)
    return above, range(top, past), _lines_after(page, main, last)


def _lines_after(page: PageState, main: int, last: int) -> range:
    """Indices of lines after the body in which a date can be the article's: far below it none behind another part."""
    near, far = (min(last + 1 + lines, page.count) for lines in (_LINES_AFTER, _LINES_AFTER_WITH_LEAD))
    # Where the main run begins below the body, its head stands among these lines.
    below = range(last + 1, far if main <= last else 0)
    opened = next((index for index in below if page.labels[index] in _AFTER_ARTICLE), far)
    return range(last + 1, max(near, min(opened + 1, far)))


def _is_in_prose(page: PageState, index: int, dated: _DatedLine) -> bool:
    """Whether the line surely is a sentence of the body that tells of some day."""
    return page.body[index] and page.scores[index] > 0.8 and dated.share < 0.8


def _is_likely_after(page: PageState, index: int, last: int, found: _DatedLine, named: bool) -> bool:
    """Whether a date after the body is the article's: by its lead word, or it stands there before all else."""
    if found.dates[0].role is not None and index <= last + _LINES_AFTER:
        return True
    if index > last + _LINES_AFTER and found.dates[0].role != "published":
        return False
    if any(page.labels[other] in _AFTER_ARTICLE for other in range(last + 1, index)):
        return False
    return named or found.dates[0].role is not None or (found.share >= 0.8 and index <= last + _LINES_ABOVE)


def _is_apart(page: PageState, index: int, headline: int, found: _DatedLine) -> bool:
    """Whether a bare day above the headline belongs to what stands above: something else stands between them."""
    date = found.dates[0]
    if date.role is not None or date.hour is not None:
        return False
    return any(label in _NOT_OF_HEAD for label in page.labels[index + 1 : headline])


def _label_date(page: PageState, index: int, found: _DatedLine) -> None:
    page.labels[index] = None
    modified = all(date.role == "modified" for date in found.dates)
    method = "date_line" if found.dates[0].role is None else "date_lead"
    page.give(index, "date_modified" if modified else "date_published", method)


def _date_lines(page: PageState, main: int, last: int, headline: int | None, dated: _Dated) -> None:
    """Dates of lines that stand around headline and body, and labels for lines that are little else."""
    above, head, after = _date_windows(page, main, last, headline)
    for index in (*above, *head, *after):
        found = dated.get(index)
        if found is None or page.labels[index] in _NO_DATE or _is_in_prose(page, index, found):
            continue
        fields = without_dates(page.lines[index], found.dates) if page.labels[index] in _UNNAMED else []
        named = any(_has_lead_of_byline(page, index, field) for field in fields)
        if index in after:
            likely = _is_likely_after(page, index, last, found, named)
        elif index in above and index < above.stop - _LINES_ABOVE:
            likely = found.share >= 0.8 and found.dates[0].hour is not None
        else:
            likely = found.is_date or (index in head and (named or _is_row_of_facts(page, index, found)))
            likely = likely and not (index in above and _is_apart(page, index, above.stop, found))
        if not likely:
            continue
        page.dates[index] = found.dates
        if named or (index in head and any(map(is_name_line, fields))):
            _name_byline(page, index, "byline_lead" if named else "name_and_date")
        elif page.labels[index] in (None, "navigation", "author_bio"):
            _label_date(page, index, found)


def _name_byline(page: PageState, index: int, method: str) -> None:
    page.labels[index] = None
    page.give(index, "byline", method)


def _names_below(page: PageState, index: int) -> None:
    """Bylines that stand on the lines below a lone "By", the names perhaps each on its own."""
    found = False
    for below in range(index + 1, min(index + 1 + 2 * _LINES_OF_BYLINE, page.count)):
        line = page.lines[below].strip(_FIELD_EDGES)
        names = found or (page.words[below] < _SHORT_DATE_LINE and not line.endswith(".") and author_names(line))
        if found and has_title(line) and not has_title(page.lines[below - 1]):
            continue
        if page.labels[below] in _UNNAMED and line and (is_name_line(line) if found else names):
            _name_byline(page, below, "below_byline_lead")
            found = True
        elif len(line) > 3:
            break
    if found:
        _name_byline(page, index, "byline_lead_alone")


def _is_sure(page: PageState, index: int) -> bool:
    return page.body[index] and page.words[index] >= _SHORTEST_SENTENCE


def _opening_bylines(page: PageState, window: Sequence[int]) -> None:
    """Lines that open with "By": the first, and others close to it, farther ones are those of teasers."""
    last = next((index for index in window if page.labels[index] == "byline"), None)
    for index in window:
        if last is not None and index > last + _LINES_BETWEEN_BYLINES:
            break
        if index in page.leads and page.labels[index] in _UNNAMED:
            if is_lead_alone(page.lines[index]):
                _names_below(page, index)
            elif _has_lead_of_byline(page, index, page.lines[index]):
                _name_byline(page, index, "byline_lead")
        if page.labels[index] == "byline":
            last = index


def _bylines(page: PageState, main: int, last: int, headline: int | None) -> None:
    """Lines that open with "By" in the head of the page, else a line of names there, else "By" after the body."""
    prose = _prose_start(page, main, headline)
    top = max(0, (prose if headline is None else min(headline, prose)) - _LINES_ABOVE)
    below = top if headline is None else headline + 1
    past = min(prose + _LINES_INTO, page.count)
    _opening_bylines(page, range(below, past))
    if "byline" not in page.labels[:prose]:
        # A name beside the date under the headline comes before "By" inside the body.
        _bare_names(page, range(below, prose), headline, only_dated=True)
    _drop_far_bylines(page)
    if "byline" not in page.labels:
        _bare_names(page, range(below, past), headline)
    after = range(last + 1, min(last + 1 + _LINES_AFTER, page.count))
    until = next((index for index in after if page.labels[index] in _AFTER_ARTICLE), after.stop)
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
    if page.labels[index] is not None or len(line) > _LONGEST_SIGNATURE or line[0] in _BULLETS:
        return
    name = person_name(line)
    if name is None or has_title(line) or page.methods[index] == "survey_furniture":
        return
    surname = name.split()[-1]
    if not any(surname in other for other in page.lines[:index]):
        _name_byline(page, index, "signature")


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
            _name_byline(page, index, "name_with_biography")
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
    sentences = [index for index in opening if page.words[index] >= _SHORTEST_SENTENCE]
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
            line[0] in _BULLETS and (not _is_dated(page, index + 1) or page.lines[index - 1][0] in _BULLETS)
        )
        next_to_date = _is_dated(page, index - 1) or _is_dated_below(page, index)
        beside = next_to_date or _is_dated(page, index - 2) or _is_dated(page, index + 2)
        if not (next_to_date if only_dated else beside or index < past_close):
            continue
        named = (without_place(line) if next_to_date else line).strip(_FIELD_EDGES)
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
        _name_byline(page, first, method)
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
        _name_byline(page, below, method)


def _is_deck(page: PageState, index: int) -> bool:
    """Whether a line has the size of a deck, is no note in brackets ("(Adds comments)") and holds no whole date."""
    line = page.lines[index]
    dated = _dates_of(line) if len(line) <= _LONGEST_DATE_LINE else None
    if dated is not None and _holds_whole_date(page, index, dated):
        return False
    return page.words[index] >= _SHORTEST_DECK and len(line) >= 25 and not (line[0] in "([" and line[-1] in ")]")


def _description(page: PageState, headline: int | None, first: int) -> None:
    """The deck: prose under the headline and above the lines that separate it from the body."""
    if headline is None:
        return
    passed = ("share", "advertisement", "navigation")
    lines = (index for index in range(headline + 1, page.count) if page.labels[index] not in passed)
    below = [*islice(lines, _LINES_OF_DECK + 3)]
    for place, index in enumerate(below[:_LINES_OF_DECK]):
        if page.labels[index] is None and page.lines[index].casefold() == page.lines[headline].casefold():
            page.give(index, "headline", "repeats_headline")
        elif page.labels[index] is None and not page.body[index] and index < first and _is_deck(page, index):
            page.give(index, "description", "under_headline")
            return
        elif page.body[index]:
            separated = any(page.labels[other] in _LANDMARKS for other in below[place + 1 : place + 3])
            if separated and page.words[index] < _LONGEST_DECK:
                page.give(index, "description", "above_byline_or_date")
            return


def _kicker(page: PageState, headline: int | None) -> None:
    """A word or two right above the headline: the section or the theme."""
    index = -1 if headline is None else headline - 1
    if index < 0 or page.labels[index] not in (None, "navigation") or page.methods[index] == "survey_furniture":
        return
    line, above = page.lines[index], page.lines[max(0, index - 1)]
    if page.words[index] <= 4 and len(line) < 40 and line[0] not in _BULLETS and above[0] not in _BULLETS:
        page.labels[index] = None
        page.give(index, "kicker", "above_headline")


def _main_start(page: PageState) -> int:
    """Index of the line with which the main run of body begins, worked out where it was not among other pages."""
    if page.page.main is not None:
        return page.page.main
    (main,) = main_starts([page.page.scores], [np.fromiter(map(len, page.lines), np.int32, page.count)])
    return main


def _view_of(page: PageState, main: int, dated: _Dated) -> HeadView:
    """The head of a page, in which lines that are little but a date are landmarks."""
    landmarks = {index for index, found in dated.items() if _holds_whole_date(page, index, found) or found.is_date}
    return HeadView(page, main, landmarks)


def _label_around(page: PageState, span: tuple[int, int], main: int, headline: int | None, dated: _Dated) -> None:
    """Label headline, byline, dates, description and kicker; `span` are the body's first and last line."""
    first, last = span
    if headline is not None:
        page.labels[headline] = None
        page.body[headline] = False
        page.give(headline, "headline", "headline_weight")
    _date_lines(page, main, last, headline, dated)
    _bylines(page, main, last, headline)
    _description(page, headline, first)
    _kicker(page, headline)


def label_heads(pages: Sequence[PageState], spans: Sequence[tuple[int, int]]) -> None:
    """Label the heads of pages; `spans` are the first and the last line of each body."""
    mains, dated = [*map(_main_start, pages)], []
    for page, (_, last), main in zip(pages, spans, mains, strict=True):
        around = range(max(0, main - WINDOW), main + _LINES_INTO)
        dated.append(_find_dates(page, (around, _lines_after(page, main, last))))
    views = [_view_of(*of_page) for of_page in zip(pages, mains, dated, strict=True)]
    for of_page in zip(pages, spans, mains, choose_headlines(views), dated, strict=True):
        _label_around(*of_page)
