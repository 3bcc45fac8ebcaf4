"""Large containers are cut into pieces: the records and their indexes are the same however they are cut."""

import bz2
import gzip
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet import read_table
from broadsheet.parameters import read_parameters
from broadsheet.readers import RawFile, Unit, list_units, read_unit, read_whole, to_document
from broadsheet.records import RawRecord, Reject
from broadsheet.sources import SourceFile
from broadsheet.stages.ingest import ingest
from broadsheet.stages.workers import Workers
from broadsheet.tables import table_parts
from tests.make_containers import response

PARAMETERS = read_parameters().ingest
pytestmark = pytest.mark.filterwarnings("ignore::broadsheet.tables.UnfinishedCorpusWarning")
TEXTS = [f"Line {n} of the harbour's day book. " * (1 + n % 7) for n in range(60)]


def lines(damaged: bool) -> bytes:
    rows = [json.dumps({"text": text}).encode() + b"\n" for text in TEXTS]
    if damaged:
        rows[20:20] = [b"\n", b"  \r\n", b"{broken\n"]
        rows[-1] = rows[-1][:-9]
    return b"".join(rows)


def warc(damaged: bool, pack: Callable[[bytes], bytes] = bytes) -> bytes:
    records = [response(str(n), "", text.encode(), "text/plain") for n, text in enumerate(TEXTS)]
    records.insert(0, b"WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 0\r\n\r\n\r\n\r\n")
    if damaged:
        records[31] = records[31].replace(b"\r\nContent-Length: ", b"\r\nContent-Length: 1", 1)
        records[41] = records[41].replace(b"\r\nContent-Length: ", b"\r\nContent-Length: -", 1)
    return b"".join(map(pack, records))[: -30 if damaged else None]


def parquet(damaged: bool) -> bytes:
    file = io.BytesIO()
    texts = [None if damaged and n % 9 == 0 else text for n, text in enumerate(TEXTS)]
    pq.write_table(pa.table({"text": texts}), file, row_group_size=7, compression="none", use_dictionary=False)
    return file.getvalue()


def zipped(damaged: bool) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for n, text in enumerate(TEXTS):
            archive.writestr(f"{n}.txt", b"" if damaged and n % 9 == 0 else text.encode())
    content = bytearray(file.getvalue())
    if damaged:
        content[3000] ^= 255
    return bytes(content)


CONTAINERS = {
    "a.jsonl": lines,
    "a.warc": warc,
    "a.warc.gz": lambda damaged: warc(damaged, gzip.compress),
    "a.parquet": parquet,
    "a.zip": zipped,
}


@pytest.mark.parametrize("damaged", [False, True])
@pytest.mark.parametrize("name", CONTAINERS)
@settings(max_examples=12, deadline=None)
@given(piece=st.integers(200, 9000))
def test_records_are_the_same_however_a_container_is_cut(
    name: str, damaged: bool, piece: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("cut") / name
    path.write_bytes(CONTAINERS[name](damaged))
    file = RawFile(str(path), f"s/{name}", "s", path.stat().st_size)
    (whole,) = list_units([file], PARAMETERS)
    units = list(list_units([file], replace(PARAMETERS, piece_bytes=piece)))
    # Small pieces are many, but for gzip, where a few records fill the whole file.
    assert len(units) > 1 or piece > 1500
    expected = list(read_unit(whole, SourceFile(), PARAMETERS))
    found = [record for unit in units for record in read_unit(unit, SourceFile(), PARAMETERS)]
    assert [record.raw_record for record in found] == list(range(len(expected)))
    if not damaged:
        assert found == expected
        assert len(found) == len(TEXTS)
    # Offsets in the words of a reject are those in the piece.
    assert [
        record.content if isinstance(record, RawRecord) else (record.reason, record.raw_sha256) for record in found
    ] == [
        record.content if isinstance(record, RawRecord) else (record.reason, record.raw_sha256) for record in expected
    ]


@pytest.mark.parametrize("piece", [1 << 20, 300])
def test_a_broken_row_group_is_one_failure_however_the_file_is_cut(piece: int, tmp_path: Path) -> None:
    content = parquet(damaged=False)
    place = pq.ParquetFile(io.BytesIO(content)).metadata.row_group(3).column(0).data_page_offset
    path = tmp_path / "a.parquet"
    path.write_bytes(content[:place] + b"\xff" * 9 + content[place + 9 :])
    units = list_units([RawFile(str(path), "s/a.parquet", "s", len(content))], replace(PARAMETERS, piece_bytes=piece))
    found = [record for unit in units for record in read_unit(unit, SourceFile(), PARAMETERS)]
    assert [record.raw_record for record in found] == [*range(21), 21, *range(28, 60)]
    assert [record.reason for record in found if isinstance(record, Reject)] == ["malformed"]


@pytest.mark.parametrize("name", ["a.txt", "b.html", "c.txt.gz", "d.jsonl"])
def test_a_file_that_was_read_for_its_hash_gives_the_records_of_one_that_was_not(name: str, tmp_path: Path) -> None:
    text = b"<p>A tide table.</p>" if name == "b.html" else b'{"text": "A tide table."}\n' * 2
    path = tmp_path / name
    path.write_bytes(gzip.compress(text) if name.endswith(".gz") else text)
    (unit,) = list_units([RawFile(str(path), f"s/{name}", "s", path.stat().st_size)], PARAMETERS)
    whole = read_whole(unit, PARAMETERS)
    path.unlink()  # what is kept is what is read, and hashed
    found = list(read_unit(unit, SourceFile(), PARAMETERS, whole))
    path.write_bytes(gzip.compress(text) if name.endswith(".gz") else text)
    documents = [
        [to_document(record, SourceFile(), PARAMETERS) for record in records if isinstance(record, RawRecord)]
        for records in (found, read_unit(unit, SourceFile(), PARAMETERS))
    ]
    assert documents[0] and repr(documents[0]) == repr(documents[1])


def test_a_file_of_megabytes_is_hashed_once(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(b"<p>Fog over the harbour. " * 100_000)
    (unit,) = list_units([RawFile(str(path), "s/page.html", "s", path.stat().st_size)], PARAMETERS)
    whole = read_whole(unit, PARAMETERS)
    assert whole is not None
    (record,) = read_unit(unit, SourceFile(), PARAMETERS, whole)
    assert isinstance(record, RawRecord) and record.sha256 == whole.sha256


def test_a_file_that_has_grown_or_is_large_is_not_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"x" * 100)
    for size, is_kept in ((100, True), (99, False), (101, False), (PARAMETERS.piece_bytes + 1, False)):
        assert (read_whole(Unit(RawFile(str(path), "a.txt", ".", size), size), PARAMETERS) is not None) == is_kept


def test_what_cannot_be_cut_becomes_several_parts_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "raw" / "s").mkdir(parents=True)
    (tmp_path / "raw" / "s" / "a.jsonl.bz2").write_bytes(bz2.compress(lines(damaged=False)))
    (tmp_path / "raw" / "s" / "b.txt").write_bytes(TEXTS[3].encode())
    ingest(tmp_path / "raw", tmp_path / "out", replace(PARAMETERS, part_bytes=4096, piece_bytes=4096))
    assert len(table_parts(tmp_path / "out", "documents")) > 3
    documents = read_table("documents", tmp_path / "out")
    assert list(documents["text"][:60]) == TEXTS
    assert list(documents["raw_record"]) == [*range(60), 0]
    accounting = json.loads((tmp_path / "out" / ".state" / "accounting.json").read_text())
    assert accounting["raw_records"] == 61


@pytest.mark.parametrize("workers", [2])
def test_workers_share_a_container(tmp_path: Path, workers: int) -> None:
    (tmp_path / "raw" / "s").mkdir(parents=True)
    (tmp_path / "raw" / "s" / "a.warc.gz").write_bytes(warc(True, gzip.compress))
    (tmp_path / "raw" / "s" / "b.jsonl").write_bytes(lines(damaged=True) * 2)
    tables = []
    for number in (1, workers):
        out = tmp_path / f"out{number}"
        with Workers(number) as processes:
            ingest(tmp_path / "raw", out, replace(PARAMETERS, part_bytes=4096, piece_bytes=4096), processes)
        tables.append([path.read_bytes() for name in ("documents", "rejects") for path in table_parts(out, name)])
    assert tables[0] == tables[1]
