"""docs/large-corpora.md: what DVC sends to a remote when one dump changed."""

import os
import subprocess
import sys
from pathlib import Path

from tests.stages.test_kept import PAGE, run


def dvc(folder: Path, *arguments: str) -> None:
    environment = os.environ | {"DVC_NO_ANALYTICS": "1"}
    subprocess.run(
        [sys.executable, "-m", "dvc", *arguments, "--quiet"], cwd=folder, env=environment, check=True, timeout=300
    )


def objects(remote: Path) -> set[str]:
    return {path.relative_to(remote).as_posix() for path in remote.rglob("*") if path.is_file()}


def test_push_sends_only_what_one_changed_dump_changed(tmp_path: Path) -> None:
    project, remote = tmp_path / "project", tmp_path / "remote"
    raw, out = project / "raw", project / "processed"
    for number in range(40):
        path = raw / "paper" / f"{number:02}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(PAGE.format(number))
    run(raw, out)
    parts = len(list((out / "documents").iterdir()))
    assert parts > 4
    subprocess.run(["git", "init", "-q"], cwd=project, check=True)
    dvc(project, "init")
    dvc(project, "remote", "add", "--default", "store", str(remote))
    tables = [f"processed/{name}" for name in ("documents", "blocks", "articles", "metadata", "sentences")]
    dvc(project, "add", "raw/paper", *tables)
    dvc(project, "push")
    before = objects(remote)
    assert (project / "raw" / "paper.dvc").is_file()

    (raw / "paper" / "17.txt").write_text(PAGE.format(99))
    run(raw, out)  # the pointer of DVC beside the source is no record
    dvc(project, "add", "raw/paper", *tables)
    dvc(project, "push")
    # The dump, a part of each table, and for each folder its list of names.
    assert len(objects(remote) - before) == 2 * (1 + len(tables))
