"""A release of the sample corpus, named and with a version, and one of many parts."""

import json
import shutil
from pathlib import Path

import pytest

from broadsheet.release import release
from tests.conftest import RAW, ROOT, broadsheet


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of the sample corpus in parts of a dozen records, with version, title and creators."""
    folder = tmp_path_factory.mktemp("release")
    text = (ROOT / "params.yaml").read_text().replace("part_records: 256", "part_records: 12")
    for key, value in (("version", "1.2.0"), ("title", "Papers of the coast: 1"), ("creators", "Ann Lee; Bo Ek")):
        text = text.replace(f"  {key}: null", f"  {key}: {json.dumps(value)}")
    (folder / "params.yaml").write_text(text)
    done = broadsheet("build", RAW, folder / "out", "--workers", 1, "--params", folder / "params.yaml")
    assert done.returncode == 0, done.stderr
    release(folder / "out", folder / "release")
    return folder / "release"


@pytest.fixture
def copied(released: Path, tmp_path: Path) -> Path:
    """A copy of the release, to be spoilt."""
    shutil.copytree(released, tmp_path / "copy")
    return tmp_path / "copy"
