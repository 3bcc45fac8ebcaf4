"""The head of a page: headline, description, kicker, byline and dates around the body."""

from collections.abc import Sequence
from itertools import islice

import numpy as np

from broadsheet.labelling.bylines import label_bylines
from broadsheet.labelling.date_lines import Dated, dates_around, holds_whole_date, label_dates, prints_whole_date
from broadsheet.labelling.head_places import BULLETS
from broadsheet.labelling.headlines import HeadView
from broadsheet.labelling.headlines_at_once import choose_headlines, main_starts
from broadsheet.labelling.state import PageState

_SHORTEST_DECK, _LONGEST_DECK, _LINES_OF_DECK = 5, 70, 4
_LANDMARKS = frozenset(("date_published", "date_modified", "byline", "read_time"))


def _is_deck(page: PageState, index: int) -> bool:
    """Whether a line has the size of a deck, is no note in brackets ("(Adds comments)") and holds no whole date."""
    line = page.lines[index]
    if prints_whole_date(page, index):
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
    if page.words[index] <= 4 and len(line) < 40 and line[0] not in BULLETS and above[0] not in BULLETS:
        page.labels[index] = None
        page.give(index, "kicker", "above_headline")


def _main_start(page: PageState) -> int:
    """Index of the line with which the main run of body begins, worked out where it was not among other pages."""
    if page.page.main is not None:
        return page.page.main
    (main,) = main_starts([page.page.scores], [np.fromiter(map(len, page.lines), np.int32, page.count)])
    return main


def _view_of(page: PageState, main: int, dated: Dated) -> HeadView:
    """The head of a page, in which lines that are little but a date are landmarks."""
    landmarks = {index for index, found in dated.items() if holds_whole_date(page, index, found) or found.is_date}
    return HeadView(page, main, landmarks)


def _label_around(page: PageState, span: tuple[int, int], main: int, headline: int | None, dated: Dated) -> None:
    """Label headline, byline, dates, description and kicker; `span` are the body's first and last line."""
    first, last = span
    if headline is not None:
        page.labels[headline] = None
        page.body[headline] = False
        page.give(headline, "headline", "headline_weight")
    label_dates(page, main, last, headline, dated)
    label_bylines(page, main, last, headline)
    _description(page, headline, first)
    _kicker(page, headline)


def label_heads(pages: Sequence[PageState], spans: Sequence[tuple[int, int]]) -> None:
    """Label the heads of pages; `spans` are the first and the last line of each body."""
    mains = [*map(_main_start, pages)]
    dated = [dates_around(page, main, last) for page, main, (_, last) in zip(pages, mains, spans, strict=True)]
    views = [_view_of(*of_page) for of_page in zip(pages, mains, dated, strict=True)]
    for of_page in zip(pages, spans, mains, choose_headlines(views), dated, strict=True):
        _label_around(*of_page)
