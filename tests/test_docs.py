"""The pages of docs/ are run, so that what they show works."""

import re
import shutil
from pathlib import Path

import pytest

from tests.conftest import RAW, ROOT

_BLOCK = re.compile(r"^```python\n(.*?)^```$", re.M | re.S)
_SECTION = re.compile(r"^## ([^\n]+)\n(.*?)(?=^## |\Z)", re.M | re.S)
# `make test-cards` installs these.
_EXTRA = {"Polars": "polars", "Hugging Face datasets": "datasets"}
_NOT_RUN = {"R"}


def page_of(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def run_blocks(text: str, name: str) -> None:
    """Run the blocks of Python of a text, one after the other with the same names."""
    blocks = _BLOCK.findall(text)
    assert blocks
    names: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, name, "exec"), names)


RECIPES = dict(_SECTION.findall(page_of("loading.md")))


@pytest.mark.parametrize("recipe", sorted(RECIPES.keys() - _NOT_RUN))
def test_loading(
    recipe: str, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    if recipe in _EXTRA:
        pytest.importorskip(_EXTRA[recipe])
    if recipe == "Hugging Face datasets":
        import datasets  # type: ignore[import-not-found]

        monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", str(tmp_path / "cache"))
    if "DVC" in recipe:
        (tmp_path / "corpus").symlink_to(request.getfixturevalue("repository"))
    (tmp_path / "processed").symlink_to(corpus)
    monkeypatch.chdir(tmp_path)
    run_blocks(RECIPES[recipe], "loading.md")


def test_tutorial(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(RAW / "wickett-hollow-dispatch", tmp_path / "dumps" / "wickett-hollow-dispatch")
    monkeypatch.chdir(tmp_path)
    run_blocks(page_of("tutorial.md"), "tutorial.md")
    assert (tmp_path / "bridge.png").stat().st_size > 0
