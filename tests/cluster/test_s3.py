"""Dumps and tables on an S3 server: the same bytes as from disk to disk."""

import io
import json
import os
from pathlib import Path

import pytest

from broadsheet.storage import Remote
from tests.cluster.conftest import RunningCluster
from tests.conftest import RAW, broadsheet
from tests.test_build import tree

# The lock is this machine's, the list of what was sent is of no use there.
_NOT_THERE, _NOT_HERE = ".state/lock", ".state/sent.json"


def contents(remote: Remote) -> dict[str, bytes]:
    found = {}
    for name in sorted(remote.sizes()):
        with remote.open(name) as stream:
            found[name] = stream.read()
    return found


def on_disk(folder: Path) -> dict[str, bytes]:
    return {name: content for name, content in tree(folder).items() if name != _NOT_THERE}


@pytest.fixture(scope="module")
def raw(s3: str) -> str:
    """The sample's dumps in a bucket, with a hidden folder beside them."""
    remote = Remote(f"{s3}/raw")
    for name, content in tree(RAW).items():
        remote._write(name, io.BytesIO(content))
    remote._write(".hidden/dump.txt", io.BytesIO(b"No record."))
    return str(remote)


def test_a_build_from_bucket_to_bucket(s3: str, raw: str, local: Path, parameters: Path, tmp_path: Path) -> None:
    remote = Remote(f"{s3}/out")
    remote._write("notes/mine.txt", io.BytesIO(b"Somebody else's."))
    done = broadsheet("build", raw, remote, "--workers", 2, "--params", parameters)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("s3://")
    found = contents(remote)
    assert found.pop("notes/mine.txt") == b"Somebody else's."
    assert set(json.loads(found.pop(_NOT_HERE))) == set(found)
    # The hidden folder counts among what are no records, which is part of what decides whether checks are repeated.
    expected = on_disk(local)
    decided = {name for name in expected if name.startswith((".state/checks/", ".state/accounting"))}
    assert found.keys() == expected.keys()
    assert {name for name in found if found[name] != expected[name]} <= decided

    # From a machine that has none of it, onto what is there: all is taken over, and what somebody took away comes back.
    remote._delete("sentences/part-000000.parquet")
    done = broadsheet("build", raw, remote, "--workers", 2, "--params", parameters)
    assert done.returncode == 0, done.stderr
    again = contents(remote)
    assert {name: again[name] for name in found} == found


def test_a_cluster_builds_from_a_bucket(
    cluster: RunningCluster, raw: str, s3: str, local: Path, parameters: Path, tmp_path: Path
) -> None:
    remote = Remote(f"{s3}/cluster")
    work = tmp_path / "work"
    done = broadsheet("build", raw, remote, "--engine", "ray", "--work", work, "--params", parameters)
    assert done.returncode == 0, done.stderr
    tables = {name: content for name, content in on_disk(local).items() if not name.startswith(".state/")}
    found = contents(remote)
    assert {name: found[name] for name in tables} == tables


def test_a_wrong_key_is_one_clear_line(s3: str, tmp_path: Path) -> None:
    environment = os.environ | {"AWS_SECRET_ACCESS_KEY": "wrong"}
    done = broadsheet("build", f"{s3}/raw", tmp_path / "out", env=environment)
    assert done.returncode == 2
    assert done.stderr.startswith(f"broadsheet: {s3}/raw: ") and "Traceback" not in done.stderr
    assert not (tmp_path / "out" / "documents").exists()
