"""segment: articles, blocks → sentences."""

from dataclasses import dataclass
from pathlib import Path

from broadsheet.records import Sentence
from broadsheet.segmentation import segment as segment_article
from broadsheet.stages.workers import map_parts
from broadsheet.tables import part_name, read_part, replaced_folder, rows_to_table, table_parts, unpublish, write_part


@dataclass(frozen=True, slots=True)
class _Task:
    index: int
    articles: Path
    blocks: Path
    sentences: Path


def _paragraph_starts(blocks: Path) -> dict[str, list[int]]:
    """Where the paragraphs of each body begin in documents.text, by article_id."""
    table = read_part(blocks, ["document_id", "start", "paragraph_index"])
    starts: dict[str, list[int]] = {}
    for document_id, start, index in zip(*(column.to_pylist() for column in table.columns), strict=True):
        if index is not None:
            found = starts.setdefault(document_id, [])
            # The first line of a paragraph is where it begins.
            if index == len(found):
                found.append(start)
    return starts


def _segment_part(task: _Task) -> None:
    starts = _paragraph_starts(task.blocks)
    articles = read_part(task.articles, ["article_id", "body", "in_language"])
    sentences: list[Sentence] = []
    for article_id, body, language in zip(*(column.to_pylist() for column in articles.columns), strict=True):
        sentences += segment_article(article_id, body, language, starts[article_id])
    write_part(task.sentences, rows_to_table("sentences", sentences))


def segment(out: Path, workers: int = 1) -> None:
    """Write sentences: a part for a part of articles."""
    articles, blocks = table_parts(out, "articles"), table_parts(out, "blocks")
    unpublish(out)
    with replaced_folder(out / "sentences") as folder:
        tasks = (
            _Task(index, *pair, folder / part_name(index))
            for index, pair in enumerate(zip(articles, blocks, strict=True))
        )
        for _ in map_parts(_segment_part, tasks, workers, "segment", len(articles)):
            pass
