"""The whole build: same bytes however it is made, and honest where it fails."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from broadsheet import read_table
from broadsheet.readers import percent_encoded
from tests.conftest import RAW, ROOT, broadsheet

SEED_LIKE = RAW / "orsley-post"


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def test_the_summary_accounts_for_every_dump(corpus: Path) -> None:
    metrics = json.loads((corpus / "metrics.json").read_text())
    files = [p for p in RAW.rglob("*") if p.is_file() and not p.name.startswith("README") and p.name != "source.yaml"]
    assert metrics["raw_records"] == metrics["articles"] + metrics["rejects"]
    tables = [read_table(name, corpus, ["raw_path", "raw_record"]) for name in ("documents", "rejects")]
    records = {each for table in tables for each in zip(table["raw_path"], table["raw_record"], strict=True)}
    assert len(records) == metrics["raw_records"]
    assert {raw_path for raw_path, _ in records} == {percent_encoded(os.fsencode(p.relative_to(RAW))) for p in files}
    assert set(metrics["rejects_by_reason"]) >= {
        "binary",
        "empty",
        "exact_duplicate",
        "no_article",
        "truncated",
        "undecodable",
    }
    assert len(metrics["articles_by_language"]) >= 8


def test_two_workers_many_parts_and_another_file_order_give_the_same_bytes(corpus: Path, tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    files = [path for path in RAW.rglob("*") if path.is_file()]
    random.Random(5).shuffle(files)
    for path in files:
        (raw / path.relative_to(RAW)).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, raw / path.relative_to(RAW))
    parameters = tmp_path / "params.yaml"
    parameters.write_text((ROOT / "params.yaml").read_text().replace("part_records: 256", "part_records: 12"))
    done = broadsheet("build", raw, tmp_path / "one", "--workers", 1, "--params", parameters)
    assert done.returncode == 0, done.stderr
    done = broadsheet("build", raw, tmp_path / "two", "--workers", 2, "--params", parameters)
    assert done.returncode == 0, done.stderr
    assert tree(tmp_path / "one") == tree(tmp_path / "two")
    assert len(list((tmp_path / "one" / "documents").iterdir())) > 4
    done = broadsheet("build", raw, tmp_path / "three", "--workers", 2)
    assert done.returncode == 0, done.stderr
    assert tree(tmp_path / "three") == tree(corpus)


def test_a_second_build_onto_the_same_folder_changes_nothing(tmp_path: Path) -> None:
    assert broadsheet("build", SEED_LIKE, tmp_path / "out").returncode == 0
    before = tree(tmp_path / "out")
    assert broadsheet("build", SEED_LIKE, tmp_path / "out").returncode == 0
    assert tree(tmp_path / "out") == before


def test_a_wrong_call_leaves_a_finished_corpus_as_it_was(corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "raw" / "paper").mkdir(parents=True)
    (tmp_path / "raw" / "paper" / "1.txt").write_text("A notice.")
    (tmp_path / "raw" / "paper" / "source.yaml").write_text("titel: The Paper")
    done = broadsheet("build", tmp_path / "raw", corpus)
    assert done.returncode == 2 and "unknown key 'titel'" in done.stderr
    assert (corpus / "manifest.json").is_file()


def test_a_working_folder_for_an_output_that_is_one_itself_is_refused(tmp_path: Path) -> None:
    done = broadsheet("build", SEED_LIKE, tmp_path / "out", "--work", tmp_path / "work")
    assert done.returncode == 2 and "--work" in done.stderr and len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "out").exists()


def test_a_killed_build_leaves_no_manifest_and_the_next_one_finishes(tmp_path: Path) -> None:
    clean, out = tmp_path / "clean", tmp_path / "out"
    assert broadsheet("build", SEED_LIKE, clean).returncode == 0
    for mark in ("documents", "sources", "blocks", "sentences"):
        shutil.rmtree(out, ignore_errors=True)
        command = [sys.executable, "-m", "broadsheet.cli", "build", str(SEED_LIKE), str(out), "--workers", "2"]
        process = subprocess.Popen(
            command, start_new_session=True, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
        )
        deadline = time.monotonic() + 120
        while not list(out.glob(f"{mark}/part-*")) and time.monotonic() < deadline:
            time.sleep(0.01)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        assert not (out / "manifest.json").exists()
    done = broadsheet("build", SEED_LIKE, out)
    assert done.returncode == 0, done.stderr
    assert tree(out) == tree(clean)


def test_records_but_no_article_exits_1_and_leaves_the_tables(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "1.txt").write_bytes(b"")
    done = broadsheet("build", tmp_path / "raw", tmp_path / "out")
    assert done.returncode == 1
    assert "expect_table_row_count_to_be_between" in done.stderr and "Traceback" not in done.stderr
    assert (tmp_path / "out" / "checks" / "ingest.json").is_file()
    assert not (tmp_path / "out" / "manifest.json").exists()
    assert list((tmp_path / "out" / "rejects" / "ingest").iterdir())


def test_check_passes_on_a_good_corpus_and_finds_a_changed_one(corpus: Path, tmp_path: Path) -> None:
    done = broadsheet("check", corpus)
    assert done.returncode == 0, done.stderr
    assert "all passed" in done.stderr
    out = tmp_path / "out"
    shutil.copytree(corpus, out)
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    path = out / "sentences" / "part-000000.parquet"
    table = pq.read_table(path)
    index = table.schema.get_field_index("text")
    pq.write_table(table.set_column(index, table.schema.field("text"), pc.utf8_upper(table["text"])), path)
    done = broadsheet("check", out)
    assert done.returncode == 1
    assert "sentences_are_slices_of_the_body" in done.stderr
    assert "not the file that the manifest describes" in done.stderr


@pytest.mark.parametrize(
    ("raw", "there"), [("out/documents", "documents/source/1.txt"), ("raw", "articles/thesis.tex")]
)
def test_no_table_takes_the_place_of_other_files(tmp_path: Path, raw: str, there: str) -> None:
    """A table is swapped in for the folder of its name, which held dumps or somebody's own files."""
    for file in (tmp_path / raw / "source" / "1.txt", tmp_path / "out" / there):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("Mine.")
    done = broadsheet("build", raw, "out", cwd=tmp_path)
    assert done.returncode == 2 and done.stderr.count("\n") == 1 and "name another folder" in done.stderr
    assert (tmp_path / "out" / there).read_text() == "Mine."


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["build", "nowhere", "out"], "nowhere: there is no such folder"),
        (["build", __file__, "out"], f"{__file__}: this is a file, not a folder; name the folder that holds"),
        (["build", str(RAW), __file__], f"{__file__}: this is a file, not a folder; name one for the tables"),
        (["build", str(RAW), str(RAW / "out")], "cannot lie in the raw folder"),
        (["build", str(RAW), "out", "--workers", "0"], "not a number of workers"),
        (["build", str(RAW), "out", "--params", "none.yaml"], "no such file of parameters"),
        (["check", "nowhere"], "nowhere: there is no such folder"),
        (["check", __file__], f"{__file__}: this is a file, not a folder"),
        (["check", "."], "no tables here"),
        (["diff", __file__, "."], f"{__file__}: this is a file, not a folder"),
        (["release", __file__, "out"], f"{__file__}: this is a file, not a folder"),
        (["explain", "nowhere"], "nowhere: there is no such file"),
        (["explain", str(RAW)], f"{RAW}: this is a folder; name a dump in it"),
        (["explain", __file__, "--corpus", __file__], f"{__file__}: this is a file, not a folder"),
        (["explain", __file__, "--record", "-1"], f"{__file__}: there is no record -1 in it; they are counted from 0"),
        (["explain", __file__, "--record", "1" + 20 * "0"], "there is no record 1"),
        (["publish"], "invalid choice"),
        ([], "required"),
    ],
)
def test_a_wrong_call_is_one_clear_line(tmp_path: Path, arguments: list[str], message: str) -> None:
    done = broadsheet(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert message in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("maximum_bytes: 52428800", "maximum_bytes: much", "maximum_bytes is 'much', but int is needed"),
        ("maximum_bytes: 52428800", "maximum_size: 1", "unknown parameter 'maximum_size'"),
        ("furniture_share: 0.3", "furniture_share: -1", "cannot be negative"),
        ("survey:", "surveys:", "sections are exactly"),
    ],
)
def test_wrong_parameters_are_one_clear_line(tmp_path: Path, old: str, new: str, message: str) -> None:
    (tmp_path / "params.yaml").write_text((ROOT / "params.yaml").read_text().replace(old, new))
    done = broadsheet("build", RAW, tmp_path / "out", "--params", tmp_path / "params.yaml")
    assert done.returncode == 2 and message in done.stderr and "Traceback" not in done.stderr


def test_explain_shows_every_line_and_what_came_of_it(corpus: Path) -> None:
    done = broadsheet("explain", SEED_LIKE / "000_4be1d09c27a3f510.txt", "--corpus", corpus)
    assert done.returncode == 0, done.stderr
    assert "Council reopens talks on harbour ferry" in done.stdout
    assert "2017-03-14T08:40:00 (minute: March 14, 2017 08:40)" in done.stdout
    assert "\x1b" not in done.stdout


def test_explain_says_why_a_dump_is_rejected_and_escapes_what_could_drive_a_terminal(tmp_path: Path) -> None:
    dump = tmp_path / "x.txt"
    dump.write_text("Menu\n\x1b[31mHome\u202e\n")
    done = broadsheet("explain", dump)
    assert done.returncode == 0
    assert "reject: no_article" in done.stdout and "\\u001b[31mHome\\u202e" in done.stdout


def test_sentences_point_back_to_the_dump(corpus: Path) -> None:
    sentences = read_table("sentences", corpus)
    texts = read_table("documents", corpus).set_index("document_id")["text"]
    bodies = read_table("articles", corpus).set_index("article_id")["body"]
    for row in sentences.itertuples():
        assert bodies[row.article_id][row.start : row.end] == row.text
        assert texts[row.article_id][row.document_start : row.document_end].replace("\n", " ") == row.text.replace(
            "\n", " "
        )


def test_a_name_that_dvc_cannot_take_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"caf\xe9.txt")).touch()
    command = [sys.executable, "-m", "broadsheet.raw_names", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 2
    assert "caf\\xe9.txt: DVC cannot take a name that is not UTF-8" in done.stderr
    assert subprocess.run([*command[:-1], str(RAW)]).returncode == 0
