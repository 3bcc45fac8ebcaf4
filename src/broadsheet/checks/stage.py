"""The check of one stage: every expectation of every table that the stage has written."""

from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from broadsheet.checks.database import Database, corpus_database, empty_database, open_database, quoted
from broadsheet.checks.declared import declared_expectations
from broadsheet.checks.engine import TableEngine
from broadsheet.checks.parts import Parts, find_parts, stages_until
from broadsheet.checks.validation import VERSION, build_suite, run_suite
from broadsheet.schema import Table, tables
from broadsheet.stages import STAGES


class Suite:
    """The expectations of a table, tried out on a database without rows. Raises UsageError where one cannot run."""

    def __init__(self, table: Table, trial: Database) -> None:
        self.table = table
        self._types = trial.types(f"SELECT * FROM {quoted(table.name)}")
        self._declared = declared_expectations(table)
        self._expectations = build_suite(self._declared, TableEngine(trial, table.name, self._types, table.key))

    def run(self, database: Database, parts: Parts) -> list[dict[str, Any]]:
        """One entry of the report for each expectation, in the order of the schema."""
        engine = TableEngine(database, self.table.name, self._types, self.table.key, parts)
        return run_suite(self.table.name, self._declared, self._expectations, engine)


def run_stage(folder: Path, stage: str, threads: int | None = None) -> dict[str, Any]:
    """The report of a stage; `threads` change how fast it comes, not what it says."""
    suites = _suites(stage)
    parts = {table.name: find_parts(folder, table, stage) for table in tables().values() if stages_until(table, stage)}
    with open_database(threads) as connection:
        database = corpus_database(connection, folder, parts)
        results = [entry for suite in suites for entry in suite.run(database, parts[suite.table.name])]
        counts = {suite.table.name: _row_count(database, suite.table.name) for suite in suites}
    failed = [entry for entry in results if not entry["success"]]
    critical = [entry for entry in failed if entry["severity"] == "critical"]
    return {
        "stage": stage,
        "success": not critical,
        "expectations": len(results),
        "failed": len(critical),
        "warnings": len(failed) - len(critical),
        "tables": counts,
        "results": results,
        "great_expectations": VERSION,
    }


@cache
def _suites(stage: str) -> tuple[Suite, ...]:
    checked = [table for table in tables().values() if stage in table.stages]
    checked.sort(key=lambda table: (STAGES.index(table.stages[0]), table.name))
    with open_database() as connection:
        trial = empty_database(connection)
        return tuple(Suite(table, trial) for table in checked)


def _row_count(database: Database, table: str) -> int | None:
    try:
        return database.count(f"SELECT 1 FROM {quoted(table)}")
    except duckdb.Error:
        return None
