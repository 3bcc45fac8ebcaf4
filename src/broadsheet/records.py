"""The frozen records that flow from reader to tables.

Those of which a page has hundreds are named tuples, which are made four times as fast as frozen data
classes. All offsets are Unicode code points, half-open. The columns of each table, and
what they mean, are defined in schemas/.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from itertools import repeat
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True, slots=True)
class RawRecord:
    """One raw record as a reader found it: `content` are its payload's bytes.

    `raw_path` is relative to the raw folder and percent-encoded; `media_type`, `encoding`,
    `url` and `retrieved_at` (aware, UTC) are what the record states of itself. `visible` is what is
    shown to a reader, where that is not the content itself but its column of text or HTML; `media_type` is
    that of what is shown. `stated` is what a row says of itself, under the names of `metadata`, as it says it.
    `sha256` is the content's, hexadecimal, where it is known already.
    """

    source: str
    raw_path: str
    raw_record: int
    raw_member: str | None
    content: bytes
    media_type: str | None = None
    encoding: str | None = None
    url: str | None = None
    retrieved_at: datetime | None = None
    visible: bytes | str | None = None
    stated: dict[str, Any] = field(default_factory=dict)
    sha256: str | None = None


class Mark(NamedTuple):
    """A span of a document's text and what it is: an element of the page, or what its names say."""

    start: int
    end: int
    tag: str


class Names(list[str]):
    """Names of marks, each once; those of the pages of a part are thousands."""

    @cached_property
    def places(self) -> dict[str, int]:
        """Where each name stands."""
        return {name: place for place, name in enumerate(self)}


class Marks(NamedTuple):
    """The marks of a page as columns, of which a page has hundreds of rows and a batch of pages has few names."""

    start: "np.ndarray"  # int32[marks]
    end: "np.ndarray"  # int32[marks]
    code: "np.ndarray"  # int32[marks], place of the tag in `names`
    names: Names  # may be shared by many pages

    def spans(self, tag: str) -> Iterable[tuple[int, int]]:
        """Start and end of the marks of a tag, in order."""
        place = self.names.places.get(tag)
        if place is None:
            return ()
        some = (self.code == place).nonzero()[0]
        return zip(self.start[some].tolist(), self.end[some].tolist(), strict=True) if len(some) else ()


def columns_of(marks: "Marks | Sequence[Mark]") -> Marks:
    """Marks as columns."""
    if isinstance(marks, Marks):
        return marks
    import numpy as np

    start, end, tags = zip(*marks, strict=True) if marks else ((), (), ())
    codes = {tag: code for code, tag in enumerate(dict.fromkeys(tags))}
    code = np.fromiter(map(codes.__getitem__, tags), np.int32, len(tags))
    return Marks(np.array(start, np.int32), np.array(end, np.int32), code, Names(codes))


@dataclass(frozen=True, slots=True)
class Rendered:
    """A page as its reader sees it, marks on that text, and what the page states of itself (JSON can hold it)."""

    text: str
    marks: Marks | tuple[()] = ()
    hints: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Document:
    """A row of `documents`."""

    document_id: str
    source: str
    raw_path: str
    raw_record: int
    raw_member: str | None
    raw_sha256: str
    raw_bytes: int
    media_type: str
    encoding: str
    url: str | None
    retrieved_at: datetime | None
    text: str
    marks: Marks | tuple[Mark, ...] = ()
    hints: str | None = None


@dataclass(frozen=True, slots=True)
class Reject:
    """A row of `rejects`: a raw record that did not become an article."""

    raw_path: str
    raw_record: int
    raw_member: str | None
    raw_sha256: str | None
    raw_bytes: int
    stage: str
    reason: str
    detail: str
    duplicate_of: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A row of `sources`: what source.yaml states and what the corpus itself decided."""

    source: str
    title: str | None = None
    publisher: str | None = None
    url: str | None = None
    licence: str | None = None
    timezone: str | None = None
    in_language: str | None = None
    date_order: str | None = None
    furniture: tuple[str, ...] = ()


class Block(NamedTuple):
    """A row of `blocks`: one line of a document, trimmed of blanks."""

    document_id: str
    block_index: int
    start: int
    end: int
    paragraph_index: int | None
    label: str
    method: str
    score: float | None


@dataclass(frozen=True, slots=True)
class Article:
    """A row of `articles`."""

    article_id: str
    source: str
    headline: str | None
    description: str | None
    body: str
    in_language: str | None
    paragraph_count: int
    word_count: int


@dataclass(frozen=True, slots=True)
class Metadata:
    """A row of `metadata`; `images` are dicts of caption and credit."""

    article_id: str
    date_published: datetime | None
    date_published_text: str | None
    date_published_precision: str | None
    date_published_utc: datetime | None
    date_modified: datetime | None
    byline: str | None
    authors: tuple[str, ...]
    article_section: str | None
    keywords: tuple[str, ...]
    publisher: str | None
    url: str | None
    time_required_minutes: int | None
    images: tuple[dict[str, str | None], ...]
    dateline: str | None
    language_score: float | None
    raw_path: str
    raw_record: int
    raw_member: str | None
    raw_sha256: str
    raw_bytes: int
    media_type: str
    encoding: str
    retrieved_at: datetime | None


class Blocks(NamedTuple):
    """The blocks of a document as columns of `blocks`, of which a page has hundreds of rows."""

    document_id: str
    block_index: "np.ndarray"  # int32[blocks]
    start: "np.ndarray"  # int32[blocks]
    end: "np.ndarray"  # int32[blocks]
    paragraph_index: Sequence[int | None]
    label: Sequence[str]
    method: Sequence[str]
    score: Sequence[float | None]

    def rows(self) -> list[Block]:
        numbers = [column.tolist() for column in (self.block_index, self.start, self.end)]
        return list(map(Block, repeat(self.document_id), *numbers, *self[4:]))


class Evidence(NamedTuple):
    """A row of `evidence`: a place that has a value of a field, or another one for the same field."""

    article_id: str
    evidence_index: int
    field: str
    value: str
    chosen: bool
    origin: str
    block_index: int | None
    hint: str | None


class EvidenceColumns(NamedTuple):
    """The evidence of an article as columns of `evidence`."""

    article_id: str = ""
    evidence_index: Sequence[int] = ()
    field: Sequence[str] = ()
    value: Sequence[str] = ()
    chosen: Sequence[bool] = ()
    origin: Sequence[str] = ()
    block_index: Sequence[int | None] = ()
    hint: Sequence[str | None] = ()

    def rows(self) -> list[Evidence]:
        return list(map(Evidence, repeat(self.article_id), *self[1:]))


NO_EVIDENCE = EvidenceColumns()


class Sentence(NamedTuple):
    """A row of `sentences`: `start` and `end` in articles.body, `document_*` in documents.text."""

    sentence_id: str
    article_id: str
    sentence_index: int
    paragraph_index: int
    start: int
    end: int
    document_start: int
    document_end: int
    text: str
    in_quotation: bool


class Sentences(NamedTuple):
    """The sentences of an article as columns of `sentences`."""

    sentence_id: Sequence[str]
    article_id: str
    sentence_index: Sequence[int]
    paragraph_index: Sequence[int]
    start: Sequence[int]
    end: Sequence[int]
    document_start: Sequence[int]
    document_end: Sequence[int]
    text: Sequence[str]
    in_quotation: Sequence[bool]

    def rows(self) -> list[Sentence]:
        return list(map(Sentence, self.sentence_id, repeat(self.article_id), *self[2:]))
