"""Reports are the same from run to run, quiet, and hold nothing of the machine."""

import json
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from broadsheet import checks
from tests.checks.conftest import write_part

Rows = dict[str, list[dict[str, Any]]]


@pytest.fixture
def defective(rows: Rows) -> Rows:
    """Many failing rows, with long and blank texts, in blocks, articles and metadata."""
    for block in rows["blocks"]:
        block.update(start=block["start"] + 1, label="promo", score=1.123)
    for article in rows["articles"]:
        article.update(body="long " * 100, source="zine\n'\"")
    for metadata in rows["metadata"]:
        metadata.update(authors=["", "x"], date_modified=None, raw_bytes=1)
    return rows


@pytest.mark.parametrize("threads", [1, 5])
def test_reports_are_the_same_bytes(defective: Rows, build: Callable[..., Path], threads: int) -> None:
    from broadsheet.checks.stage import run_stage

    first = build(defective, name="first")
    second = build(defective, name="second")
    checks.write_report(first, "extract", checks.check_stage(first, "extract"))
    checks.write_report(second, "extract", run_stage(second, "extract", threads=threads))
    text = (first / "checks/extract.json").read_bytes()
    assert text == (second / "checks/extract.json").read_bytes()
    report = json.loads(text)
    assert report["failed"] >= 8
    assert str(first).encode() not in text
    samples = [entry["sample"] for entry in report["results"] if "sample" in entry]
    assert max(map(len, samples)) <= 20
    texts = [value for sample in samples for row in sample for value in row.values() if isinstance(value, str)]
    assert max(map(len, texts)) <= 200


def test_it_is_quiet_and_needs_no_network(
    defective: Rows, build: Callable[..., Path], capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network is not needed")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    folder = build(defective)
    (folder / "metadata/part-0.parquet").write_bytes(b"no Parquet")
    for stage in ("extract", "segment"):
        checks.check_stage(folder, stage)
    captured = capfd.readouterr()
    assert (captured.out, captured.err) == ("", "")


def test_a_warning_does_not_fail(rows: Rows, build: Callable[..., Path]) -> None:
    for article in rows["articles"]:
        article["word_count"] = 3
    report = checks.check_stage(build(rows), "extract")
    assert report["success"]
    assert (report["failed"], report["warnings"]) == (0, 1)
    assert checks.failures(report) == []
    heading, sample = checks.warnings(report)
    assert heading.startswith("articles: most_bodies_have_thirty_words (At most a fifth")
    assert heading.endswith("1 of 3 rows")
    assert sample == '    {"short": 3, "articles": 3}'


def test_lines_name_the_column_and_the_rows(rows: Rows, build: Callable[..., Path]) -> None:
    for block in rows["blocks"]:
        block["score"] = float("nan")
    report = checks.check_stage(build(rows), "extract")
    lines = checks.failures(report)
    assert lines[0] == ("blocks.score: expect_column_values_to_be_between {min_value: 0, max_value: 1}: 17 of 17 rows")
    first = json.loads(lines[1])
    assert list(first) == ["document_id", "block_index", "score"]
    assert first["score"] == "nan"
    assert lines[6:] == ["    … more in checks/extract.json"]


def test_a_number_that_is_none_is_named_among_equal_ones(rows: Rows, build: Callable[..., Path]) -> None:
    """The least and the largest value of the only part are the same, and say nothing of it."""
    rows["blocks"][0]["score"] = float("nan")
    folder = build(rows)
    (folder / "blocks/part-1.parquet").unlink()
    write_part(folder / "blocks/part-0.parquet", "blocks", rows["blocks"])
    report = checks.check_stage(folder, "extract")
    (entry,) = (entry for entry in report["results"] if not entry["success"])
    assert entry["unexpected_count"] == 1
    assert [row["block_index"] for row in entry["sample"]] == [0]
