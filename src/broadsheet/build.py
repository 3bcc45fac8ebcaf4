"""The stages one after the other, each with its check: what `broadsheet build` and the DVC stages run."""

import fcntl
import importlib
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any

from broadsheet.checks import NOTHING_CHANGED, check_stage, failures, warnings, write_report
from broadsheet.checks.parts import part_folders, stages_until
from broadsheet.errors import UsageError
from broadsheet.parameters import Parameters
from broadsheet.schema import tables
from broadsheet.stages import STAGES
from broadsheet.stages.extract import extract
from broadsheet.stages.ingest import ingest
from broadsheet.stages.kept import (
    NOTHING_KNOWN,
    TakenOver,
    Written,
    code_key,
    entry_path,
    key_of,
    read_entry,
    write_entry,
)
from broadsheet.stages.publish import publish
from broadsheet.stages.segment import segment
from broadsheet.stages.survey import survey
from broadsheet.stages.workers import Workers
from broadsheet.storage import Place, Remote, fetch, send
from broadsheet.tables import check_folder, file_sha256

Say = Callable[[str], None]
NOTHING_TAKEN_OVER: Mapping[str, list[TakenOver]] = MappingProxyType({})


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


def run_stage(
    stage: str,
    raw: Place,
    out: Path,
    parameters: Parameters,
    workers: Workers,
    files: Mapping[str, str] = NOTHING_KNOWN,
) -> Written:
    """Run one stage; `files` are SHA-256 of the files of earlier ones by path below `out`, as far as they are known.

    Once it has begun to write, the corpus in `out` is unfinished until it is published again.
    """
    match stage:
        case "ingest":
            return Written(ingest(raw, out, parameters.ingest, workers))
        case "survey":
            return Written(survey(raw, out, parameters.survey, workers, files))
        case "extract":
            return extract(out, parameters.extract, workers, files)
        case "segment":
            return segment(out, workers, files)
        case _:
            raise UsageError(f"there is no stage {stage!r}; stages are {', '.join(STAGES)}")


def run_check(
    stage: str,
    out: Path,
    say: Say,
    passed: Collection[str] = frozenset(),
    changed: Mapping[str, Collection[str]] = NOTHING_CHANGED,
    digests: Mapping[str, str] = NOTHING_KNOWN,
    threads: int | None = None,
) -> bool:
    """Check a stage's tables, write its report, say what failed; True where no critical expectation failed.

    `passed` and all after it as for `check_stage`.
    """
    report = check_stage(out, stage, passed, changed, digests, threads)
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
    import pyarrow as pa

    from broadsheet.report.build_report import write_build_report

    try:
        write_build_report(out, stage)
    except (pa.ArrowException, KeyError, OSError, ValueError):
        say("no report was drawn: tables cannot be read")
    else:
        say(f"report: {out / 'report.html'}")


def draw(out: Path) -> None:
    """The pages of a finished build: report and audit view."""
    from broadsheet.report.audit import write_audit
    from broadsheet.report.build_report import write_build_report

    write_build_report(out)
    write_audit(out)


def check_what_changed(
    stage: str,
    out: Path,
    files: dict[str, str],
    say: Say,
    taken_over: Mapping[str, list[TakenOver]] = NOTHING_TAKEN_OVER,
    threads: int | None = 1,
) -> bool:
    """As `run_check`, but what passed before is not checked again.

    `files` are the SHA-256 of the files of all tables so far, `taken_over` what their stages have told of parts,
    `threads` how many may be at it, None for as many as there are cores.
    """
    path, report = entry_path(out, "checks", stage), out / "checks" / f"{stage}.json"
    parts = {name: _key_of_part(digests) for name, digests in _by_name(files).items()}
    key = key_of(code_key(), sorted(files.items()), file_sha256(out / ".state" / "accounting.json"))
    entry = read_entry(path)
    if entry and entry["key"] == key and report.is_file() and file_sha256(report) == entry["report"]:
        for line in entry["said"]:
            say(line)
        return True
    said: list[str] = []
    before = set(entry["parts"]) if entry and entry.get("code") == code_key() else set()
    done = {name for name, own in parts.items() if own in before}
    changed = {
        name: documents
        for name, told in taken_over.items()
        if name not in done and (documents := _changed_since(before, _by_name(files)[name], told)) is not None
    }
    passed = run_check(stage, out, said.append, done, changed, files, threads)
    for line in said:
        say(line)
    if passed:
        found = {"key": key, "code": code_key(), "parts": sorted(parts.values())}
        write_entry(path, found | {"report": file_sha256(report), "said": said})
    return passed


def files_until(stage: str, out: Path) -> dict[str, str]:
    """The SHA-256 of each file of the tables, as they are once `stage` has run, by its path below `out`."""
    written = [table for table in tables().values() if stages_until(table, stage)]
    parts = [
        path for table in written for each in part_folders(out, table, stage) for path in each.glob("part-*.parquet")
    ]
    return {path.relative_to(out).as_posix(): file_sha256(path) for path in sorted(parts)}


def _by_name(files: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """For each name of a part the SHA-256 of all files that have it by table; `files` are those by path below OUT."""
    by_name: dict[str, dict[str, str]] = {}
    for path, digest in files.items():
        table, _, name = path.rpartition("/")
        by_name.setdefault(name, {})[table] = digest
    return by_name


def _key_of_part(digests: Mapping[str, str]) -> str:
    """A key of the files of a part, of which `digests` are the SHA-256 by table."""
    return key_of(sorted(digests.items()))


def _changed_since(
    passed: Collection[str], digests: Mapping[str, str], told: Iterable[TakenOver]
) -> frozenset[str] | None:
    """The only documents of a part that have other rows than in one of the parts that `passed`, or None.

    `digests` are those of the part's files by table, `passed` the keys of parts, `told` is what stages took over for
    it. Files whose rows no stage tells of have to be the same.
    """
    earlier: dict[str, str] = {}
    changed, tables = frozenset[str](), frozenset[str]()
    for each in told:
        if any(digests.get(table) != digest for table, digest in each.now.items()):
            return None
        if any(earlier.get(table, digest) != digest for table, digest in each.earlier.items()):
            return None
        earlier |= each.earlier
        changed |= each.fresh
        tables |= each.tables
    others_are_the_same = all(digests[table] == digest for table, digest in earlier.items() if table not in tables)
    known = tables and others_are_the_same and _key_of_part({**digests, **earlier}) in passed
    return changed if known else None


def _import_checks_meanwhile(out: Path) -> None:
    """Import Great Expectations while workers read, where a first build is sure to need it."""
    if not (out / "checks").is_dir():
        threading.Thread(target=importlib.import_module, args=("broadsheet.checks.stage",), daemon=True).start()


def _check_nothing_else_is_lost(raw: Place, out: Path) -> None:
    """Raise UsageError where a table would take the place of dumps or of files of another kind."""
    for name in tables():
        folder = out / name
        if isinstance(raw, Path) and folder.resolve() in (raw.resolve(), *raw.resolve().parents):
            raise UsageError(f"{out}: the dumps in {raw} lie where its table {name} would be; name another folder")
        files = (path for path in folder.rglob("*") if path.suffix != ".parquet" and not path.is_dir())
        if other := min(files, default=None):
            raise UsageError(f"{other}: this is no part of a table; move it away, or name another folder than {out}")


def build(raw: Place, out: Path, parameters: Parameters, workers: Workers, say: Say) -> dict[str, Any] | None:
    """All stages and checks, on workers that end with it; the metrics, or None where a check failed and it stopped.

    Raises UsageError where a folder is missing, or the output would take the place of something else.
    """
    if isinstance(raw, Path) and (out.resolve() == raw.resolve() or raw.resolve() in out.resolve().parents):
        raise UsageError(f"{out}: the output cannot lie in the raw folder {raw}; name another folder")
    if out.exists():
        check_folder(out, "name one for the tables")
    check_folder(raw, "name the folder that holds the dumps")
    _check_nothing_else_is_lost(raw, out)
    files: dict[str, str] = {}
    taken_over: dict[str, list[TakenOver]] = {}

    def check(stage: str) -> bool:
        return check_what_changed(stage, out, files, say, taken_over, workers.number)

    with only_build_on(out):
        with workers as pool:
            if pool.number != 1:
                _import_checks_meanwhile(out)
            for stage in STAGES:
                written = run_stage(stage, raw, out, parameters, pool, files)
                files |= written.files
                for name, told in written.taken_over.items():
                    taken_over.setdefault(name, []).append(told)
                if stage != STAGES[-1] and not check(stage):
                    return None
        # Without the workers, which have nothing left to do: the last check and the report have their memory.
        if not check(STAGES[-1]):
            return None
        metrics = publish(out, corpus=parameters.corpus, files=files)
        draw(out)
        return metrics


def build_remote(
    raw: Place, out: Remote, work: Path, parameters: Parameters, workers: Workers, say: Say
) -> dict[str, Any] | None:
    """As `build`, with tables on another file system: they are made in the folder `work` and sent when they are done.

    What a build of another machine has left in `out` is taken over where `work` is empty.
    """
    if f"{out}/".startswith(f"{raw}/"):
        raise UsageError(f"{out}: the output cannot lie in the raw folder {raw}; name another folder")
    fetch(out, work)
    metrics = build(raw, work, parameters, workers, say)
    with only_build_on(work):
        send(work, out)
    return metrics
