"""Parts that are missing, broken or of another schema: failed results that name the file, never a traceback."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from broadsheet import checks
from broadsheet.errors import UsageError

Rows = dict[str, list[dict[str, Any]]]
Build = Callable[..., Path]
PARTS = "expect_parts_to_have_schema"


def failed_types(report: dict[str, Any]) -> set[str]:
    return {entry["type"] for entry in report["results"] if not entry["success"]}


def rewrite(file: Path, change: Callable[[pa.Table], pa.Table]) -> None:
    pq.write_table(change(pq.read_table(file)), file)


def smaller_type(table: pa.Table) -> pa.Table:
    index = table.schema.get_field_index("raw_bytes")
    field = pa.field("raw_bytes", pa.int32(), nullable=False)
    return table.set_column(index, field, table["raw_bytes"].cast(pa.int32()))


def nullable(table: pa.Table) -> pa.Table:
    index = table.schema.get_field_index("media_type")
    return table.cast(table.schema.set(index, table.schema.field(index).with_nullable(True)))


SCHEMA_CHANGES = [
    (smaller_type, "column raw_bytes is int32, not int64"),
    (nullable, "column media_type is nullable, not not nullable"),
    (lambda table: table.append_column("extra", pa.nulls(len(table))), "column extra is not declared"),
    (lambda table: table.select(list(reversed(table.column_names))), "columns are in another order"),
    (
        lambda table: table.replace_schema_metadata({"schema_version": "0", "table": "documents"}),
        "metadata schema_version is '0', not '1'",
    ),
    (lambda table: table.replace_schema_metadata(None), "metadata schema_version is missing"),
]


@pytest.mark.parametrize("index", range(len(SCHEMA_CHANGES)))
def test_a_schema_that_differs_in_one_part_only(rows: Rows, build: Build, index: int) -> None:
    change, problem = SCHEMA_CHANGES[index]
    folder = build(rows)
    rewrite(folder / "documents/part-1.parquet", change)
    report = checks.check_stage(folder, "ingest")
    assert failed_types(report) == {PARTS}
    (entry,) = [entry for entry in report["results"] if not entry["success"]]
    assert {row["part"] for row in entry["sample"]} == {"documents/part-1.parquet"}
    assert problem in entry["sample"][0]["problem"]


def test_a_null_where_none_may_be(rows: Rows, build: Build) -> None:
    folder = build(rows)

    def with_null(table: pa.Table) -> pa.Table:
        table = nullable(table)
        index = table.schema.get_field_index("media_type")
        return table.set_column(index, table.schema.field(index), pa.nulls(len(table), pa.string()))

    rewrite(folder / "documents/part-1.parquet", with_null)
    report = checks.check_stage(folder, "ingest")
    assert failed_types(report) == {PARTS, "expect_column_values_to_not_be_null"}


@pytest.mark.parametrize("part", ["part-0", "part-1"])
def test_a_column_that_is_missing(rows: Rows, build: Build, part: str) -> None:
    folder = build(rows)
    rewrite(folder / f"documents/{part}.parquet", lambda table: table.drop_columns(["encoding"]))
    report = checks.check_stage(folder, "ingest")
    assert PARTS in failed_types(report)
    concerned = [entry for entry in report["results"] if entry.get("column") == "encoding"]
    assert len(concerned) == 2
    assert all("encoding" in entry["error"] for entry in concerned)
    assert str(folder) not in json.dumps(report)
    assert any("column encoding is missing" in line for line in checks.failures(report))


@pytest.mark.parametrize("content", [b"", b"PAR1 this is no Parquet"])
def test_a_file_that_is_not_parquet(rows: Rows, build: Build, content: bytes) -> None:
    folder = build(rows)
    (folder / "documents/part-1.parquet").write_bytes(content)
    report = checks.check_stage(folder, "ingest")
    assert not report["success"]
    assert report["tables"]["documents"] is None
    lines = checks.failures(report)
    assert len(lines) <= 5
    assert all("documents/part-1.parquet" in line for line in lines[1:])


def test_a_page_that_is_broken(rows: Rows, build: Build) -> None:
    folder = build(rows)
    file = folder / "documents/part-1.parquet"
    start = pq.ParquetFile(file).metadata.row_group(0).column(11).data_page_offset
    content = bytearray(file.read_bytes())
    content[start : start + 60] = b"\xff" * 60
    file.write_bytes(content)
    report = checks.check_stage(folder, "ingest")
    errors = {entry.get("error") for entry in report["results"] if not entry["success"]}
    assert errors == {"documents/part-1.parquet: its rows cannot be read"}


def test_tables_and_counts_that_are_missing(rows: Rows, build: Build) -> None:
    folder = build(rows, raw_records=None)
    shutil.rmtree(folder / "documents")
    report = checks.check_stage(folder, "ingest")
    errors = {entry["error"] for entry in report["results"] if "error" in entry}
    assert errors == {
        "documents/: there is no part file here",
        ".state/accounting.json: is not there, or not a JSON object with a whole number raw_records",
    }
    with pytest.raises(UsageError, match="no such folder"):
        checks.check_stage(folder / "nowhere", "ingest")
    with pytest.raises(UsageError, match="no check of stage 'publish'"):
        checks.check_stage(folder, "publish")


def test_a_type_that_duckdb_cannot_read(rows: Rows, build: Build) -> None:
    folder = build(rows)
    for part in ("part-0", "part-1"):
        rewrite(folder / f"sources/{part}.parquet", lambda table: table.select([]))
    report = checks.check_stage(folder, "survey")
    assert not report["success"]
    assert PARTS in failed_types(report)


@pytest.mark.parametrize("content", ["[]", '{"raw_records": "6"}', "\xff"])
def test_accounting_that_is_not_a_number(rows: Rows, build: Build, content: str) -> None:
    folder = build(rows)
    (folder / ".state/accounting.json").write_text(content, encoding="latin-1")
    report = checks.check_stage(folder, "ingest")
    assert [line for line in checks.failures(report) if ".state/accounting.json" in line] == checks.failures(report)


def test_accounting_that_is_off_by_one(rows: Rows, build: Build) -> None:
    report = checks.check_stage(build(rows, raw_records=7), "ingest")
    (entry,) = [entry for entry in report["results"] if not entry["success"]]
    assert entry["kwargs"]["name"] == "raw_records_are_accounted_for"
    assert entry["sample"] == [{"raw_records": 7, "documents": 4, "rejects": 2}]


def test_a_file_that_is_no_part(rows: Rows, build: Build) -> None:
    folder = build(rows)
    (folder / "documents/notes.txt").write_text("x")
    assert failed_types(checks.check_stage(folder, "ingest")) == {PARTS}


def test_what_a_later_stage_left_is_not_read(rows: Rows, build: Build) -> None:
    folder = build(rows)
    before = checks.check_stage(folder, "ingest")
    shutil.rmtree(folder / "rejects/extract")
    shutil.rmtree(folder / "articles")
    assert checks.check_stage(folder, "ingest") == before


def test_paths_that_sql_and_globs_would_read_otherwise(rows: Rows, build: Build) -> None:
    name = 'it\'s a [ab] "*" ? {x,y} \\ $1 %20 é'
    other = build(rows, name="it's a a")
    folder = build(rows, name=name)
    for stage in ("ingest", "segment"):
        assert checks.check_stage(folder, stage) == checks.check_stage(other, stage)
