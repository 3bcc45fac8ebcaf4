"""Digests of files and records: those of hashlib, whatever was asked for before."""

import hashlib
from pathlib import Path

import pytest

from broadsheet.parameters import read_parameters
from broadsheet.readers import digests, list_raw, list_units, unit_sha256
from broadsheet.readers.digests import sha256_of_file, sha256_of_record


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    digests._kept.clear()


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_a_record_has_the_digest_of_its_own_bytes() -> None:
    one, other = b"a" * 100 + b"one" + b"z" * 100, b"a" * 100 + b"two" + b"z" * 100
    assert sha256_of_file(one) == sha256(one)
    assert sha256_of_record(other) == sha256(other)  # of the same length and ends
    assert sha256_of_file(one) == sha256_of_record(one) == sha256_of_record(one) == sha256(one)
    assert sha256_of_file(b"") == sha256_of_record(b"") == sha256(b"")


def test_what_is_kept_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digests, "_MOST_BYTES", 1000)
    for number in range(50):
        content = bytes([number]) * 300
        assert sha256_of_file(content) == sha256(content)
        assert sum(len(kept) for kept, _ in digests._kept.values()) <= 1000
    assert sha256_of_file(b"x" * 2000) == sha256(b"x" * 2000)


@pytest.mark.parametrize("size", [0, 1, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 3 << 20])
def test_the_digest_of_a_file_is_that_of_all_its_bytes(tmp_path: Path, size: int) -> None:
    (tmp_path / "s").mkdir()
    content = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    (tmp_path / "s" / "a.txt").write_bytes(content)
    parameters = read_parameters().ingest
    (unit,) = list_units(list_raw(tmp_path)[0], parameters)
    assert unit_sha256(unit, parameters) == sha256(content)
