"""What is kept of containers: of a large one only the pieces that changed are read again."""

import bz2
import dataclasses
import io
import json
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from broadsheet import read_table
from broadsheet.parameters import read_parameters
from broadsheet.readers import Unit
from broadsheet.stages import ingest
from broadsheet.stages.workers import IN_THIS_PROCESS, Care, Workers
from tests.stages.test_kept import PAGE, SMALL, clean, run, tree

pytestmark = pytest.mark.filterwarnings("ignore::broadsheet.tables.UnfinishedCorpusWarning")
PIECES = dataclasses.replace(SMALL, ingest=dataclasses.replace(SMALL.ingest, part_bytes=2000, piece_bytes=2000))
TEXTS = [PAGE.format(number) for number in range(1, 41)]


def lines(texts: Sequence[str]) -> bytes:
    return b"".join(json.dumps({"text": text}).encode() + b"\n" for text in texts)


def zipped(texts: Sequence[str]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:  # stored, so that sizes are those of the texts
        for number, text in enumerate(texts):
            archive.writestr(zipfile.ZipInfo(f"{number:03}.txt"), text)
    return file.getvalue()


def warc(texts: Sequence[str]) -> bytes:
    records = []
    for number, text in enumerate(texts):
        content = text.encode()
        records.append(
            f"WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Target-URI: https://ferry.example/{number}\r\n"
            f"Content-Type: text/plain\r\nContent-Length: {len(content)}\r\n\r\n".encode()
            + content
            + b"\r\n\r\n"
        )
    return b"".join(records)


def parquet(texts: Sequence[str]) -> bytes:
    file = io.BytesIO()
    pq.write_table(pa.table({"text": texts}), file, row_group_size=5, compression="none", use_dictionary=False)
    return file.getvalue()


CONTAINERS = {"a.jsonl": lines, "a.zip": zipped, "a.warc": warc, "a.parquet": parquet}


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[Unit]:
    """Units that are read."""
    seen: list[Unit] = []

    def work(unit: Unit, *rest: Any, real: Any = ingest.read_unit) -> Any:
        seen.append(unit)
        return real(unit, *rest)

    monkeypatch.setattr(ingest, "read_unit", work)
    return seen


@pytest.mark.parametrize("name", CONTAINERS)
def test_only_pieces_that_changed_are_read_again(name: str, tmp_path: Path, read: list[Unit]) -> None:
    write: Callable[[Sequence[str]], bytes] = CONTAINERS[name]
    raw, out = tmp_path / "raw", tmp_path / "out"
    (raw / "s").mkdir(parents=True)
    (raw / "s" / name).write_bytes(write(TEXTS[:32]))
    (raw / "s" / "z.txt").write_text(TEXTS[1])  # a copy, far behind
    run(raw, out, PIECES)
    pieces = len(read)
    assert pieces > 4
    changed = [*TEXTS[:20], TEXTS[20].replace("Monday", "Sunday"), *TEXTS[21:32]]
    for texts, most in [
        (TEXTS[:32], 0),
        ([*TEXTS[:32], PAGE.format(77)], 2),  # the last piece, and one more where it has grown beyond its size
        (changed, 3),
        ([*changed, TEXTS[3]], 3),
        (TEXTS[:32], 3),
    ]:
        (raw / "s" / name).write_bytes(write(texts))
        read.clear()
        run(raw, out, PIECES)
        assert len({unit.first_record for unit in read}) <= most
        assert tree(out) == clean(raw, PIECES)


def test_a_container_of_several_parts_is_kept(tmp_path: Path, read: list[Unit]) -> None:
    raw, out = tmp_path / "raw", tmp_path / "out"
    (raw / "s").mkdir(parents=True)
    (raw / "s" / "b.jsonl.bz2").write_bytes(bz2.compress(lines([*TEXTS[:30], TEXTS[2], TEXTS[9]])))
    run(raw, out, PIECES)
    before = tree(out)
    read.clear()
    run(raw, out, PIECES)
    assert read == [] and tree(out) == before
    # Copies come and go in a part in the middle, whose number changes too.
    (raw / "s" / "a.txt").write_text(TEXTS[14])
    run(raw, out, PIECES)
    assert tree(out) == clean(raw, PIECES)
    (raw / "s" / "a.txt").unlink()
    run(raw, out, PIECES)
    assert tree(out) == before


class LosingUnits(Workers):
    """Workers that lose the second unit of each task of ingest, after they have read and written all of it."""

    def run(self, function: Any, tasks: Any, description: str, size: Any = None) -> list[Any]:
        if function.__name__ != "_read_part":
            return IN_THIS_PROCESS.run(function, tasks, description)
        for task in tasks:
            function(task, Care())
        return [function(task, Care(True, frozenset({1}))) for task in tasks]


def test_a_lost_unit_costs_its_records_and_leaves_nothing_of_them(tmp_path: Path) -> None:
    raw, out = tmp_path / "raw", tmp_path / "out"
    (raw / "s").mkdir(parents=True)
    parameters = dataclasses.replace(read_parameters().ingest, part_records=1 << 40, part_bytes=8000, piece_bytes=8000)
    (raw / "s" / "a.txt").write_text(PAGE.format(50))
    (raw / "s" / "b.jsonl.bz2").write_bytes(bz2.compress(lines(TEXTS)))
    ingest.ingest(raw, out, parameters, LosingUnits())
    assert sorted(path.name for path in (out / "documents").iterdir()) == ["part-000000.parquet"]
    assert list(read_table("documents", out)["raw_path"]) == ["s/a.txt"]
    rejects = read_table("rejects", out)
    assert list(zip(rejects["raw_path"], rejects["reason"], strict=True)) == [("s/b.jsonl.bz2", "crashed")]
    ingest.ingest(raw, out, parameters)
    assert len(read_table("documents", out)) == 41
