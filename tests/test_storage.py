"""Dumps and tables on other file systems; here one of fsspec in memory. A real S3 server is asked in tests/cluster."""

import dataclasses
import io
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from broadsheet.errors import UsageError
from broadsheet.parameters import read_parameters
from broadsheet.readers import list_raw, list_units, read_unit
from broadsheet.sources import SourceFile, read_source_file
from broadsheet.storage import Remote, StorageError, fetch, place_of, send
from tests.conftest import RAW, broadsheet
from tests.test_build import SEED_LIKE, tree

_SENT = ".state/sent.json"


@pytest.fixture
def remote(tmp_path: Path) -> Iterator[Remote]:
    """An empty folder in memory."""
    place = place_of(f"memory://{tmp_path.name}/corpora/")
    assert isinstance(place, Remote)
    yield place
    for name in place.sizes():
        place._delete(name)


def put(remote: Remote, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        remote._write(name, io.BytesIO(content))


def contents(remote: Remote) -> dict[str, bytes]:
    return {name: remote.open(name).read() for name in remote.sizes()}


def write(folder: Path, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def test_dumps_are_the_same_records_wherever_they_lie(remote: Remote) -> None:
    put(remote, tree(RAW) | {"notes/README.md": b"-", "a/.git/x": b"-", "a/.git/y": b"-"})
    files, others = list_raw(remote)
    expected, others_here = list_raw(RAW)
    assert [(each.raw_path, each.source, each.size) for each in files] == [
        (each.raw_path, each.source, each.size) for each in expected
    ]
    assert others == others_here + 2  # a README, and a hidden folder
    # Large files are cut into pieces, for which one jumps about in them.
    parameters = dataclasses.replace(read_parameters(None).ingest, part_bytes=2000, piece_bytes=2000)

    def records(units: object) -> list[object]:
        return [record for unit in units for record in read_unit(unit, SourceFile(), parameters)]  # type: ignore[attr-defined]

    units, units_here = list(list_units(files, parameters)), list(list_units(expected, parameters))
    assert len(units) == len(units_here) > len(files)
    assert records(units) == records(units_here)


def test_a_source_file_is_read_there(remote: Remote) -> None:
    put(remote, {"paper/source.yaml": b"language: de\r\n", "bad/source.yaml": b"titel: x", "source.yaml": b"title: T"})
    assert read_source_file(remote, "paper") == SourceFile(language="de")
    assert read_source_file(remote, ".") == SourceFile(title="T")
    assert read_source_file(remote, "none") == SourceFile()
    with pytest.raises(UsageError, match=r"^memory://.*/bad/source\.yaml: unknown key 'titel'"):
        read_source_file(remote, "bad")


def test_a_file_that_cannot_be_read_is_no_fault_of_the_dump(remote: Remote) -> None:
    put(remote, {"a/1.txt": b"Some text.\n"})
    (file,) = list_raw(remote)[0]
    remote._delete("a/1.txt")
    parameters = read_parameters(None).ingest
    (unit,) = list_units([file], parameters)
    with pytest.raises(StorageError, match=r"^memory://.*/a/1\.txt: "):
        list(read_unit(unit, SourceFile(), parameters))


@pytest.mark.parametrize("uri", ["weird://place/x", "s3://", "hdfs://nowhere.invalid/x"])
def test_a_uri_that_nothing_opens_is_one_clear_line(uri: str, tmp_path: Path) -> None:
    done = broadsheet("build", uri, tmp_path / "out")
    assert done.returncode == 2, done.stderr
    assert done.stderr.splitlines()[-1].startswith("broadsheet: " + uri.rstrip("/"))
    assert "Traceback" not in done.stderr


def test_a_file_uri_is_a_folder(tmp_path: Path, corpus: Path) -> None:
    out = tmp_path / "an output"
    done = broadsheet("build", RAW.as_uri(), out.as_uri(), "--workers", 1)
    assert done.returncode == 0, done.stderr
    assert tree(out) == tree(corpus)


BUILT = {
    "documents/part-000000.parquet": b"one",
    "documents/part-000001.parquet": b"two",
    ".state/lock": b"",
    ".state/ingest/a.json": b"{}",
    "metrics.json": b"{}",
    "manifest.json": b"first",
    "report.html": b"<p>",
    "mine.txt": b"not of the corpus",
}


def test_what_is_sent_is_what_was_built_and_nothing_else_is_touched(remote: Remote, tmp_path: Path) -> None:
    write(tmp_path, BUILT)
    put(remote, {"theirs.txt": b"-", "documents/part-000007.parquet": b"of before"})
    send(tmp_path, remote)
    found = contents(remote)
    assert found.pop("theirs.txt") == b"-" and found.pop(_SENT)
    assert found == {name: content for name, content in BUILT.items() if name not in (".state/lock", "mine.txt")}


def test_only_what_changed_is_sent_and_the_manifest_goes_first_and_comes_last(
    remote: Remote, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    write_file, delete = Remote._write, Remote._delete

    def wrote(self: Remote, name: str, content: io.BytesIO) -> None:
        done.append(f"+{name}")
        write_file(self, name, content)

    def deleted(self: Remote, name: str) -> None:
        done.append(f"-{name}")
        delete(self, name)

    write(tmp_path, BUILT)
    send(tmp_path, remote)
    monkeypatch.setattr(Remote, "_write", wrote)
    monkeypatch.setattr(Remote, "_delete", deleted)
    send(tmp_path, remote)
    assert done == []
    write(tmp_path, {"documents/part-000001.parquet": b"TWO", "manifest.json": b"second"})
    (tmp_path / ".state/ingest/a.json").unlink()
    send(tmp_path, remote)
    assert done[:3] == ["-manifest.json", f"-{_SENT}", "-report.html"]
    assert sorted(done[3:-2]) == ["+documents/part-000001.parquet", "+report.html", "-.state/ingest/a.json"]
    assert done[-2:] == [f"+{_SENT}", "+manifest.json"]
    # A part that somebody took away there is sent again.
    remote._delete("documents/part-000000.parquet")
    send(tmp_path, remote)
    assert contents(remote)["documents/part-000000.parquet"] == b"one"


def test_what_breaks_off_is_unfinished_and_the_next_one_sends_it_all(
    remote: Remote, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, BUILT)
    send(tmp_path, remote)
    write(tmp_path, {"documents/part-000000.parquet": b"ONE", "documents/part-000001.parquet": b"TWO"})

    def broken(self: Remote, name: str, content: io.BytesIO) -> None:
        raise StorageError("away")

    with monkeypatch.context() as patch, pytest.raises(StorageError):
        patch.setattr(Remote, "_write", broken)
        send(tmp_path, remote)
    assert "manifest.json" not in remote.sizes() and _SENT not in remote.sizes()
    # Back to what was sent at first: the list of that time is gone, so nothing is taken for sent.
    put(remote, {"documents/part-000001.parquet": b"TWO"})
    write(tmp_path, BUILT)
    send(tmp_path, remote)
    assert contents(remote)["documents/part-000001.parquet"] == b"two"


def test_a_build_elsewhere_takes_over_what_is_there(remote: Remote, tmp_path: Path) -> None:
    write(tmp_path / "first", BUILT)
    send(tmp_path / "first", remote)
    put(remote, {"theirs.txt": b"-"})
    fetch(remote, tmp_path / "second")
    fetched = tree(tmp_path / "second")
    assert fetched.keys() == {name for name in BUILT if name.startswith(("documents/", ".state/ingest"))}
    (tmp_path / "second" / "documents" / "part-000000.parquet").unlink()
    fetch(remote, tmp_path / "second")
    assert len(tree(tmp_path / "second")) == len(fetched) - 1  # it has its own by now


def test_an_output_in_the_raw_prefix_is_refused(remote: Remote) -> None:
    done = broadsheet("build", f"{remote}", f"{remote}/out")
    assert done.returncode == 2 and "cannot lie in the raw folder" in done.stderr


def test_without_ray_its_engine_is_one_clear_line(tmp_path: Path) -> None:
    code = "import sys; sys.modules['ray'] = None; from broadsheet.cli import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", code, "build", str(SEED_LIKE), str(tmp_path / "out"), "--engine", "ray"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "broadsheet: --engine ray: Ray is not installed; install it with: pip install broadsheet[ray]"
    ]
    assert not (tmp_path / "out").exists()
