"""A release is whole or says what it lacks; its cards say what the build says."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from broadsheet.cards import CARDS, read_facts
from broadsheet.resources import read_yaml
from tests.conftest import broadsheet


def test_a_release_passes_the_check_and_reads_as_a_corpus(released: Path) -> None:
    done = broadsheet("check", released)
    assert done.returncode == 0, done.stderr
    sums = subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=released, capture_output=True)
    assert sums.returncode == 0, sums.stderr


def test_cards_are_those_of_the_facts_and_the_same_each_time(released: Path) -> None:
    facts = read_facts(released)
    for name, card in CARDS.items():
        assert (released / name).read_text(encoding="utf-8") == card(facts)
    metrics = json.loads((released / "metrics.json").read_text())
    assert f"{metrics['articles']:,} news articles" in (released / "README.md").read_text(encoding="utf-8")
    assert "1.2.0" in (released / "DATASHEET.md").read_text(encoding="utf-8")
    assert read_yaml(released / "CITATION.cff")["authors"] == [{"name": "Ann Lee"}, {"name": "Bo Ek"}]
    assert "1.2.0" in (released / "report.html").read_text(encoding="utf-8")


SPOILT: list[tuple[Callable[[Path], object], str]] = [
    (lambda folder: (folder / "README.md").write_text("x"), "README.md is not the file that SHA256SUMS names"),
    (lambda folder: (folder / "report.html").unlink(), "report.html is in SHA256SUMS but not there"),
    (lambda folder: (folder / "more.txt").touch(), "more.txt is there but not in SHA256SUMS"),
    (lambda folder: (folder / "LICENCES.csv").write_text("source,licence\n"), "LICENCES.csv is not what the table"),
    (
        lambda folder: shutil.copyfile(
            folder / "sentences/part-000001.parquet", folder / "sentences/part-000000.parquet"
        ),
        "rows, but the manifest says",
    ),
    (lambda folder: (folder / "articles/part-000000.parquet").write_bytes(b"PAR1"), "articles/part-000000.parquet"),
]


@pytest.mark.parametrize("index", range(len(SPOILT)))
def test_a_spoilt_copy_is_found(copied: Path, index: int) -> None:
    from broadsheet.release import release_failures

    spoil, message = SPOILT[index]
    spoil(copied)
    manifest = json.loads((copied / "manifest.json").read_text())
    assert any(message in line for line in release_failures(copied, manifest))


def test_the_check_of_a_spoilt_copy_fails(copied: Path) -> None:
    (copied / "CITATION.cff").write_text("cff-version: 1.2.0\n")
    done = broadsheet("check", copied)
    assert done.returncode == 1 and "release: CITATION.cff is not the file" in done.stderr


def test_sources_without_a_licence_are_named(corpus: Path, tmp_path: Path) -> None:
    done = broadsheet("release", corpus, tmp_path / "release")
    assert done.returncode == 0 and "no licence is stated" in done.stderr and "orsley-post" in done.stderr


def test_a_wrong_call_is_one_clear_line(corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.tex").touch()
    done = broadsheet("release", corpus, tmp_path / "full")
    assert done.returncode == 2 and "something else here" in done.stderr
    assert (tmp_path / "full" / "thesis.tex").exists()
    done = broadsheet("release", tmp_path, tmp_path / "new")
    assert done.returncode == 2 and "no manifest.json here" in done.stderr
    done = broadsheet("release", corpus, corpus / "release")
    assert done.returncode == 2 and "cannot lie in the corpus" in done.stderr


def test_a_tag_that_is_not_the_version_stops_the_release(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "repository" / "out"
    shutil.copytree(corpus, out)
    git = ["git", "-C", str(out.parent), "-c", "user.name=a", "-c", "user.email=a@b.example"]
    for arguments in (["init", "-q"], ["commit", "-q", "--allow-empty", "-m", "x"], ["tag", "corpus-v9"]):
        subprocess.run([*git, *arguments], check=True)
    done = broadsheet("release", out, tmp_path / "new")
    assert done.returncode == 2 and "git's tag here is corpus-v9" in done.stderr
