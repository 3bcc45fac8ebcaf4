"""The stages one after the other, each with its check: what `broadsheet build` and the DVC stages run."""

import fcntl
import importlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from broadsheet.checks import check_stage, failures, warnings, write_report
from broadsheet.errors import UsageError
from broadsheet.parameters import Parameters
from broadsheet.schema import tables
from broadsheet.stages import STAGES
from broadsheet.stages.extract import extract
from broadsheet.stages.ingest import ingest
from broadsheet.stages.kept import code_key, entry_path, key_of, read_entry, write_entry
from broadsheet.stages.publish import publish
from broadsheet.stages.segment import segment
from broadsheet.stages.survey import survey
from broadsheet.stages.workers import Workers
from broadsheet.tables import check_folder, file_sha256

Say = Callable[[str], None]


@contextmanager
def only_build_on(out: Path) -> Iterator[None]:
    """Keep `out` for this build alone. Raises UsageError where another one works on it.

    The lock is the process', so that one that was killed holds none.
    """
    place = out / ".state" / "lock"
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.open("wb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UsageError(f"{out}: another build is at work there; wait for it, or name another folder") from None
        yield


def run_stage(stage: str, raw: Path, out: Path, parameters: Parameters, workers: Workers) -> dict[str, str]:
    """Run one stage; the SHA-256 of each file of its tables.

    Once it has begun to write, the corpus in `out` is unfinished until it is published again.
    """
    match stage:
        case "ingest":
            return ingest(raw, out, parameters.ingest, workers)
        case "survey":
            return survey(raw, out, parameters.survey, workers)
        case "extract":
            return extract(out, parameters.extract, workers)
        case "segment":
            return segment(out, workers)
        case _:
            raise UsageError(f"there is no stage {stage!r}; stages are {', '.join(STAGES)}")


def run_check(stage: str, out: Path, say: Say) -> bool:
    """Check a stage's tables, write its report, say what failed; True where no critical expectation failed."""
    report = check_stage(out, stage)
    write_report(out, stage, report)
    for line in warnings(report):
        say(f"warning: {line}")
    for line in failures(report):
        say(f"failed: {line}")
    if not report["success"]:
        say(f"check of {stage} failed: see {out / 'checks' / (stage + '.json')}")
        draw_failure(out, stage, say)
    return bool(report["success"])


def draw_failure(out: Path, stage: str, say: Say) -> None:
    """The report of a build that a check has stopped, where its tables can be read."""
    import duckdb

    from broadsheet.report.build_report import write_build_report

    try:
        write_build_report(out, stage)
    except duckdb.Error:
        say("no report was drawn: tables cannot be read")
    else:
        say(f"report: {out / 'report.html'}")


def draw(out: Path) -> None:
    """The pages of a finished build: report and audit view."""
    from broadsheet.report.audit import write_audit
    from broadsheet.report.build_report import write_build_report

    write_build_report(out)
    write_audit(out)


def _check_what_changed(stage: str, out: Path, files: dict[str, str], say: Say) -> bool:
    """As `run_check`, but what passed before is not checked again; `files` are the files of all tables so far."""
    path, report = entry_path(out, "checks", stage), out / "checks" / f"{stage}.json"
    key = key_of(code_key(), sorted(files.items()), file_sha256(out / ".state" / "accounting.json"))
    entry = read_entry(path)
    if entry and entry["key"] == key and report.is_file() and file_sha256(report) == entry["report"]:
        for line in entry["said"]:
            say(line)
        return True
    said: list[str] = []
    passed = run_check(stage, out, said.append)
    for line in said:
        say(line)
    if passed:
        write_entry(path, {"key": key, "report": file_sha256(report), "said": said})
    return passed


def _import_checks_meanwhile(out: Path) -> None:
    """Import Great Expectations while workers read, where a first build is sure to need it."""
    if not (out / "checks").is_dir():
        threading.Thread(target=importlib.import_module, args=("broadsheet.checks.stage",), daemon=True).start()


def _check_nothing_else_is_lost(raw: Path, out: Path) -> None:
    """Raise UsageError where a table would take the place of dumps or of files of another kind."""
    for name in tables():
        folder = out / name
        if folder.resolve() in (raw.resolve(), *raw.resolve().parents):
            raise UsageError(f"{out}: the dumps in {raw} lie where its table {name} would be; name another folder")
        files = (path for path in folder.rglob("*") if path.suffix != ".parquet" and not path.is_dir())
        if other := min(files, default=None):
            raise UsageError(f"{other}: this is no part of a table; move it away, or name another folder than {out}")


def build(raw: Path, out: Path, parameters: Parameters, workers: int, say: Say) -> dict[str, Any] | None:
    """All stages and checks; the metrics, or None where a check failed and the build stopped.

    Raises UsageError where a folder is missing, or the output would take the place of something else.
    """
    if out.resolve() == raw.resolve() or raw.resolve() in out.resolve().parents:
        raise UsageError(f"{out}: the output cannot lie in the raw folder {raw}; name another folder")
    if out.exists():
        check_folder(out, "name one for the tables")
    check_folder(raw, "name the folder that holds the dumps")
    _check_nothing_else_is_lost(raw, out)
    files: dict[str, str] = {}
    with only_build_on(out), Workers(workers) as pool:
        if workers > 1:
            _import_checks_meanwhile(out)
        for stage in STAGES:
            files |= run_stage(stage, raw, out, parameters, pool)
            if not _check_what_changed(stage, out, files, say):
                return None
        metrics = publish(out, pool, parameters.corpus)
        draw(out)
        return metrics
