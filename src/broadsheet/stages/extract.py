"""extract: documents, sources → blocks, articles, metadata, evidence, rejects."""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from operator import attrgetter
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from broadsheet.articles import Extracted
from broadsheet.extraction import extract as extract_documents
from broadsheet.labelling.markup import PATH
from broadsheet.lines import cut_lines
from broadsheet.parameters import Extract
from broadsheet.records import Blocks, Document, Marks, Names, Reject, Source
from broadsheet.stages.kept import (
    NOTHING_KNOWN,
    Made,
    Part,
    Written,
    bring_up_to_date,
    code_key,
    document_key,
    entry_path,
    keep_only,
    key_of,
    known_of,
    place_of,
    read_entry,
    written,
)  # fmt: skip
from broadsheet.stages.workers import IN_THIS_PROCESS, Care, Workers, carefully
from broadsheet.tables import (
    documents_to_table,
    file_sha256,
    read_part,
    replaced_folder,
    rows_to_table,
    table_parts,
    text_bytes,
    unpublish,
)  # fmt: skip

_TABLES = ("blocks", "articles", "metadata", "evidence", "rejects/extract")
_LONG = ("text", "hints", "marks")


@dataclass(frozen=True, slots=True)
class _Task:
    """`digest` is the SHA-256 of `part`, empty where it is not known, `sources` the hash of the sources table, `code`
    the name of what is made of the same input."""

    out: Path
    index: int
    part: Path
    digest: str
    sources: str
    folders: dict[str, Path]
    parameters: Extract
    code: str


def _read_documents(part: Path) -> pa.Table:
    return read_part(part, repeated=["marks.list.element.tag"])


def _marks_of(table: pa.Table) -> tuple[pa.StructArray, list[slice]]:
    """The marks of all documents of a part, and which are those of each."""
    column = table.column("marks").combine_chunks()
    ends = np.cumsum(column.value_lengths().to_numpy()).tolist()
    return column.flatten(), list(map(slice, [0, *ends], ends))


def _names_of(tags: pa.StringArray) -> Names:
    """Names of marks. Nearly all of those of a part are paths, of which nobody asks more than that they are."""
    names, others = [PATH] * len(tags), np.flatnonzero(pc.invert(pc.starts_with(tags, PATH)))
    for place, name in zip(others.tolist(), tags.take(pa.array(others)).to_pylist(), strict=True):
        names[place] = name
    return Names(names)


def _documents(table: pa.Table) -> list[Document]:
    marks, places = _marks_of(table)
    start, end = marks.field("start").to_numpy(), marks.field("end").to_numpy()
    tag = marks.field("tag")
    code, names = tag.indices.to_numpy(), _names_of(tag.dictionary)
    rows = table.drop_columns("marks").to_pylist()
    return [
        Document(**row, marks=Marks(start[at], end[at], code[at], names) if at.stop > at.start else ())
        for row, at in zip(rows, places, strict=True)
    ]


# What a document is known by, beside its text, hints and marks.
_given = attrgetter(*(field.name for field in dataclasses.fields(Document) if field.name not in _LONG))


def _long(table: pa.Table) -> Iterator[list[memoryview]]:
    """The bytes of each document's text, hints and marks, as they lie in the part."""
    marks, places = _marks_of(table)
    begins, tags = text_bytes(marks.field("tag").dictionary_decode())
    numbers = (marks.field("start").to_numpy(), marks.field("end").to_numpy(), np.diff(begins))
    columns = [memoryview(column.tobytes()) for column in numbers]
    texts = [_texts(table[name].combine_chunks()) for name in ("text", "hints")]
    for at, *own in zip(places, *texts, strict=True):
        own += [column[4 * at.start : 4 * at.stop] for column in columns]
        yield [*own, tags[begins[at.start] : begins[at.stop]]]


def _texts(column: pa.Array) -> list[memoryview]:
    """The bytes of each text of a column, none where it is null."""
    begins, content = text_bytes(column)
    return [content[first:last] for first, last in pairwise(begins.tolist())]


def read_sources(out: Path) -> dict[str, Source]:
    """The sources of a corpus by name."""
    rows = [row for part in table_parts(out, "sources") for row in read_part(part).to_pylist()]
    return {row["source"]: Source(**row | {"furniture": tuple(row["furniture"])}) for row in rows}


@lru_cache(1)
def _sources_and_keys(out: Path, digest: str) -> tuple[dict[str, Source], dict[str, str]]:
    """Sources by name, and a key of what each decides; read once in a process for a `digest` of the table."""
    sources = read_sources(out)
    return sources, {name: key_of(source) for name, source in sources.items()}


def _crashed(document: Document) -> Extracted:
    """What stands for a document that ended its worker: every line is there, none is known."""
    lines = cut_lines(document.text)
    count = len(lines)
    blocks = Blocks(
        document.document_id, np.arange(count, dtype=np.int32), lines.start, lines.end,
        [None] * count, ["other"] * count, ["crashed"] * count, [None] * count,
    )  # fmt: skip
    reject = Reject(
        document.raw_path, document.raw_record, document.raw_member, document.raw_sha256, document.raw_bytes,
        "extract", "crashed", "the process that read the page died twice",
    )  # fmt: skip
    return Extracted(blocks, None, None, reject)


def _tables_of(found: Sequence[Extracted]) -> dict[str, pa.Table]:
    return {
        "blocks": documents_to_table("blocks", [each.blocks for each in found]),
        "articles": rows_to_table("articles", (each.article for each in found if each.article)),
        "metadata": rows_to_table("metadata", (each.metadata for each in found if each.metadata)),
        "evidence": documents_to_table("evidence", [each.evidence for each in found]),
        "rejects/extract": rows_to_table("rejects", (each.reject for each in found if each.reject)),
    }


def _names_of_sources(task: _Task, inputs: dict[str, str], place: str) -> list[str]:
    """The sources that a part has documents of, in order; survey has kept which those of the same file are."""
    entry = read_entry(entry_path(task.out, "survey", place))
    if entry and entry.get("inputs") == inputs:
        return sorted(entry["groups"])
    return sorted(read_part(task.part, ["source"])["source"].unique().to_pylist())


def _extract_part(task: _Task, care: Care) -> Made:
    sources, source_keys = _sources_and_keys(task.out, task.sources)
    inputs = {"documents": task.digest or file_sha256(task.part)}
    place = place_of(task.part, "document_id")
    used = [source_keys.get(name, "") for name in _names_of_sources(task, inputs, place)]
    key = key_of(task.code, task.parameters, inputs, used)

    @cache
    def read() -> tuple[pa.Table, list[Document]]:
        table = _read_documents(task.part)
        return table, _documents(table)

    def keys() -> dict[str, str]:
        made_with = key_of(task.code, task.parameters)
        table, documents = read()
        return {
            each.document_id: document_key(made_with, source_keys.get(each.source, ""), *long, _given(each))
            for each, long in zip(documents, _long(table), strict=True)
        }

    def make(ids: set[str]) -> dict[str, pa.Table]:
        some = [each for each in read()[1] if each.document_id in ids]
        return _tables_of(
            carefully(lambda some: extract_documents(some, sources, task.parameters), some, _crashed, care)
        )

    covered = frozenset(inputs)
    part = Part(task.out, "extract", task.index, task.folders, inputs, key, place, not care.lost, covered)
    return bring_up_to_date(part, keys, make)


def extract(
    out: Path, parameters: Extract, workers: Workers = IN_THIS_PROCESS, files: Mapping[str, str] = NOTHING_KNOWN
) -> Written:
    """Write blocks, articles, metadata, evidence and rejects/extract: a part of each for a part of documents.

    `files` are SHA-256 of files by path below `out`, as far as they are known.
    """
    parts = table_parts(out, "documents")
    sources = key_of([file_sha256(part) for part in table_parts(out, "sources")])
    unpublish(out)
    with ExitStack() as stack:
        folders = {name: stack.enter_context(replaced_folder(out / name)) for name in _TABLES}
        tasks = [
            _Task(out, index, part, known_of(out, part, files), sources, folders, parameters, code_key())
            for index, part in enumerate(parts)
        ]
        found = workers.run(_extract_part, tasks, "extract", lambda task: task.part.stat().st_size)
    keep_only(out, "extract", (entry_path(out, "extract", each.place).name for each in found))
    return written(found)
