"""What is asked of parts one run at a time: the same report, and nothing twice."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from broadsheet import checks
from broadsheet.build import check_what_changed
from broadsheet.checks import stage as check
from broadsheet.stages import STAGES
from broadsheet.tables import file_sha256
from tests.checks.conftest import Rows

Asked = list[tuple[str, str, set[str]]]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """Table, scope and names of parts of each suite that is run."""
    seen: Asked = []

    def run(suite: Any, database: Any, parts: Any, positions: Any, *rest: Any, real: Any = check.Suite.run) -> Any:
        scope = "corpus" if positions is suite.of_corpus else "document"
        seen.append((suite.table.name, scope, {file.name for file in parts.files}))
        return real(suite, database, parts, positions, *rest)

    def count(suite: Any, database: Any, parts: Any, positions: Any, real: Any = check.Suite.count) -> Any:
        seen.append((suite.table.name, "document", {file.name for file in parts.files}))
        return real(suite, database, parts, positions)

    monkeypatch.setattr(check.Suite, "run", run)
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
def test_what_holds_of_copies_is_not_asked_of_files(
    rows: Rows, build: Callable[..., Path], stage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = build(rows)
    asked: list[Any] = []
    copied: list[str] = []

    def run(suite: Any, database: Any, parts: Any, positions: Any, *rest: Any, real: Any = check.Suite.run) -> Any:
        asked.extend(positions)
        return real(suite, database, parts, positions, *rest)

    def names(*given: Any, real: Any = check._copied) -> Any:
        found = real(*given)
        copied.extend(found)
        return found

    monkeypatch.setattr(check.Suite, "run", run)
    monkeypatch.setattr(check, "_copied", names)
    report = checks.check_stage(folder, stage)
    assert copied and not asked
    monkeypatch.setattr(check, "_BYTES_AT_A_TIME", 1)
    copied.clear()
    assert checks.check_stage(folder, stage) == report
    assert not copied


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


def test_a_build_asks_again_only_of_parts_that_changed(rows: Rows, build: Callable[..., Path], asked: Asked) -> None:
    folder = build(rows)

    def files(paths: Iterable[Path]) -> dict[str, str]:
        return {path.relative_to(folder).as_posix(): file_sha256(path) for path in paths}

    def check_all() -> bool:
        asked.clear()
        return check_what_changed("ingest", folder, files(folder.rglob("*.parquet")), [].append)

    assert check_all() and of_documents(asked)
    assert check_all() and not asked
    rows["documents"][-1]["encoding"] = "cp1252"
    build(rows)
    assert check_all() and of_documents(asked)["documents"] == [{"part-1.parquet"}]
    rows["documents"][0]["encoding"] = ""
    build(rows)
    assert not check_all() and not (folder / "manifest.json").exists()
