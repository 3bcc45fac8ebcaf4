"""What stages tell of rows that a part has from an earlier one, and that a build asks all where it must."""

import dataclasses
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from broadsheet import build
from broadsheet.checks import stage as check
from broadsheet.stages import extract, ingest, kept, segment, survey
from broadsheet.stages.kept import Written
from broadsheet.stages.workers import IN_THIS_PROCESS, Workers
from broadsheet.tables import file_sha256, read_part, table_parts, write_part
from tests.stages.test_kept import DEFAULT, PAGE, Losing, tree


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    """Twelve dumps, in one part, each of a source of its own: none is furniture for another one."""
    for number in range(12):
        path = tmp_path / "raw" / f"paper-{number:02}" / "a.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(PAGE.format(number + 10))
    return tmp_path / "raw"


def run(raw: Path, out: Path, workers: Workers = IN_THIS_PROCESS) -> tuple[Written, Written]:
    ingest.ingest(raw, out, DEFAULT.ingest, workers)
    survey.survey(raw, out, DEFAULT.survey, workers)
    return extract.extract(out, DEFAULT.extract, workers), segment.segment(out, workers)


def id_of(out: Path, raw_path: str) -> str:
    (part,) = table_parts(out, "documents")
    rows = read_part(part, ["raw_path", "document_id"])
    found: str = rows.filter(pc.equal(rows["raw_path"], raw_path))["document_id"][0].as_py()
    return found


def digests(out: Path, *tables: str) -> dict[str, str]:
    return {table: file_sha256(out / table / "part-000000.parquet") for table in tables}


EXTRACTED = ("documents", "blocks", "articles", "metadata", "evidence", "rejects/extract")
SEGMENTED = ("articles", "blocks", "sentences")


def test_stages_tell_of_what_they_took_over(raw: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    for written in run(raw, out):
        assert not written.taken_over
    before = digests(out, *EXTRACTED, *SEGMENTED)
    for written in run(raw, out):
        assert not written.taken_over
    (raw / "paper-07" / "a.txt").write_text(PAGE.format(77))
    for written, names in zip(run(raw, out), (EXTRACTED, SEGMENTED), strict=True):
        told = written.taken_over["part-000000.parquet"]
        assert told.tables == set(names) - ({"articles", "blocks"} if names is SEGMENTED else set())
        assert told.fresh == {id_of(out, "paper-07/a.txt")}
        assert told.earlier == {name: before[name] for name in names}
        assert told.now == digests(out, *names)


@pytest.mark.parametrize("change", ["many documents", "the source", "no state", "another file"])
def test_nothing_is_told_where_little_is_the_same(raw: Path, tmp_path: Path, change: str) -> None:
    out = tmp_path / "out"
    run(raw, out)
    (raw / "paper-07" / "a.txt").write_text(PAGE.format(77))
    match change:
        case "many documents":
            for number in range(8):
                (raw / f"paper-{number:02}" / "a.txt").write_text(PAGE.format(number + 50))
        case "the source":
            for folder in raw.iterdir():
                (folder / "source.yaml").write_text("timezone: Europe/Berlin\n")
        case "no state":
            shutil.rmtree(out / ".state")
        case "another file":
            for name in ("blocks", "sentences"):
                shutil.copyfile(table_parts(out, "documents")[0], table_parts(out, name)[0])
    extracted, segmented = run(raw, out)
    assert not extracted.taken_over
    # Bodies are what they were before.
    assert bool(segmented.taken_over) == (change == "the source")


def test_nothing_is_told_where_a_document_did_not_get_its_due(raw: Path, tmp_path: Path) -> None:
    out, workers = tmp_path / "out", Losing()
    run(raw, out)
    (raw / "paper-07" / "a.txt").write_text(PAGE.format(77))
    workers.functions = ("_extract_part", "_segment_part")
    for written in run(raw, out, workers):
        assert not written.taken_over
    # What was made so is no earlier part for the next build either.
    (raw / "paper-07" / "a.txt").write_text(PAGE.format(78))
    for written in run(raw, out):
        assert not written.taken_over


def _without_last(table: pa.Table) -> pa.Table:
    return table.slice(0, table.num_rows - 1)


def _with_last_twice(table: pa.Table) -> pa.Table:
    return pa.concat_tables([table, table.slice(table.num_rows - 1)])


def _last_first(table: pa.Table) -> pa.Table:
    return pa.concat_tables([table.slice(table.num_rows - 1), table.slice(0, table.num_rows - 1)])


@pytest.mark.parametrize("spoil", [_without_last, _with_last_twice, _last_first])
def test_nothing_is_told_where_rows_got_lost_on_the_way(
    raw: Path, tmp_path: Path, spoil: Callable[[pa.Table], pa.Table], monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    run(raw, out)
    (raw / "paper-00" / "a.txt").write_text(PAGE.format(77))

    def in_order(name: str, *rest: Any, real: Any = kept._in_order) -> pa.Table:
        table = real(name, *rest)
        return spoil(table) if name in ("metadata", "sentences") else table

    monkeypatch.setattr(kept, "_in_order", in_order)
    for written in run(raw, out):
        assert not written.taken_over


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many documents changed, for each check that asked for them alone."""
    seen: list[int] = []

    def only(rows: Any, changed: Any, real: Any = check.only_changed) -> Any:
        seen.append(len(changed))
        return real(rows, changed)

    monkeypatch.setattr(check, "only_changed", only)
    return seen


def built(raw: Path, out: Path) -> list[str]:
    """Build; what it said."""
    said: list[str] = []
    build.build(raw, out, DEFAULT, Workers(1), said.append)
    return said


def results(out: Path) -> dict[str, bytes]:
    """All that a build leaves but its state and pages."""
    return {
        path: content
        for path, content in tree(out).items()
        if path.endswith((".parquet", ".json")) and not path.startswith(".state")
    }


def test_a_changed_dump_is_asked_alone_with_the_results_of_a_clean_build(
    raw: Path, tmp_path: Path, asked: list[int]
) -> None:
    out = tmp_path / "out"
    built(raw, out)
    for number, (change, changed) in enumerate(
        [
            (lambda: (raw / "paper-07" / "a.txt").write_text(PAGE.format(77)), [1, 1]),
            (lambda: (raw / "paper-00" / "b.txt").write_text(PAGE.format(98)), [1, 1]),
            (lambda: (raw / "paper-00" / "b.txt").unlink(), [0, 0]),
            (lambda: (raw / "paper-00" / "b.txt").write_text("Menu\n"), [1, 1]),
            (lambda: (raw / "paper-00" / "b.txt").write_text(PAGE.format(99)), [1, 1]),
            (lambda: (raw / "paper-07" / "source.yaml").write_text("language: de\n"), []),
        ]
    ):
        asked.clear()
        change()
        assert built(raw, out) == []
        clean = tmp_path / f"clean-{number}"
        assert asked == changed
        built(raw, clean)
        assert results(out) == results(clean)


def spoil_blocks(out: Path) -> None:
    """Give a kept document wrong rows, and have the state take them for what was made."""
    (path,) = table_parts(out, "blocks")
    table = read_part(path)
    place = table.column_names.index("label")
    labels = table["label"].to_pylist()
    row = table["document_id"].to_pylist().index(id_of(out, "paper-00/a.txt"))
    labels[row] = "body" if labels[row] != "body" else "promo"
    digest = write_part(path, table.set_column(place, table.schema.field("label"), pa.array(labels)))
    (state,) = (out / ".state" / "extract").iterdir()
    entry = json.loads(state.read_text())
    entry["files"]["blocks"]["sha256"] = digest
    state.write_text(json.dumps(entry))


def test_a_kept_document_of_a_part_that_never_passed_is_asked(raw: Path, tmp_path: Path, asked: list[int]) -> None:
    out = tmp_path / "out"
    built(raw, out)
    spoil_blocks(out)
    (raw / "paper-07" / "a.txt").write_text(PAGE.format(77))
    said = built(raw, out)
    assert any("only_body_labels_lie_in_a_body" in line for line in said)
    assert asked == []


def test_a_document_that_fails_is_reported_as_by_a_clean_build(
    raw: Path, tmp_path: Path, asked: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Extract makes something wrong of one dump, in a build onto another one and in one from the beginning."""

    def work(documents: Any, *rest: Any, real: Any = extract.extract_documents) -> Any:
        return [
            dataclasses.replace(found, article=dataclasses.replace(found.article, paragraph_count=99))
            if found.article and "Ferry number 77" in document.text
            else found
            for document, found in zip(documents, real(documents, *rest), strict=True)
        ]

    monkeypatch.setattr(extract, "extract_documents", work)
    out, clean = tmp_path / "out", tmp_path / "clean"
    built(raw, out)
    (raw / "paper-07" / "a.txt").write_text(PAGE.format(77))
    said = built(raw, out)
    assert asked == [1]
    assert [line.replace(str(out), str(clean)) for line in said] == built(raw, clean)
    assert (out / "checks" / "extract.json").read_bytes() == (clean / "checks" / "extract.json").read_bytes()
    # Nothing that failed has passed.
    assert built(raw, out) == said
    (raw / "paper-07" / "a.txt").write_text(PAGE.format(17))
    assert built(raw, out) == []
