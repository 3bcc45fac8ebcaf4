"""Stage segment: the bodies that it reads, and the sample corpus cut by both kinds of rules."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from broadsheet.segmentation import segment_at_once, segment_each
from broadsheet.stages.segment import _bodies
from broadsheet.tables import read_part, table_parts


def test_both_kinds_of_rules_make_the_sentences_of_the_sample_corpus(corpus: Path) -> None:
    parts = [table_parts(corpus, name) for name in ("articles", "blocks", "sentences")]
    for articles, blocks, sentences in zip(*parts, strict=True):
        bodies, expected = _bodies(articles, blocks), read_part(sentences)
        for cut in (segment_at_once, segment_each):
            assert cut(bodies).cast(expected.schema).equals(expected)


@pytest.mark.parametrize("rows", [7, 1 << 20])
def test_bodies_know_where_their_paragraphs_begin(corpus: Path, tmp_path: Path, rows: int) -> None:
    articles, blocks = (table_parts(corpus, name)[0] for name in ("articles", "blocks"))
    written = tmp_path / "blocks.parquet"
    pq.write_table(read_part(blocks), written, row_group_size=rows)
    starts: dict[str, dict[int, int]] = {}
    for block in read_part(blocks).to_pylist():
        if block["paragraph_index"] is not None:
            starts.setdefault(block["document_id"], {}).setdefault(block["paragraph_index"], block["start"])
    bodies = _bodies(articles, written)
    for index, article_id in enumerate(bodies.article_id.to_pylist()):
        assert list(starts[article_id].values()) == bodies.starts(index).tolist()
        assert list(starts[article_id]) == list(range(len(bodies.starts(index))))


def test_a_part_without_articles_has_no_bodies(corpus: Path, tmp_path: Path) -> None:
    articles, blocks = (table_parts(corpus, name)[0] for name in ("articles", "blocks"))
    for name, part in (("articles", articles), ("blocks", blocks)):
        pq.write_table(read_part(part).slice(0, 0), tmp_path / name)
    bodies = _bodies(tmp_path / "articles", tmp_path / "blocks")
    assert (len(bodies.article_id), bodies.paragraphs.tolist(), len(bodies.paragraph_start)) == (0, [0], 0)
