"""What lines add up to: as by hand, of lines of no document as well."""

from collections import Counter
from pathlib import Path

import pyarrow.compute as pc
import pytest

from broadsheet.report.lines import LEAST_CERTAIN, add_up_lines
from broadsheet.tables import read_part, table_parts, write_part
from tests.conftest import RAW
from tests.stages.test_kept import run


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("lines") / "out"
    run(RAW, out)
    return out


def by_hand(out: Path, name: str) -> tuple[list[tuple[str, str, int]], list[tuple[str, float]]]:
    documents, articles, blocks = (
        read_part(out / table / name).to_pylist() for table in ("documents", "articles", "blocks")
    )
    sources = {row["document_id"]: row["source"] for row in documents}
    characters, wrong, whole = Counter[tuple[str, str]](), Counter[str](), Counter[str]()
    for row in blocks:
        length, score = row["end"] - row["start"], row["score"]
        if row["document_id"] in sources:
            characters[sources[row["document_id"]], row["label"]] += length
        if row["document_id"] in sources and score is not None:
            wrong[row["document_id"]] += length * min(score, 1 - score)
            whole[row["document_id"]] += length
    ids = {row["article_id"] for row in articles} & set(whole)
    doubts = sorted(((id_, round(wrong[id_] / whole[id_], 6)) for id_ in ids), key=lambda row: (-row[1], row[0]))
    return [(*key, count) for key, count in sorted(characters.items())], doubts[:LEAST_CERTAIN]


def test_lines_add_up_part_by_part(corpus: Path) -> None:
    names = [part.name for part in table_parts(corpus, "blocks")]
    parts = [by_hand(corpus, name) for name in names]
    found = add_up_lines(corpus, names)
    assert found.characters == [row for characters, _ in parts for row in characters]
    assert found.doubts == [[pytest.approx(row) for row in doubts] for _, doubts in parts]
    assert add_up_lines(corpus, names) == found


def test_lines_of_no_document_are_passed_over(corpus: Path) -> None:
    (corpus / "manifest.json").unlink()
    part = table_parts(corpus, "documents")[0]
    documents = read_part(part)
    write_part(part, documents.filter(pc.not_equal(documents["document_id"], documents["document_id"][0])))
    found = add_up_lines(corpus, [part.name])
    characters, doubts = by_hand(corpus, part.name)
    assert found.characters == characters and found.doubts == [[pytest.approx(row) for row in doubts]]
