"""segment: articles, blocks → sentences."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa

from broadsheet.records import Sentences
from broadsheet.segmentation import segment as segment_article
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
from broadsheet.stages.workers import IN_THIS_PROCESS, Care, Workers, carefully
from broadsheet.tables import documents_to_table, file_sha256, read_part, replaced_folder, table_parts, unpublish


@dataclass(frozen=True, slots=True)
class _Task:
    out: Path
    index: int
    articles: Path
    blocks: Path
    digests: tuple[str, str]
    folder: Path
    code: str


class _Body(NamedTuple):
    """An article's body; `paragraph_starts` are where its paragraphs begin in documents.text."""

    article_id: str
    body: str
    in_language: str | None
    paragraph_starts: list[int]


def _paragraph_starts(blocks: Path) -> dict[str, list[int]]:
    """Where the paragraphs of each body begin in documents.text, by article_id."""
    table = read_part(blocks, ["document_id", "start", "paragraph_index"])
    table = table.filter(table["paragraph_index"].is_valid())
    starts: dict[str, list[int]] = {}
    for document_id, start, index in zip(*(column.to_pylist() for column in table.columns), strict=True):
        found = starts.setdefault(document_id, [])
        # The first line of a paragraph is where it begins.
        if index == len(found):
            found.append(start)
    return starts


def _bodies(articles: Path, blocks: Path) -> list[_Body]:
    starts = _paragraph_starts(blocks)
    table = read_part(articles, ["article_id", "body", "in_language"])
    return [
        _Body(article_id, body, language, starts[article_id])
        for article_id, body, language in zip(*(column.to_pylist() for column in table.columns), strict=True)
    ]


def _whole_paragraphs(body: _Body) -> Sentences:
    """What stands for the sentences of a body that ended its worker: each paragraph as one."""
    return segment_article(*body, split=lambda paragraph, language: [(0, len(paragraph))])


def _segment_part(task: _Task, care: Care) -> Made:
    articles, blocks = task.digests
    inputs = {"articles": articles or file_sha256(task.articles), "blocks": blocks or file_sha256(task.blocks)}
    key = key_of(task.code, inputs)

    @cache
    def bodies() -> list[_Body]:
        return _bodies(task.articles, task.blocks)

    def documents() -> dict[str, str]:
        return {body.article_id: document_key(task.code, *body) for body in bodies()}

    def make(wanted: set[str]) -> dict[str, pa.Table]:
        some = [body for body in bodies() if body.article_id in wanted]
        found = carefully(lambda some: [segment_article(*body) for body in some], some, _whole_paragraphs, care)
        return {"sentences": documents_to_table("sentences", found)}

    place = place_of(task.articles, "article_id")
    part = Part(task.out, "segment", task.index, {"sentences": task.folder}, inputs, key, place, not care.lost)
    return bring_up_to_date(part, documents, make)


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
