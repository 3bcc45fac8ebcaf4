"""What each line of a page is: the body model's decision, then rules that give every line its label.

The page is read as a reader reads it: the body is found first; above it stand headline, description,
byline and dates; below it related links, comments and widgets, each opened by a head of its own.
Every rule names itself in `method`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from broadsheet.dates import DateFound, date_share, find_dates
from broadsheet.labelling.captions import read_caption
from broadsheet.labelling.headlines import choose_headline
from broadsheet.labelling.names import author_names, is_byline
from broadsheet.labelling.phrases import phrase_label, read_time

BODY_LABELS = ("body", "subheading", "list_item")
_REGIONS = frozenset(("related", "comments", "widget", "share", "promo", "legal", "advertisement", "navigation", "tags", "author_bio"))
# Lines above the headline and below the body in which a date can still be the article's.
_LINES_BEFORE, _LINES_AFTER = 12, 10
_LONGEST_DATE_LINE = 200
_BULLETS = "•●▪‣◦·*–—-"
_ENDS = ".!?…。！？؟।:：”\"»)’'"


@dataclass(frozen=True, slots=True)
class PageLines:
    """The lines of a page to be labelled, hard-wrapped paragraphs as one line.

    `scores` are the body model's probabilities and `chosen` its decision; `furniture` marks lines
    that the source repeats. All have the length of `lines`.
    """

    lines: Sequence[str]
    scores: np.ndarray
    chosen: np.ndarray
    furniture: np.ndarray


@dataclass(frozen=True, slots=True)
class Labels:
    """Label and method of each line, and the dates found in lines that can hold the article's."""

    labels: list[str]
    methods: list[str]
    dates: dict[int, list[DateFound]] = field(default_factory=dict)


def words_of(line: str) -> int:
    """Number of words separated by blanks; each two characters of Chinese or Japanese count as one."""
    spaceless = sum(1 for character in line if "\u3040" <= character <= "\u9fff") if not line.isascii() else 0
    return len(line.split()) + spaceless // 2


class _Page:
    """The labels of one page while rules fill them in; the first rule that speaks for a line is heard."""

    def __init__(self, page: PageLines) -> None:
        self.page = page
        self.lines = page.lines
        self.count = len(page.lines)
        self.labels: list[str | None] = [None] * self.count
        self.methods = [""] * self.count
        self.phrases = [phrase_label(line) for line in page.lines]
        self.body = page.chosen.copy()
        self.dates: dict[int, list[DateFound]] = {}

    def give(self, index: int, label: str, method: str) -> None:
        if self.labels[index] is None:
            self.labels[index], self.methods[index] = label, method
            if label not in BODY_LABELS:
                self.body[index] = False

    def first_and_last(self) -> tuple[int, int] | None:
        chosen = np.flatnonzero(self.body)
        return (int(chosen[0]), int(chosen[-1])) if len(chosen) else None


def _near_certain(page: _Page) -> None:
    """Phrases, repeated lines, read times and credits that outrank the model."""
    for index, line in enumerate(page.lines):
        score, phrase = page.page.scores[index], page.phrases[index]
        short = words_of(line) < 16
        if read_time(line) is not None and short:
            page.give(index, "read_time", "phrase_read_time")
        elif phrase == "correction" and not (page.body[index] and score > 0.9):
            page.give(index, "correction", "phrase_correction")
        elif phrase in _REGIONS and short and (score < 0.7 or words_of(line) < 6 and not page.body[index]):
            page.give(index, phrase, "phrase_" + phrase)
        elif page.page.furniture[index] and not (page.body[index] and words_of(line) >= 12):
            page.give(index, phrase if phrase in _REGIONS else "navigation", "survey_furniture")


def _has_lead_of_byline(page: _Page, index: int) -> bool:
    return is_byline(page.lines[index]) and not (page.body[index] and words_of(page.lines[index]) > 14)


def _captions(page: _Page) -> None:
    for index, line in enumerate(page.lines):
        if page.labels[index] is not None or (page.body[index] and page.page.scores[index] > 0.85):
            continue
        caption = read_caption(line)
        if caption is None:
            continue
        label = "caption" if caption.caption else "credit"
        if label == "credit" and words_of(line) > 12:
            continue
        page.give(index, label, "credit_at_end" if label == "caption" else "credit_alone")
        if index and label == "caption" and _shares_words(page.lines[index - 1], line) and not page.body[index - 1]:
            page.give(index - 1, "caption", "repeats_in_caption")


def _content_words(line: str) -> set[str]:
    return {word for word in line.casefold().replace("’", "'").split() if len(word) > 3}


def _shares_words(short: str, long: str) -> bool:
    """Whether most of the longer words of a short line stand in a longer one (an image's file title)."""
    words = _content_words(short)
    return bool(words) and words_of(short) <= 12 and len(words & _content_words(long)) >= 0.6 * len(words)


def _date_lines(page: _Page, first: int, last: int, headline: int | None) -> None:
    """Dates of lines that stand around headline and body, and labels for lines that are little else."""
    top = max(0, (first if headline is None else min(headline, first)) - _LINES_BEFORE)
    window = [*range(top, min(first + 3, page.count)), *range(last + 1, min(last + 1 + _LINES_AFTER, page.count))]
    for index in window:
        line = page.lines[index]
        if len(line) > _LONGEST_DATE_LINE or page.labels[index] in ("related", "comments", "headline", "description"):
            continue
        found = find_dates(line)
        if not found:
            continue
        role = found[0].role
        share = date_share(line, found)
        named = page.labels[index] is None and _has_lead_of_byline(page, index)
        if share < 0.5 and role is None and not named:
            continue
        if index > last and (role is None and not named):
            continue
        if page.body[index] and page.page.scores[index] > 0.8 and share < 0.8:
            continue
        page.dates[index] = found
        if named:
            page.give(index, "byline", "byline_lead")
        elif page.labels[index] in (None, "navigation") and (share >= 0.5 or words_of(line) < 12):
            page.labels[index] = None
            label = "date_modified" if all(date.role == "modified" for date in found) else "date_published"
            page.give(index, label, "date_line" if role is None else "date_lead")


def _bylines(page: _Page, first: int, last: int, headline: int | None) -> None:
    top = max(0, (first if headline is None else min(headline, first)) - 3)
    window = [*range(top, min(first + 3, page.count)), *range(last + 1, min(last + 4, page.count))]
    for index in window:
        if page.labels[index] is None and _has_lead_of_byline(page, index):
            page.give(index, "byline", "byline_lead")
    if "byline" in page.labels:
        return
    # A line that is only names, beside a date or right under the headline.
    for index in range((headline + 1) if headline is not None else top, first):
        line = page.lines[index]
        near = any(
            0 <= other < page.count and page.labels[other] in ("date_published", "date_modified", "read_time")
            for other in (index - 2, index - 1, index + 1, index + 2)
        )
        if page.labels[index] is None and near and len(line) < 80 and author_names(line) and _is_only_names(line):
            page.give(index, "byline", "name_beside_date")


def _is_only_names(line: str) -> bool:
    names = author_names(line)
    return bool(names) and sum(len(name) for name in names) >= 0.6 * len(line.strip())


def _description(page: _Page, headline: int | None, first: int) -> None:
    """The deck: prose under the headline and above the lines that separate it from the body."""
    if headline is None:
        return
    below = [index for index in range(headline + 1, page.count) if page.labels[index] not in ("share", "advertisement", "navigation")]
    for index in below[:4]:
        line = page.lines[index]
        if page.labels[index] is None and not page.body[index] and index < first and words_of(line) >= 5 and len(line) >= 25:
            page.give(index, "description", "under_headline")
            return
        if page.body[index]:
            following = below[below.index(index) + 1 : below.index(index) + 3]
            separated = any(
                page.labels[other] in ("date_published", "date_modified", "byline", "read_time") for other in following
            )
            if separated and words_of(line) < 70 and page.labels[index] is None:
                page.give(index, "description", "above_byline_or_date")
            return


def _kicker(page: _Page, headline: int | None) -> None:
    if headline is None:
        return
    for index in range(headline - 1, max(-1, headline - 3), -1):
        line = page.lines[index]
        if page.labels[index] in (None, "navigation") and page.methods[index] != "survey_furniture" and words_of(line) <= 4 and len(line) < 40:
            before = page.lines[index - 1] if index else ""
            if not line.startswith(tuple(_BULLETS)) and not before.startswith(tuple(_BULLETS)):
                page.labels[index] = None
                page.give(index, "kicker", "above_headline")
        return


def _kinds_of_body(page: _Page) -> None:
    """Body lines as body, subheading or list item."""
    chosen = np.flatnonzero(page.body)
    for place, index in enumerate(chosen):
        line = page.lines[index]
        if page.labels[index] is not None:
            continue
        opening = line.lstrip()[:4]
        if opening[:1] in _BULLETS and opening[1:2].isspace() or _is_numbered(opening):
            page.give(index, "list_item", "bullet_or_number")
        elif words_of(line) <= 12 and line[-1] not in _ENDS and place + 1 < len(chosen) and words_of(page.lines[chosen[place + 1]]) > 12:
            page.give(index, "subheading", "short_before_prose")
        else:
            page.give(index, "body", "body_model")


def _is_numbered(opening: str) -> bool:
    digits = len(opening) - len(opening.lstrip("0123456789"))
    return 0 < digits <= 2 and opening[digits : digits + 1] in (".", ")") and opening[digits + 1 : digits + 2].isspace()


def _opens_widget(line: str) -> bool:
    words = line.split()
    return 1 < len(words) <= 4 and phrase_label(words[-1]) == "widget"


def _regions(page: _Page, first: int, last: int) -> None:
    """Lines that no rule has named take the label of the head above them, as long as its region lasts."""
    region, method = None, ""
    for index in range(page.count):
        if page.labels[index] is None and index > last and _opens_widget(page.lines[index]):
            page.give(index, "widget", "head_widget")
        label = page.labels[index]
        if page.body[index] or label in ("headline", "description", "byline"):
            region = None
        elif page.methods[index].startswith(("phrase_", "head_")) and label in _REGIONS:
            region, method = label, "under_" + label
            if label in ("share", "advertisement", "navigation", "legal", "promo"):
                region = region if index < first else None
        elif label is None and region is not None:
            page.give(index, region, method)


def _rest(page: _Page, first: int, last: int) -> None:
    for index in range(page.count):
        if page.labels[index] is not None:
            continue
        line = page.lines[index]
        if index < first:
            page.give(index, "navigation" if words_of(line) <= 4 else "other", "above_body")
        elif index > last:
            page.give(index, "related" if 4 <= words_of(line) <= 25 else "other", "below_body")
        else:
            page.give(index, "other", "inside_body")


def label_page(page: PageLines) -> Labels:
    """Label, method and dates of a page's lines. A page with no line that the model chose has no body label."""
    state = _Page(page)
    _near_certain(state)
    _captions(state)
    span = state.first_and_last()
    if span is None:
        for index in range(state.count):
            label = state.phrases[index]
            state.give(index, label if label in _REGIONS else "other", "phrase_" + label if label in _REGIONS else "no_body")
        return Labels([label or "other" for label in state.labels], state.methods)
    headline = choose_headline(state.lines, state.body, state.labels, span[0])
    if headline is not None:
        state.labels[headline] = None
        state.give(headline, "headline", "headline_rank")
    _date_lines(state, *span, headline)
    _bylines(state, *span, headline)
    _description(state, headline, span[0])
    span = state.first_and_last() or span
    _kicker(state, headline)
    _kinds_of_body(state)
    _regions(state, *span)
    _rest(state, *span)
    return Labels([label or "other" for label in state.labels], state.methods, state.dates)
