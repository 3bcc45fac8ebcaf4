"""Golden records: what is read out of each container of the sample corpus."""

import hashlib
import json
from pathlib import Path

import pytest

from broadsheet.parameters import read_parameters
from broadsheet.readers import RawFile, Unit, read_unit, to_document
from broadsheet.records import Document, Reject
from broadsheet.sources import read_source_file
from tests.conftest import RAW
from tests.make_containers import STORIES, containers

PARAMETERS = read_parameters().ingest
SOURCE = "tollgate-chronicle"
GOLDEN = json.loads((Path(__file__).parent / "containers.json").read_text(encoding="utf-8"))


def read(folder: Path, name: str) -> list[Document | Reject]:
    path = folder / SOURCE / name
    file = RawFile(str(path), f"{SOURCE}/{name}", SOURCE, path.stat().st_size)
    source_file = read_source_file(RAW, SOURCE)
    return [
        record if isinstance(record, Reject) else to_document(record, source_file, PARAMETERS)
        for record in read_unit(Unit(file, file.size), source_file, PARAMETERS)
    ]


def shown(row: Document | Reject) -> dict:
    found = {"raw_record": row.raw_record, "raw_member": row.raw_member}
    if isinstance(row, Reject):
        return found | {"reason": row.reason}
    return found | {
        "media_type": row.media_type,
        "encoding": row.encoding,
        "url": row.url,
        "retrieved_at": row.retrieved_at and row.retrieved_at.isoformat(),
        "record": json.loads(row.hints or "{}").get("record"),
    }


def test_every_container_has_a_golden_case() -> None:
    folder = RAW / SOURCE
    assert set(GOLDEN) == set(containers()) == {path.name for path in folder.iterdir()} - {"source.yaml"}


@pytest.mark.parametrize("name", GOLDEN)
def test_records_of_a_container(name: str) -> None:
    assert [shown(row) for row in read(RAW, name)] == GOLDEN[name]


@pytest.mark.parametrize(
    ("name", "index", "slug"),
    [
        ("crawl.warc.gz", 0, "weighbridge"), ("crawl.warc.gz", 1, "night-ferry"), ("export.jsonl", 0, "bell-buoy"),
        ("feed.rss", 0, "lost-organ"), ("porpoises.xml", 0, "harbour-count"), ("saved.mhtml", 0, "tar-works"),
        ("site.zip", 0, "school-roof"), ("site.zip", 1, "seed-library"),
    ],
)  # fmt: skip
def test_every_paragraph_is_in_the_text(name: str, index: int, slug: str) -> None:
    row = read(RAW, name)[index]
    assert isinstance(row, Document)
    for paragraph in STORIES[slug][3]:
        assert paragraph in row.text


@pytest.mark.parametrize("name", ["crawl.warc.gz", "letters.parquet", "site.zip", "saved.mhtml", "feed.rss"])
def test_the_maker_makes_what_lies_in_raw(name: str, tmp_path: Path) -> None:
    (tmp_path / SOURCE).mkdir()
    (tmp_path / SOURCE / name).write_bytes(containers()[name])
    # Compressed bytes may differ with the library; the payloads may not.
    assert [(row.raw_sha256, shown(row)) for row in read(tmp_path, name)] == [
        (row.raw_sha256, shown(row)) for row in read(RAW, name)
    ]


def test_payloads_are_those_of_the_contract() -> None:
    line, *_ = containers()["export.jsonl"].split(b"\n")
    assert read(RAW, "export.jsonl")[0].raw_sha256 == hashlib.sha256(line).hexdigest()
    letter = (
        '{"body":"It is the chips that are at fault.\\n\\nNo gull ever asked for a polystyrene tray.","byline":"E. '
    )
    letter += 'Sprake, Chandlers Row","headline":"The gulls are right","n":1.5}'
    assert read(RAW, "letters.parquet")[0].raw_sha256 == hashlib.sha256(letter.encode()).hexdigest()
    for name in ("porpoises.xml", "saved.mhtml"):
        assert read(RAW, name)[0].raw_sha256 == hashlib.sha256(containers()[name]).hexdigest()
