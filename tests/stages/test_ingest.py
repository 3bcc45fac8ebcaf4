"""ingest: which files are records, where parts are cut, which copies are read."""

import hashlib
import os
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet import read_table
from broadsheet.errors import UsageError
from broadsheet.parameters import read_parameters
from broadsheet.readers import RawFile, Unit, list_raw, percent_encoded, unit_sha256
from broadsheet.stages import ingest as stage
from broadsheet.stages.ingest import cut_parts, ingest, later_copies
from broadsheet.tables import read_part, table_parts

pytestmark = pytest.mark.filterwarnings("ignore::broadsheet.tables.UnfinishedCorpusWarning")
PARAMETERS = read_parameters().ingest


def make(raw: Path, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        (raw / name).parent.mkdir(parents=True, exist_ok=True)
        (raw / name).write_bytes(content)


def test_which_files_are_records(tmp_path: Path) -> None:
    make(
        tmp_path,
        {
            "a/1.txt": b"x",
            "2": b"x",
            "a/.hidden": b"x",
            "a/source.yaml": b"",
            "a/b.dvc": b"",
            "README.md": b"",
            ".git/x": b"",
        },
    )
    (tmp_path / "link").symlink_to(tmp_path / "a")
    (tmp_path / "a" / "link.txt").symlink_to(tmp_path / "2")
    os.mkfifo(tmp_path / "pipe")
    files, others = list_raw(tmp_path)
    assert [(file.raw_path, file.source) for file in files] == [("2", "."), ("a/1.txt", "a")]
    assert others == 8


def test_files_come_in_order_of_the_bytes_of_their_paths(tmp_path: Path) -> None:
    names = ("b/1", "b.txt", "a/z", "a/é", "a/\uffee", "a/\U0001f600", "a/%", "B")
    make(tmp_path, dict.fromkeys(names, b"x"))
    found = [file.raw_path for file in list_raw(tmp_path)[0]]
    assert len(found) == len(names) and found == sorted(found, key=str.encode)


@pytest.mark.parametrize("size", [0, 1, 4096, 2**20 - 1, 2**20, 2**20 + 1, 3 * 2**20])
def test_a_file_is_hashed_whole_also_where_it_has_grown(tmp_path: Path, size: int) -> None:
    content = random.Random(size).randbytes(size)
    make(tmp_path, {"1.txt": content})
    (file,), _ = list_raw(tmp_path)
    for listed in (size, size // 2):
        unit = Unit(file._replace(size=listed), listed)
        assert unit_sha256(unit, PARAMETERS) == hashlib.sha256(content).hexdigest()


def test_names_are_percent_encoded_where_they_must_be() -> None:
    assert percent_encoded("100% café.txt".encode()) == "100%25 café.txt"
    assert percent_encoded(b"caf\xe9.txt") == "caf%E9.txt"


def test_a_name_that_is_not_utf_8_is_read(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    name = os.fsdecode(b"caf\xe9.txt")
    (tmp_path / "raw" / name).write_bytes(b"A notice that the harbour is shut on Monday.")
    ingest(tmp_path / "raw", tmp_path / "out", PARAMETERS)
    assert list(read_table("documents", tmp_path / "out")["raw_path"]) == ["caf%E9.txt"]


def test_reasons_of_rejects(tmp_path: Path) -> None:
    make(
        tmp_path / "raw" / "a",
        {
            "1.txt": b"", "2.txt": b" \n\t\xc2\xa0\n", "3.txt": b"\x00\x01\x02", "4.txt": "hé".encode("utf-16")[:-1],
            "5.html": b"<p>", "5.pdf": b"%PDF-1.4", "6.txt": b"x" * 100, "7.txt": b"same text", "8.txt": b"same text",
            "9.txt": bytes(range(128, 160)) * 3,
        },
    )  # fmt: skip
    parameters = replace(PARAMETERS, maximum_bytes=99, part_bytes=1 << 20)
    ingest(tmp_path / "raw", tmp_path / "out", parameters)
    rejects = read_table("rejects", tmp_path / "out").set_index("raw_path")
    assert rejects["reason"].to_dict() == {
        "a/1.txt": "empty", "a/2.txt": "empty", "a/3.txt": "binary", "a/4.txt": "truncated", "a/5.html": "empty",
        "a/5.pdf": "unsupported",
        "a/6.txt": "too_large", "a/8.txt": "exact_duplicate", "a/9.txt": "undecodable",
    }  # fmt: skip
    (document_id,) = read_table("documents", tmp_path / "out")["document_id"]
    assert rejects.loc["a/8.txt", "duplicate_of"] == document_id


def test_a_copy_names_the_first_in_order_of_paths_across_parts(tmp_path: Path) -> None:
    names = [f"{letter}/{n}.txt" for letter in "zbYa" for n in range(5)]
    make(tmp_path / "raw", dict.fromkeys(names, b"one text, many times"))
    ingest(tmp_path / "raw", tmp_path / "out", replace(PARAMETERS, part_records=2, part_bytes=1 << 20))
    assert len(table_parts(tmp_path / "out", "documents")) > 3
    documents = read_table("documents", tmp_path / "out")
    assert list(documents["raw_path"]) == [min(names, key=str.encode)]
    rejects = read_table("rejects", tmp_path / "out")
    assert list(rejects["raw_path"]) == sorted(names, key=str.encode)[1:]
    assert set(rejects["duplicate_of"]) == set(documents["document_id"])


def test_a_container_that_shrinks_before_its_copies_are_left_out_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = ["one", "two", "three", "four", "five", "one"]
    lines = [f'{{"text": "{text} of the tide tables"}}\n' for text in texts]
    small = replace(PARAMETERS, part_records=1)
    make(tmp_path / "raw", {"b/all.jsonl": "".join(lines).encode()})
    ingest(tmp_path / "raw", tmp_path / "out", small)
    make(tmp_path / "raw", {"a/new.jsonl": lines[4].encode()})

    def shrunk(*given: Any, real: Any = stage._leave_out_copies) -> Any:
        make(tmp_path / "raw", {"b/all.jsonl": "".join(lines[:4]).encode()})
        return real(*given)

    monkeypatch.setattr(stage, "_leave_out_copies", shrunk)
    with pytest.raises(UsageError, match="changed while it was read"):
        ingest(tmp_path / "raw", tmp_path / "out", small)


@given(st.lists(st.integers(0, 3), max_size=30))
def test_later_copies(values: list[int]) -> None:
    ids = np.array([[value % 2] * 9 + [value] for value in values], np.uint8).reshape(-1, 10)
    assert later_copies(ids).tolist() == [value in values[:index] for index, value in enumerate(values)]


def test_a_new_file_changes_only_the_part_that_it_lies_in() -> None:
    parameters = replace(PARAMETERS, part_records=16, part_bytes=1 << 30)
    files = [Unit(RawFile("", f"{n:05d}", ".", 10), 10) for n in range(0, 2000, 2)]
    before = [tuple(part) for part in cut_parts(files, parameters)]
    assert 30 < len(before) < 130
    shuffled = random.Random(1).sample([*files, Unit(RawFile("", "00777", ".", 10), 10)], 1001)
    after = [tuple(part) for part in cut_parts(sorted(shuffled, key=lambda unit: unit.file.raw_path), parameters)]
    assert len(set(before) - set(after)) <= 1


def test_no_part_has_many_times_the_records_of_another() -> None:
    files = [Unit(RawFile("", f"{n:06d}", ".", 10), 10) for n in range(50_000)]
    sizes = [len(part) for part in cut_parts(files, replace(PARAMETERS, part_records=32))]
    assert 26 < np.mean(sizes) < 36
    assert np.mean(np.array(sizes) > 64) < 0.02 and max(sizes) < 96
    assert {len(part) for part in cut_parts(files[:99], replace(PARAMETERS, part_records=1))} == {1}


def test_a_container_gives_parts_of_no_more_records_than_that(tmp_path: Path) -> None:
    lines = "".join(f'{{"text": "Tide table {n}."}}\n' for n in range(40))
    make(tmp_path / "raw", {"a/all.jsonl": lines.encode()})
    ingest(tmp_path / "raw", tmp_path / "out", replace(PARAMETERS, part_records=8))
    assert [read_part(path).num_rows for path in table_parts(tmp_path / "out", "documents")] == [16, 16, 8]


def test_a_part_is_closed_when_it_is_large() -> None:
    files = [Unit(RawFile("", f"{n:05d}", ".", 400), 400) for n in range(50)]
    parts = list(cut_parts(files, replace(PARAMETERS, part_records=1 << 40, part_bytes=1000)))
    assert {len(part) for part in parts} == {2}


@pytest.mark.parametrize("files", [{}, {"README.md": b"x", "a/source.yaml": b""}])
def test_no_raw_records_is_a_wrong_call(tmp_path: Path, files: dict[str, bytes]) -> None:
    (tmp_path / "raw").mkdir()
    make(tmp_path / "raw", files)
    with pytest.raises(UsageError, match="no raw records"):
        ingest(tmp_path / "raw", tmp_path / "out", PARAMETERS)
