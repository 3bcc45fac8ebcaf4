"""segment: articles, blocks → sentences."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from broadsheet.segmentation import Bodies, segment_all, segment_each
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
    written,
)  # fmt: skip
from broadsheet.stages.workers import IN_THIS_PROCESS, Care, Workers, one_by_one
from broadsheet.tables import (
    documents_to_table,
    file_sha256,
    read_part,
    replaced_folder,
    table_parts,
    text_bytes,
    unpublish,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Task:
    out: Path
    index: int
    articles: Path
    blocks: Path
    digests: tuple[str, str]
    folder: Path
    code: str


def _first_lines(blocks: Path, ids: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """Of the bodies of articles, by their `ids`, how many paragraphs there are before each (int32[articles + 1]), and
    where these begin in documents.text (int32[paragraphs]).
    """
    table = read_part(blocks, ["document_id", "start", "paragraph_index"], ["document_id"])
    table = table.filter(table["paragraph_index"].is_valid()).unify_dictionaries().combine_chunks()
    if not len(table):
        return np.zeros(len(ids) + 1, np.int32), np.zeros(0, np.int32)
    documents = table["document_id"].chunk(0)
    article = pc.index_in(documents.dictionary, ids).fill_null(len(ids)).to_numpy()[documents.indices.to_numpy()]
    start, paragraph = (table[name].to_numpy() for name in ("start", "paragraph_index"))
    # The first line of a paragraph is where it begins.
    is_first = np.append(True, (np.diff(article) != 0) | (np.diff(paragraph) != 0))
    article, start = article[is_first], start[is_first]
    counts = np.bincount(article, minlength=len(ids) + 1)[: len(ids)]
    return np.cumsum([0, *counts], dtype=np.int32), start[np.argsort(article, kind="stable")]


def _bodies(articles: Path, blocks: Path) -> Bodies:
    ids, bodies, languages = read_part(articles, ["article_id", "body", "in_language"]).combine_chunks().columns
    article_id, body = (pa.concat_arrays([pa.array([], pa.string()), *column.chunks]) for column in (ids, bodies))
    return Bodies(article_id, body, languages.to_pylist(), *_first_lines(blocks, article_id))


def _keys(code: str, bodies: Bodies) -> dict[str, str]:
    """The key of each document."""
    begins, content = text_bytes(bodies.body)
    ids, edges = bodies.article_id.to_pylist(), begins.tolist()
    rows = zip(ids, bodies.in_language, edges, edges[1:], strict=False)
    return {
        article_id: document_key(code, article_id, content[begin:end], language, bodies.starts(index).tobytes())
        for index, (article_id, language, begin, end) in enumerate(rows)
    }


def _whole_paragraphs(body: Bodies) -> pa.Table:
    """What stands for the sentences of a body that ended its worker: each paragraph as one."""
    return segment_each(body, lambda paragraph, language: [(0, len(paragraph))])


def _segment_part(task: _Task, care: Care) -> Made:
    articles, blocks = task.digests
    inputs = {"articles": articles or file_sha256(task.articles), "blocks": blocks or file_sha256(task.blocks)}
    key = key_of(task.code, inputs)

    bodies = cache(lambda: _bodies(task.articles, task.blocks))

    def make(wanted: set[str]) -> dict[str, pa.Table]:
        is_wanted = map(wanted.__contains__, bodies().article_id.to_pylist())
        some = bodies().take([index for index, is_one in enumerate(is_wanted) if is_one])
        if not care.alone:
            return {"sentences": segment_all(some)}
        one_each = [some.take([index]) for index in range(len(some.in_language))]
        tables = one_by_one(segment_all, one_each, _whole_paragraphs, care)
        return {"sentences": pa.concat_tables([documents_to_table("sentences", []), *tables])}

    place = place_of(task.articles, "article_id")
    part = Part(task.out, "segment", task.index, {"sentences": task.folder}, inputs, key, place, not care.lost)
    return bring_up_to_date(part, lambda: _keys(task.code, bodies()), make)


def segment(out: Path, workers: Workers = IN_THIS_PROCESS, files: Mapping[str, str] = NOTHING_KNOWN) -> Written:
    """Write sentences: a part for a part of articles.

    `files` are SHA-256 of files by path below `out`, as far as they are known.
    """
    articles, blocks = table_parts(out, "articles"), table_parts(out, "blocks")
    unpublish(out)
    with replaced_folder(out / "sentences") as folder:
        tasks = [
            _Task(out, index, *pair, (known_of(out, pair[0], files), known_of(out, pair[1], files)), folder, code_key())
            for index, pair in enumerate(zip(articles, blocks, strict=True))
        ]
        found = workers.run(_segment_part, tasks, "segment", lambda task: task.articles.stat().st_size)
    keep_only(out, "segment", (entry_path(out, "segment", each.place).name for each in found))
    return written(found)
