"""How one dump was read, made ready to be shown: its lines, the values found and where, the sentences."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from broadsheet.explain import values_of
from broadsheet.labelling.state import BODY_LABELS
from broadsheet.page import Page
from broadsheet.records import Block, Evidence, Sentence
from broadsheet.report.text import LONGEST_TEXT, visible


class Piece(NamedTuple):
    """A stretch of a line's text; `sentence` is the index of the sentence that it belongs to."""

    text: str
    sentence: int | None


class Line(NamedTuple):
    """A line of the dump with its label; `left_out` characters of it are not shown."""

    block: Block
    pieces: list[Piece]
    left_out: int


@dataclass(frozen=True, slots=True)
class Value:
    """A value of the article, with the places that have it and what stood there as well."""

    field: str
    text: str | None
    places: list[Evidence]
    others: list[Evidence]


class SentenceShown(NamedTuple):
    """A sentence and its index; `line` is the index of the block that it begins in."""

    number: int
    text: str
    line: int | None
    left_out: int


@dataclass(frozen=True, slots=True)
class Reading:
    """A dump and what came of it; `name` is its place on the page, `why` says why it is shown."""

    name: str
    why: str
    page: Page
    lines: list[Line]
    lines_left_out: int
    values: list[Value]
    paragraphs: list[list[SentenceShown]]
    beginning: str | None = None


def _pieces(text: str, start: int, end: int, sentences: Sequence[Sentence]) -> Iterator[Piece]:
    """A stretch of the text cut where sentences begin and end."""
    for sentence in sentences:
        if sentence.document_start > start:
            yield Piece(visible(text[start : sentence.document_start]), None)
            start = sentence.document_start
        yield Piece(visible(text[start : min(end, sentence.document_end)]), sentence.sentence_index)
        start = sentence.document_end
    if start < end:
        yield Piece(visible(text[start:end]), None)


def _lines(page: Page, most_lines: int) -> Iterator[Line]:
    assert page.document is not None
    text = page.document.text
    starts, ends = ([getattr(each, name) for each in page.sentences] for name in ("document_start", "document_end"))
    for block in page.blocks[:most_lines]:
        end = min(block.end, block.start + LONGEST_TEXT)
        touched: Sequence[Sentence] = ()
        if block.paragraph_index is not None and block.label in BODY_LABELS:
            # Sentences come in order and do not overlap.
            touched = page.sentences[bisect_right(ends, block.start) : bisect_left(starts, end)]
        yield Line(block, list(_pieces(text, block.start, end, touched)), block.end - end)


def _values(page: Page) -> list[Value]:
    found = []
    for field, text in values_of(page).items():
        rows = [row for row in page.evidence if row.field == field]
        places, others = ([row for row in rows if row.chosen is chosen] for chosen in (True, False))
        found.append(Value(field, text, places, others))
    return found


def _paragraphs(page: Page, most_sentences: int) -> list[list[SentenceShown]]:
    shown = []
    body = [block for block in page.blocks if block.paragraph_index is not None]
    place = 0
    for sentence in page.sentences[:most_sentences]:
        while place < len(body) and body[place].end <= sentence.document_start:
            place += 1
        line = body[place].block_index if place < len(body) else None
        left_out = max(0, len(sentence.text) - LONGEST_TEXT)
        text = visible(sentence.text[:LONGEST_TEXT])
        shown.append((sentence.paragraph_index, SentenceShown(sentence.sentence_index, text, line, left_out)))
    return [[each for _, each in group] for _, group in groupby(shown, key=lambda pair: pair[0])]


def reading(name: str, why: str, page: Page, most_lines: int, beginning: str | None = None) -> Reading:
    """A page made ready to be shown, at most `most_lines` of its lines and as many sentences."""
    return Reading(
        name=name,
        why=why,
        page=page,
        lines=list(_lines(page, most_lines)) if page.document else [],
        lines_left_out=max(0, len(page.blocks) - most_lines),
        values=_values(page) if page.article else [],
        paragraphs=_paragraphs(page, most_lines),
        beginning=beginning,
    )
