"""What is asked of parts one run at a time: the same report, and nothing twice."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from broadsheet import checks
from broadsheet.build import check_what_changed
from broadsheet.checks import rows as in_memory
from broadsheet.checks import stage as check
from broadsheet.stages import STAGES
from broadsheet.tables import file_sha256
from tests.checks.conftest import Rows

Asked = list[tuple[str, str, set[str]]]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """Table, scope and names of parts of each suite that is run."""
    seen: Asked = []

    def asking(name: str) -> None:
        real = getattr(check.Suite, name)

        def ask(suite: Any, database: Any, parts: Any, positions: Any, *rest: Any) -> Any:
            scope = "corpus" if set(positions) <= set(suite.of_corpus) else "document"
            if positions:
                seen.append((suite.table.name, scope, {file.name for file in parts.files}))
            return real(suite, database, parts, positions, *rest)

        monkeypatch.setattr(check.Suite, name, ask)

    def count(suite: Any, database: Any, parts: Any, positions: Any, real: Any = check.Suite.count) -> Any:
        seen.append((suite.table.name, "document", {file.name for file in parts.files}))
        return real(suite, database, parts, positions)

    asking("run")
    asking("held")
    monkeypatch.setattr(check.Suite, "count", count)
    return seen


def of_documents(asked: Asked) -> dict[str, list[set[str]]]:
    found: dict[str, list[set[str]]] = {}
    for table, scope, names in asked:
        if scope == "document" and table != "sources":
            found.setdefault(table, []).append(names)
    return found


@pytest.mark.parametrize("stage", STAGES)
def test_parts_by_themselves_give_the_report_of_all(
    rows: Rows, build: Callable[..., Path], stage: str, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = build(rows)
    together = checks.check_stage(folder, stage)
    asked.clear()
    monkeypatch.setattr(check, "_BYTES_AT_A_TIME", 1)
    assert checks.check_stage(folder, stage) == together
    assert all(names == [{"part-0.parquet"}, {"part-1.parquet"}] for names in of_documents(asked).values())
    asked.clear()
    assert checks.check_stage(folder, stage, {"part-0.parquet"}) == together
    assert all(names == [{"part-1.parquet"}] for names in of_documents(asked).values())


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("size", [1, 32_000_000])
def test_what_holds_in_memory_is_not_asked_of_files(
    rows: Rows, build: Callable[..., Path], stage: str, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = build(rows)
    asked: list[Any] = []

    def run(suite: Any, database: Any, parts: Any, positions: Any, *rest: Any, real: Any = check.Suite.run) -> Any:
        asked.extend(positions)
        return real(suite, database, parts, positions, *rest)

    monkeypatch.setattr(check.Suite, "run", run)
    monkeypatch.setattr(check, "_BYTES_AT_A_TIME", size)
    report = checks.check_stage(folder, stage)
    assert not asked
    monkeypatch.setattr(check, "_held", lambda of, *_: [set() for _ in of.suites])
    assert checks.check_stage(folder, stage) == report
    assert asked


def test_a_warning_of_the_corpus_does_not_ask_all_parts_again(
    rows: Rows, build: Callable[..., Path], asked: Asked
) -> None:
    for row in rows["metadata"]:
        row.update(dict.fromkeys((key for key in row if key.startswith("date_published")), None))
    rows["evidence"] = [row for row in rows["evidence"] if row["field"] != "date_published"]
    numbers: dict[str, int] = {}
    for row in rows["evidence"]:
        row["evidence_index"] = numbers[row["article_id"]] = numbers.get(row["article_id"], -1) + 1
    report = checks.check_stage(build(rows), "extract", {"part-0.parquet"})
    assert [entry["kwargs"]["name"] for entry in report["results"] if not entry["success"]] == [
        "most_articles_have_a_date"
    ]
    assert set(of_documents(asked)) == {"articles", "blocks", "metadata", "evidence", "rejects"}
    # Evidence has a row less in its first part, whose rows the second now has.
    assert report["warnings"] == 1


def test_an_id_in_two_parts_is_told_of_all(rows: Rows, build: Callable[..., Path]) -> None:
    """Each part is right by itself, and both have the same document."""
    for table in ("documents", "blocks", "articles", "metadata", "evidence", "sentences"):
        key = "document_id" if "document_id" in rows[table][0] else "article_id"
        first = [row for row in rows[table] if row[key] == rows["documents"][0]["document_id"]]
        rows[table][len(first) :] = [dict(row) for row in first]
    rows["rejects"] = []
    report = checks.check_stage(build(rows, raw_records=2), "ingest", {"part-0.parquet", "part-1.parquet"})
    assert not report["success"]
    report = checks.check_stage(build(rows, raw_records=2), "segment", {"part-0.parquet", "part-1.parquet"})
    assert {entry["type"] for entry in report["results"] if not entry["success"]} <= {
        "expect_column_values_to_be_unique", "expect_compound_columns_to_be_unique", "expect_query_to_return_no_rows",
    }  # fmt: skip


def files(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): file_sha256(path) for path in folder.glob("[a-z]*/**/*.parquet")}


def test_a_build_asks_again_only_of_parts_that_changed(rows: Rows, build: Callable[..., Path], asked: Asked) -> None:
    folder = build(rows)

    def check_all() -> bool:
        asked.clear()
        return check_what_changed("ingest", folder, files(folder), [].append)

    assert check_all() and of_documents(asked)
    assert check_all() and not asked
    rows["documents"][-1]["encoding"] = "cp1252"
    build(rows)
    assert check_all() and of_documents(asked)["documents"] == [{"part-1.parquet"}]
    rows["documents"][0]["encoding"] = ""
    build(rows)
    assert not check_all() and not (folder / "manifest.json").exists()


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that a check has read rows of."""
    seen: list[str] = []

    def read_one(file: Path, name: str, columns: Any, real: Any = in_memory._read) -> Any:
        seen.append(f"{name}/{file.name}")
        return real(file, name, columns)

    monkeypatch.setattr(in_memory, "_read", read_one)
    return seen


def test_columns_of_parts_that_passed_are_kept(
    rows: Rows, build: Callable[..., Path], read: list[str], asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = build(rows)
    together = checks.check_stage(folder, "extract")

    def reads(passed: set[str]) -> set[str]:
        read.clear()
        assert checks.check_stage(folder, "extract", passed, digests=files(folder)) == together
        return {name for name in read if not name.startswith("sources")}

    monkeypatch.setattr(check, "_BYTES_AT_A_TIME", 1)
    assert "articles/part-0.parquet" in reads(set())
    assert {name.rpartition("/")[2] for name in reads({"part-0.parquet"})} == {"part-1.parquet"}
    # Whatever has been lost of it, and whoever made it, is made anew.
    kept = folder / ".state/columns/extract-articles"
    content = kept.read_bytes()
    place = len(content) // 2
    flipped = content[:place] + bytes([content[place] ^ 128]) + content[place + 1 :]
    for damaged in (content[:place], flipped, b""):
        kept.write_bytes(damaged)
        assert "articles/part-0.parquet" in reads({"part-0.parquet"})
        assert kept.read_bytes() == content
    monkeypatch.setattr(in_memory, "code_key", lambda: "other code")
    assert {"articles/part-0.parquet", "rejects/part-0.parquet"} <= reads({"part-0.parquet"})
    assert kept.read_bytes() != content
    # Of a larger corpus nothing is kept, and files are asked for the rest, but not for what their parts tell.
    monkeypatch.setattr(in_memory, "_MOST_BYTES", 1)
    kept.unlink()
    asked.clear()
    assert reads({"part-0.parquet"}) and not kept.exists()
    assert of_documents(asked) and all(names == [{"part-1.parquet"}] for names in of_documents(asked).values())


@pytest.mark.parametrize("index", [0, 1])
def test_a_defect_of_the_corpus_is_found_beside_what_is_kept(
    rows: Rows, build: Callable[..., Path], index: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A document comes to have the id or the place of one in a part that is as it was."""
    monkeypatch.setattr(check, "_BYTES_AT_A_TIME", 1)
    folder = build(rows)
    assert checks.check_stage(folder, "ingest", digests=files(folder))["success"]
    first, second = rows["documents"][:2]
    second.update({"raw_path": first["raw_path"]} if index else {"document_id": first["document_id"]})
    build(rows)
    report = checks.check_stage(folder, "ingest", {"part-0.parquet"}, digests=files(folder))
    assert not report["success"]
    assert report == checks.check_stage(folder, "ingest")


@pytest.mark.parametrize("stage", STAGES)
def test_a_text_that_is_not_utf_8_is_found(rows: Rows, build: Callable[..., Path], stage: str) -> None:
    folder = build(rows)
    for name, column in (("documents", "source"), ("articles", "body"), ("sentences", "text"), ("sources", "title")):
        file = folder / name / "part-1.parquet"
        table = pq.read_table(file)
        place = table.schema.get_field_index(column)
        broken = pa.array([b"\xff\xfe"] * len(table)).view(pa.string())
        pq.write_table(table.set_column(place, table.schema.field(column), broken), file)
    assert not checks.check_stage(folder, stage)["success"]
