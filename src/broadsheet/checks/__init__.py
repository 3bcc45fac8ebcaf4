"""Data checks: each stage's tables against the expectations of schemas/*.yaml, with Great Expectations.

In the SQL of a schema's invariants each table goes by its name, `accounting` has the column raw_records of what
ingest counted, the word BLANKS is a text of all characters that `str.isspace` calls blank, and
`nonblank_length(text)` is the number of the others. `slices(text, starts, ends)` is the list of text[start:end] in code
points, `nonblank_inside(text, starts, ends)` the number of their characters that are not blank, and
`are_slices(texts, text, starts, ends)` whether `texts` are these. `line_spans(text)` is the index, start and end of
each line with a non-blank character, trimmed, one after the other in one list.

Great Expectations takes half a second and 90 MB to import, so it is imported where a check runs, not here.
"""

from collections.abc import Collection, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from broadsheet.checks import report as _report
from broadsheet.errors import UsageError
from broadsheet.stages import STAGES
from broadsheet.stages.kept import NOTHING_KNOWN
from broadsheet.tables import check_folder, write_json

NOTHING_CHANGED: Mapping[str, Collection[str]] = MappingProxyType({})


def check_stage(
    folder: Path,
    stage: str,
    passed: Collection[str] = frozenset(),
    changed: Mapping[str, Collection[str]] = NOTHING_CHANGED,
    digests: Mapping[str, str] = NOTHING_KNOWN,
    threads: int | None = None,
) -> dict[str, Any]:
    """Checks the tables that `stage` wrote in the corpus `folder`; gives the report, the same for the same tables.

    Parts whose names are in `passed` were checked before, with the parts of other tables that have the same names; so
    were of parts in `changed` the rows of all documents but those that it names. With `digests`, the SHA-256 of files
    by path below `folder`, what is asked of all parts together is kept of each for the next check.

    `success` is that of the critical expectations; a failed warning leaves it True. Raises UsageError for an unknown
    stage, a folder that is not there, and a schema that names what cannot be checked. Tables that are missing or
    broken are failed results.
    """
    if stage not in STAGES:
        raise UsageError(f"there is no check of stage {stage!r}; stages with checks are {', '.join(STAGES)}")
    check_folder(folder, "build a corpus there first")
    from broadsheet.checks.stage import run_stage

    return run_stage(folder.absolute(), stage, threads, passed, changed, digests)


def write_report(folder: Path, stage: str, report: dict[str, Any]) -> None:
    """Writes `checks/<stage>.json` below `folder`."""
    write_json(folder / "checks" / f"{stage}.json", report)


def failures(report: dict[str, Any]) -> list[str]:
    """Lines for a terminal on each failed critical expectation; none where the report is a success."""
    return _report.lines(report, "critical")


def warnings(report: dict[str, Any]) -> list[str]:
    """Lines for a terminal on each failed expectation that is only a warning."""
    return _report.lines(report, "warning")


def expectation_count(report: dict[str, Any]) -> int:
    """Number of expectations that the report holds a result of."""
    return int(report["expectations"])
