"""Shared fixtures: the sample corpus, built once."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from broadsheet.schema import tables

ROOT = Path(__file__).parent.parent
RAW = ROOT / "raw"


def broadsheet(*arguments: object, **options: object) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own."""
    command = [sys.executable, "-m", "broadsheet.cli", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", **options)  # type: ignore[call-overload]


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample corpus, built by the command line with one worker."""
    out = tmp_path_factory.mktemp("corpus") / "out"
    done = broadsheet("build", RAW, out, "--workers", 1)
    assert done.returncode == 0, done.stderr
    return out


@pytest.fixture(scope="session")
def stricter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample corpus without list items and short articles."""
    folder = tmp_path_factory.mktemp("stricter")
    rules = (ROOT / "params.yaml").read_text().replace("keep_list_items: true", "keep_list_items: false")
    (folder / "params.yaml").write_text(rules.replace("minimum_words: 25", "minimum_words: 200"))
    done = broadsheet("build", RAW, folder / "out", "--workers", 1, "--params", folder / "params.yaml")
    assert done.returncode == 0, done.stderr
    return folder / "out"


# In one process, as each start of DVC takes a second. A push is of the commit that is checked out.
_MAKE_REPOSITORY = """
import subprocess, sys
from pathlib import Path
from dvc.cli import main

def dvc(*arguments):
    assert main([*arguments, "-q"]) == 0, arguments

def git(*arguments):
    subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b.example", *arguments], check=True)

names, *corpora = sys.argv[1:]
git("init", "-q")
dvc("init")
dvc("remote", "add", "-d", "storage", str(Path("../storage").resolve()))
outs = "".join(f"      - processed/{name}\\n" for name in names.split())
copy = "cp -R ${from}/. processed"
Path("dvc.yaml").write_text(f"stages:\\n  build:\\n    cmd: {copy}\\n    outs:\\n{outs}")
for number, corpus in enumerate(corpora, 1):
    Path("params.yaml").write_text(f"from: {corpus}\\n")
    Path("processed").mkdir(exist_ok=True)
    dvc("repro")
    git("add", "-A")
    git("commit", "-q", "-m", corpus)
    git("tag", f"corpus-v{number}")
    dvc("push")
git("clone", "-q", ".", "../clone")
"""


@pytest.fixture(scope="session")
def repository(corpus: Path, stricter: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh clone of a repository with the sample corpus as corpus-v1 and the stricter one as corpus-v2.

    Their tables are in a remote, beside it as `storage`.
    """
    folder = tmp_path_factory.mktemp("repository") / "work"
    folder.mkdir()
    plain = [tmp_path_factory.mktemp("plain") / name for name in ("one", "two")]
    for out, copy in zip((corpus, stricter), plain, strict=True):
        shutil.copytree(out, copy, ignore=shutil.ignore_patterns(".state", "*.html"))
    command = [sys.executable, "-c", _MAKE_REPOSITORY, " ".join(tables()), *map(str, plain)]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, env={**os.environ, "DVC_NO_ANALYTICS": "1"}
    )
    assert done.returncode == 0, done.stderr
    return folder.parent / "clone"
