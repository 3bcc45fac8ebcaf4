"""Shared fixtures: the sample corpus, built once."""

import subprocess
import sys
from pathlib import Path

import pytest

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
