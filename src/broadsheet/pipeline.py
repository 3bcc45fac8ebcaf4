"""What the DVC stages in scripts/ call: raw/ and params.yaml to processed/, in the folder that DVC runs them in."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

from broadsheet.build import check_what_changed, draw, files_until, only_build_on, run_stage
from broadsheet.errors import UsageError
from broadsheet.parameters import read_parameters
from broadsheet.process import end, reuse_memory, with_room_for_calls
from broadsheet.stages.publish import publish, summary_of
from broadsheet.stages.workers import Workers

_RAW, _PROCESSED, _PARAMETERS = Path("raw"), Path("processed"), Path("params.yaml")


def _say(line: str) -> None:
    print(line, file=sys.stderr)


def _workers() -> Workers:
    return Workers(os.cpu_count() or 1)


@with_room_for_calls
def _exit_with(work: Callable[[], bool]) -> None:
    """Exit 0, 1 where a check failed, 2 with one line where the call is wrong."""
    reuse_memory()
    try:
        code = 0 if work() else 1
    except UsageError as error:
        _say(f"broadsheet: {error}")
        code = 2
    end(code)


def stage(name: str) -> None:
    """Run one stage on all cores and exit."""

    def work() -> bool:
        with only_build_on(_PROCESSED), _workers() as workers:
            run_stage(name, _RAW, _PROCESSED, read_parameters(_PARAMETERS), workers)
        return True

    _exit_with(work)


def check(name: str) -> None:
    """Check one stage's tables, but parts that have passed before, and exit."""
    _exit_with(lambda: check_what_changed(name, _PROCESSED, files_until(name, _PROCESSED), _say, threads=None))


def publish_corpus() -> None:
    """Write manifest and metrics, say in one line what became of the dumps, and exit."""

    def work() -> bool:
        with only_build_on(_PROCESSED), _workers() as workers:
            print(summary_of(publish(_PROCESSED, workers, read_parameters(_PARAMETERS).corpus)))
        return True

    _exit_with(work)


def report_corpus() -> None:
    """Draw the pages of the corpus, and exit."""

    def work() -> bool:
        draw(_PROCESSED)
        return True

    _exit_with(work)
