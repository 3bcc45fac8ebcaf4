"""Two corpora are compared by key; the same rows in other parts are no difference."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from broadsheet.diff import diff
from broadsheet.schema import tables
from broadsheet.tables import read_part, table_parts
from tests.conftest import RAW, ROOT, broadsheet


@pytest.fixture
def changed(corpus: Path, tmp_path: Path) -> Callable[..., Path]:
    """A copy of the sample corpus with the rows of one table passed through a function."""

    def make(table: str, change: Callable[[list[dict[str, Any]]], list[dict[str, Any]]]) -> Path:
        out = tmp_path / f"{table}-changed"
        shutil.copytree(corpus, out)
        (part,) = table_parts(out, table)
        found = read_part(part)
        pq.write_table(pa.Table.from_pylist(change(found.to_pylist()), found.schema), part)
        return out

    return make


def compared(old: Path, new: Path) -> dict[str, Any]:
    lines: list[str] = []
    same = diff(str(old), str(new), True, None, lines.append)
    (text,) = lines
    found = json.loads(text)
    assert found["same"] is same
    return dict(found)


def test_a_corpus_is_equal_to_itself_and_to_itself_in_other_parts(corpus: Path, tmp_path: Path) -> None:
    assert broadsheet("diff", corpus, corpus).returncode == 0
    parameters = tmp_path / "params.yaml"
    parameters.write_text((ROOT / "params.yaml").read_text().replace("part_records: 256", "part_records: 12"))
    assert broadsheet("build", RAW, tmp_path / "parts", "--workers", 1, "--params", parameters).returncode == 0
    assert compared(corpus, tmp_path / "parts")["same"]


def test_each_changed_value_is_found_once(corpus: Path, changed: Callable[..., Path], tmp_path: Path) -> None:
    def change(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        first, second, third, *_ = [row for row in rows[:-1] if row["authors"] and row["byline"]]
        first["byline"], second["byline"] = "By Mara Quint", None
        third["authors"] = [*third["authors"], "Mara Quint"]
        return rows[:-1]

    before = read_part(table_parts(corpus, "metadata")[0]).to_pylist()
    new, file = changed("metadata", change), tmp_path / "all.parquet"
    done = broadsheet("diff", corpus, new, "--json", "--parquet", file)
    assert done.returncode == 1, done.stderr
    found = json.loads(done.stdout)["tables"]["metadata"]
    assert (found["added"], found["removed"], found["changed"]) == (0, 1, 3)
    assert found["columns"]["byline"]["lost"] == 1 and found["columns"]["byline"]["changed"] == 2
    assert found["columns"]["authors"] == {"changed": 1, "gained": 0, "lost": 0}
    written = {(row["change"], row["column"]): row for row in pq.read_table(file).to_pylist()}
    assert written["changed", "authors"]["new"].endswith("Mara Quint]")
    assert json.loads(written["removed", None]["key"]) == {"article_id": before[-1]["article_id"]}
    assert len(written) == len({*written}) and len(pq.read_table(file)) == 4


def test_the_words_say_what_became_of_dumps_and_bodies(corpus: Path, stricter: Path) -> None:
    done = broadsheet("diff", corpus, stricter)
    assert done.returncode == 1
    assert "bodies changed: 0 longer" in done.stdout
    assert "read as list_item before, as other now" in done.stdout
    assert "articles before, rejected now (" in done.stdout
    back = broadsheet("diff", stricter, corpus)
    assert "rejected before, articles now (" in back.stdout


def test_revisions_are_compared_as_the_folders_they_came_from(
    corpus: Path, stricter: Path, repository: Path, tmp_path: Path
) -> None:
    file = tmp_path / "changes.parquet"
    done = broadsheet("diff", "corpus-v1", "corpus-v2", "--json", "--parquet", file, cwd=repository / "processed")
    assert done.returncode == 1, done.stderr
    found, expected = json.loads(done.stdout), compared(corpus, stricter)
    assert found["tables"] == expected["tables"] and not found["same"]
    assert {"added", "removed", "changed"} & set(pq.read_table(file)["change"].to_pylist())
    done = broadsheet("diff", "HEAD", stricter, cwd=repository)
    assert done.returncode == 0, done.stderr
    assert not (repository / "processed" / "articles").exists(), "nothing is checked out"


@pytest.mark.parametrize("revision", ["--output=x", "nonsense", "HEAD~99"])
def test_what_is_no_revision_is_one_line(repository: Path, revision: str) -> None:
    before = sorted(repository.iterdir())
    done = broadsheet("diff", "--", "corpus-v1", revision, cwd=repository)
    assert done.returncode == 2 and done.stderr.count("\n") == 1, done.stderr
    assert done.stderr.startswith(f"broadsheet: {revision}: there is no such folder, and no git revision")
    assert sorted(repository.iterdir()) == before


@pytest.mark.parametrize("lost", [".dir", "part"])
def test_a_revision_that_was_not_pushed_whole_is_one_line(repository: Path, tmp_path: Path, lost: str) -> None:
    """A list of parts that is missing in the remote is another error of DVC than a missing part."""
    shutil.copytree(repository.parent / "storage", tmp_path / "storage")
    (tmp_path / "work").mkdir()
    shutil.copytree(repository / ".git", tmp_path / "work" / ".git")
    subprocess.run(["git", "checkout", "-q", "--", "."], cwd=tmp_path / "work", check=True)
    (config,) = (tmp_path / "work").glob(".dvc/config")
    config.write_text(f"[core]\n remote = here\n['remote \"here\"']\n url = {tmp_path / 'storage'}\n")
    subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b.example", "commit", "-qam", "x"],
                   cwd=tmp_path / "work", check=True)  # fmt: skip
    for path in (tmp_path / "storage").rglob("*"):
        if path.is_file() and (path.suffix == ".dir") == (lost == ".dir"):
            path.unlink()
    done = broadsheet("diff", "HEAD", "corpus-v1", cwd=tmp_path / "work")
    assert done.returncode == 2 and done.stderr.count("\n") == 1, done.stderr
    assert "are in DVC's cache or remote" in done.stderr


def test_a_table_or_column_that_one_side_lacks_is_named(corpus: Path, tmp_path: Path) -> None:
    old = tmp_path / "old"
    shutil.copytree(corpus, old)
    (part,) = table_parts(old, "sentences")
    pq.write_table(read_part(part).drop_columns(["paragraph_index"]), part)
    shutil.rmtree(old / "sources")
    found = compared(old, corpus)["tables"]
    assert found["sentences"]["new_columns"] == ["paragraph_index"] and not found["sentences"]["changed"]
    assert found["sources"]["added"] == found["sources"]["new_rows"]


def test_long_texts_are_shown_from_where_they_part(corpus: Path, changed: Callable[..., Path]) -> None:
    new = changed("articles", lambda rows: [rows[0] | {"body": rows[0]["body"] + " Nobody came."}, *rows[1:]])
    (sample,) = compared(corpus, new)["tables"]["articles"]["samples"]
    assert sample["values"]["body"]["new"].startswith("…") and sample["values"]["body"]["new"].endswith("Nobody came.")


def test_text_of_dumps_cannot_drive_the_terminal(corpus: Path, changed: Callable[..., Path]) -> None:
    new = changed("articles", lambda rows: [rows[0] | {"headline": "\x1b[2J\u202eX"}, *rows[1:]])
    done = broadsheet("diff", corpus, new)
    assert "\x1b" not in done.stdout and "\u202e" not in done.stdout and "\\u001b[2J\\u202eX" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["diff", "nowhere", "."], "nowhere: "),
        (["diff", str(RAW), str(RAW)], "no tables here"),
    ],
)
def test_a_wrong_call_exits_2_with_one_line(tmp_path: Path, arguments: list[str], message: str) -> None:
    done = broadsheet(*arguments, cwd=tmp_path)
    assert done.returncode == 2 and message in done.stderr and "Traceback" not in done.stderr


def test_every_table_is_compared(corpus: Path) -> None:
    assert set(compared(corpus, corpus)["tables"]) == set(tables())
