"""The stages one after the other, each with its check: what `broadsheet build` and the DVC stages run."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from broadsheet.checks import check_stage, failures, warnings, write_report
from broadsheet.errors import UsageError
from broadsheet.parameters import Parameters
from broadsheet.stages import STAGES
from broadsheet.stages.extract import extract
from broadsheet.stages.ingest import ingest
from broadsheet.stages.publish import publish
from broadsheet.stages.segment import segment
from broadsheet.stages.survey import survey

Say = Callable[[str], None]


def run_stage(stage: str, raw: Path, out: Path, parameters: Parameters, workers: int) -> None:
    """Run one stage; once it has begun to write, the corpus in `out` is unfinished until it is published again."""
    match stage:
        case "ingest":
            ingest(raw, out, parameters.ingest, workers)
        case "survey":
            survey(raw, out, parameters.survey, workers)
        case "extract":
            extract(out, parameters.extract, workers)
        case "segment":
            segment(out, workers)
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


def build(raw: Path, out: Path, parameters: Parameters, workers: int, say: Say) -> dict[str, Any] | None:
    """All stages and checks; the metrics, or None where a check failed and the build stopped."""
    if out.resolve() == raw.resolve() or raw.resolve() in out.resolve().parents:
        raise UsageError(f"{out}: the output cannot lie in the raw folder {raw}; name another folder")
    if out.exists() and not out.is_dir():
        raise UsageError(f"{out}: this is no folder; name one for the tables")
    for stage in STAGES:
        run_stage(stage, raw, out, parameters, workers)
        if not run_check(stage, out, say):
            return None
    metrics = publish(out, workers, parameters.corpus)
    draw(out)
    return metrics
