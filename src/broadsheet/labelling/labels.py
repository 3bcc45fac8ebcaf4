"""What each line of a page is: the body model's decision, then rules that give every line its label.

The page is read as a reader reads it: the body is found first; above it stand headline, description,
byline and dates; below it related links, comments and widgets, each opened by a head of its own.
Every rule names itself in `method`.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import compress, count, islice, zip_longest
from typing import cast

from broadsheet.labelling.captions import read_caption
from broadsheet.labelling.head import label_heads
from broadsheet.labelling.names import author_names
from broadsheet.labelling.phrases import LONGEST_LINE, REMEMBERED, phrase_label
from broadsheet.labelling.state import Labels, PageLines, PageState, places_of, words_of

_LASTING_REGIONS = frozenset(("related", "comments", "widget", "tags", "author_bio"))
_REGIONS = _LASTING_REGIONS | {"share", "promo", "legal", "advertisement", "navigation"}
_OF_ARTICLE = frozenset(("headline", "description", "byline", "date_published"))
# Words from which on a line is no furniture by its wording alone, and a repeated one may be prose of the body.
_LONGEST_FURNITURE, _SHORTEST_REPEATED_PROSE = 25, 12
# Lines from a page's own prose within which repeated prose is its own too.
_CLOSE = 3
_SURE_OF_CAPTION = 0.95
# Score below which no line is body, whatever else the page holds.
_LEAST_SCORE = 0.2
_LINES_AROUND = 15
_LINES_OF_BIOGRAPHY = 3
_WORD = re.compile(r"\w+")
_BULLETS = "•●▪‣◦·*–—-"
_ENDS = ".!?…。！？؟।:：”\"»)’'"


def _near_certain(page: PageState) -> None:
    """Phrases, repeated lines and read times that outrank the model."""
    for index in page.read_times:
        if page.words[index] < _LONGEST_FURNITURE:
            page.give(index, "read_time", "phrase_read_time")
    repeated = page.page.furniture.tolist()
    some = [index for index, phrase in enumerate(page.phrases) if phrase is not None or repeated[index]]
    for index in some:
        phrase, is_furniture = page.phrases[index], repeated[index]
        if page.labels[index] is not None:
            continue
        short = page.words[index] < _LONGEST_FURNITURE
        if phrase == "correction":
            page.give(index, "correction", "phrase_correction")
        elif phrase in _REGIONS and short:
            page.give(index, phrase, "phrase_" + phrase)
        elif is_furniture and not _is_repeated_prose(page, index):
            page.give(index, phrase if phrase in _REGIONS else "navigation", "survey_furniture")


def _is_repeated_prose(page: PageState, index: int) -> bool:
    """Whether a line that the source repeats is its own prose: background, or a motto that closes its articles.

    The model takes it for body, and it is long and close to a line of body that is not repeated, or a sentence right
    after one. What an outlet prints below teasers on every page, to say who it is, is close to none. Of a page that has
    none at all, as other pages are the same but for numbers, all is its own.
    """
    if not page.body[index]:
        return False
    if page.words[index] >= _SHORTEST_REPEATED_PROSE:
        own = [place for place, repeated in enumerate(page.page.furniture) if page.body[place] and not repeated]
        return not own or any(abs(place - index) <= _CLOSE for place in own)
    follows_body = index > 0 and page.body[index - 1] and not page.page.furniture[index - 1]
    return bool(follows_body and page.words[index] >= 6 and page.lines[index][-1] in ".!?。！？")


def _captions(page: PageState) -> None:
    """Lines that end in a credit, and the short line that some pages print above (the image's title).

    Only those around the body: credits elsewhere are of teasers.
    """
    first, last = page.first_and_last() or (0, page.count)
    labels, body, scores = page.labels, page.body, page.scores
    around = range(max(0, first - _LINES_AROUND), last + _LINES_AROUND)
    for index in page.glance.places.credit:
        if index not in around:
            continue
        if labels[index] is not None or (scores[index] > _SURE_OF_CAPTION and body[index]):
            continue
        line = page.lines[index]
        caption = read_caption(line)
        if caption is None or (caption.caption is None and page.words[index] > 12):
            continue
        if caption.caption:
            page.give(index, "caption", "credit_at_end")
            if index and not body[index - 1] and _shares_words(page.lines[index - 1], line):
                page.give(index - 1, "caption", "repeats_in_caption")
        else:
            page.give(index, "credit", "credit_alone")


def _biographies(page: PageState) -> None:
    """Prose at the end of the body that begins with the name of an author: what he or she does, and where to write."""
    bylines = places_of(page.labels, "byline")
    names = tuple({name.casefold() for index in bylines for name in author_names(page.lines[index])})
    if not names:
        return
    backwards = (index for index in range(page.count - 1, 4, -1) if page.body[index])
    for index in list(islice(backwards, _LINES_OF_BIOGRAPHY)):
        if page.lines[index].casefold().startswith(names):
            page.give(index, "author_bio", "begins_with_author")


def _content_words(line: str) -> set[str]:
    return {word for word in _WORD.findall(line.casefold()) if len(word) > 3}


def _shares_words(short: str, long: str) -> bool:
    """Whether most of the longer words of a short line stand in a longer one (an image's file title)."""
    words = _content_words(short)
    return bool(words) and words_of(short) <= 12 and len(words & _content_words(long)) >= 0.6 * len(words)


def _kinds_of_body(page: PageState) -> None:
    """Body lines as body, subheading or list item."""
    labels, words = page.labels, page.words
    chosen = [*compress(count(), page.body)]
    for index, following in zip_longest(chosen, chosen[1:]):
        if labels[index] is not None:
            continue
        line = page.lines[index]
        opening = line.lstrip()[:4]
        if (opening[:1] in _BULLETS and opening[1:2].isspace()) or _is_numbered(opening):
            labels[index], page.methods[index] = "list_item", "bullet_or_number"
        elif words[index] <= 12 and line[-1] not in _ENDS and following is not None and words[following] > 12:
            labels[index], page.methods[index] = "subheading", "short_before_prose"
        else:
            labels[index], page.methods[index] = "body", "body_model"


def _is_numbered(opening: str) -> bool:
    digits = len(opening) - len(opening.lstrip("0123456789"))
    return 0 < digits <= 2 and opening[digits : digits + 1] in (".", ")") and opening[digits + 1 : digits + 2].isspace()


@lru_cache(REMEMBERED)
def _is_widget(word: str) -> bool:
    return len(word) <= LONGEST_LINE and phrase_label(word) == "widget"


def _regions(page: PageState, first: int, last: int) -> None:
    """Lines that no rule has named take the label of the head above them, as long as its region lasts."""
    region, labels, methods, body = None, page.labels, page.methods, page.body
    # Two to four words, the last of which may be "Weather".
    widgets = {index for index in page.glance.places.last_word if index > last}
    opened = last + 1
    if not _LASTING_REGIONS.isdisjoint(labels[:opened]):
        opened = next(index for index, label in enumerate(labels) if label in _LASTING_REGIONS)
    for index in range(opened, page.count):
        label = labels[index]
        if label is None and index in widgets and _is_widget(page.lines[index].split()[-1]):
            page.give(index, "widget", "head_widget")
            label = "widget"
        if label is None and region is None:
            continue
        if body[index] or label in _OF_ARTICLE:
            region = None
        elif label is None:
            if region == "tags" and index > first and page.words[index] > 4:
                region = None
            elif index > first or region == "related":
                labels[index], methods[index] = region, f"under_{region}"
        elif label in _REGIONS and methods[index].startswith(("phrase_", "head_")):
            # What these words open is one line long; lists follow the others.
            region = label if label in _LASTING_REGIONS else None


def _rest(page: PageState, first: int, last: int) -> None:
    labels, methods, words = page.labels, page.methods, page.words
    for index, label in enumerate(labels):
        if label is not None:
            continue
        if index < first:
            labels[index] = "navigation" if words[index] <= 4 else "other"
            methods[index] = "above_body"
        elif index > last:
            labels[index] = "related" if 4 <= words[index] <= 25 else "other"
            methods[index] = "below_body"
        else:
            labels[index], methods[index] = "other", "inside_body"


def _likeliest_prose(page: PageState) -> tuple[int, int] | None:
    """First and last line of the body of a page on which the model is sure of none: its likeliest sentences.

    A notice of one or two sentences has too little around it for the model.
    """
    for index, line in enumerate(page.lines):
        if (
            page.labels[index] is None
            and page.phrases[index] is None
            and page.words[index] >= 8
            and line[-1] in _ENDS
            and page.scores[index] >= _LEAST_SCORE
        ):
            page.body[index] = True
    return page.first_and_last()


def _without_body(state: PageState) -> Labels:
    """Labels of a page with no line that the model chose, none of which is one of body."""
    for index in range(state.count):
        label = state.phrases[index]
        state.give(
            index, label if label in _REGIONS else "other", "phrase_" + label if label in _REGIONS else "no_body"
        )
    return _found(state)


def _found(state: PageState) -> Labels:
    # By then every line has a label.
    return Labels(cast(list[str], state.labels), state.methods, state.phrases, state.words, state.dates)


def _span(state: PageState) -> tuple[int, int] | None:
    """First and last line of the body, what is near certain being labelled."""
    _near_certain(state)
    _captions(state)
    return state.first_and_last() or _likeliest_prose(state)


def _label_rest(state: PageState, span: tuple[int, int]) -> None:
    """Label all below and between what `label_heads` does."""
    _biographies(state)
    span = state.first_and_last() or span
    _kinds_of_body(state)
    _regions(state, *span)
    _rest(state, *span)


def label_pages(pages: Iterable[PageLines]) -> list[Labels]:
    """Label, method and dates of the lines of pages. A page with no line that the model chose has no body label."""
    states = [*map(PageState, pages)]
    spans = [*map(_span, states)]
    with_body = [(state, span) for state, span in zip(states, spans, strict=True) if span is not None]
    label_heads([state for state, _ in with_body], [span for _, span in with_body])
    for state, span in with_body:
        _label_rest(state, span)
    return [_without_body(state) if span is None else _found(state) for state, span in zip(states, spans, strict=True)]


def label_page(page: PageLines) -> Labels:
    """Label, method and dates of a page's lines."""
    return label_pages([page])[0]
