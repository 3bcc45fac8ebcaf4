"""The pages of docs/ are run, so that what they show works."""

import re
import shutil
from pathlib import Path

import pytest

from tests.conftest import RAW, ROOT

_BLOCK = re.compile(r"^```python\n(.*?)^```$", re.M | re.S)


def run_blocks(page: str) -> None:
    """Run the blocks of a page, one after the other with the same names."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    blocks = _BLOCK.findall(text)
    assert blocks
    names: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, page, "exec"), names)


def test_loading(corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "processed").symlink_to(corpus)
    monkeypatch.chdir(tmp_path)
    run_blocks("loading.md")


def test_tutorial(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(RAW / "wickett-hollow-dispatch", tmp_path / "dumps" / "wickett-hollow-dispatch")
    monkeypatch.chdir(tmp_path)
    run_blocks("tutorial.md")
    assert (tmp_path / "bridge.png").stat().st_size > 0
