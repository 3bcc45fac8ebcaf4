"""What must stay in step: scripts, dvc.yaml, locks, documentation, package."""

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from broadsheet.resources import read_yaml
from broadsheet.schema import tables
from broadsheet.stages import STAGES
from tests.conftest import RAW, ROOT

PIPELINE = read_yaml(ROOT / "dvc.yaml")["stages"]


def test_the_scripts_are_the_pipeline() -> None:
    expected = [name for stage in STAGES for name in (stage, f"check_{stage}")] + ["publish", "report"]
    assert list(PIPELINE) == expected
    assert sorted(path.stem for path in (ROOT / "scripts").glob("*.py")) == sorted(expected)


@pytest.mark.parametrize("stage", list(PIPELINE))
def test_a_stage_depends_on_its_script_its_code_and_the_check_before_it(stage: str) -> None:
    entry = PIPELINE[stage]
    assert entry["cmd"] == f".venv/bin/python scripts/{stage}.py"
    assert {f"scripts/{stage}.py", "src/broadsheet", "schemas", "requirements.lock"} <= set(entry["deps"])
    place = [*STAGES, "publish"].index(stage) if stage in (*STAGES, "publish") else 0
    if place:
        assert f"processed/checks/{STAGES[place - 1]}.json" in entry["deps"]


def test_every_table_is_an_out_of_its_stage() -> None:
    for table in tables().values():
        for stage in table.stages:
            folder = f"processed/{table.name}/{stage}" if len(table.stages) > 1 else f"processed/{table.name}"
            # Kept by DVC before a run, so that the stage makes only the parts again that changed.
            assert {folder: {"persist": True}} in PIPELINE[stage]["outs"]


def test_parameters_of_dvc_are_those_of_the_file() -> None:
    named = {name for entry in PIPELINE.values() for name in entry.get("params", [])}
    assert named == set(read_yaml(ROOT / "params.yaml"))


@pytest.mark.parametrize("lock", sorted(ROOT.glob("requirements*.lock")), ids=lambda path: path.name)
def test_a_lock_has_hashes_and_no_address(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    assert "://" not in text and "--hash=sha256:" in text and "--index" not in text
    requirements = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
    assert all("==" in line and line.endswith("\\") for line in requirements)


def test_no_tracked_file_names_a_machine() -> None:
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    private = re.compile(rb"/(?:root|home|work|Users)/[a-z]")
    for name in filter(None, tracked.split(b"\0")):
        path = ROOT / name.decode()
        if path.is_file() and path.suffix not in (".npz", ".lock") and path != Path(__file__):
            assert not private.search(path.read_bytes()), name


def test_importing_is_quick_and_light() -> None:
    code = (
        "import sys, broadsheet; from broadsheet import read_table, extract_page, split_sentences; "
        "print([name for name in ('great_expectations', 'dvc', 'duckdb') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_wheel_builds_elsewhere_what_the_repository_builds(tmp_path: Path, corpus: Path) -> None:
    """Schemas and default parameters travel in the wheel: unpacked in a folder of its own, it builds and checks."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        archive.extractall(tmp_path / "site")
    assert {"broadsheet/schemas/articles.yaml", "broadsheet/params.yaml"} <= names
    assert not [name for name in names if name.endswith(".pyc") or name.startswith(("tests", "raw"))]
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path / 'site')!r}); import broadsheet; "
        f"assert broadsheet.__file__.startswith({str(tmp_path)!r}); from broadsheet.cli import main; "
        f"sys.exit(main(['build', {str(RAW)!r}, 'out', '--workers', '1']))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "manifest.json").read_bytes() == (corpus / "manifest.json").read_bytes()


def test_every_command_is_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for words in ("make corpus", "make test", "dvc repro", "broadsheet build", "broadsheet check", "broadsheet explain",
                  "read_table", "extract_page", "split_sentences", "source.yaml", "dvc get", "dvc import"):  # fmt: skip
        assert words in readme, words
