"""The check of one stage: every expectation of every table that the stage has written.

What can be told of each document by itself is asked of runs of parts, one after the other, so that memory does not
grow with the corpus, and not again of parts that have passed; the rest is asked of all parts together. Where a part
fails, or ids are not unique over parts, all is asked of all parts together, and that is the report.
"""

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any

import duckdb

from broadsheet.checks.database import Database, apart, corpus_database, empty_database, open_database, quoted
from broadsheet.checks.declared import declared_expectations
from broadsheet.checks.engine import TableEngine
from broadsheet.checks.great import VERSION
from broadsheet.checks.parts import Parts, find_parts, parts_by_name, stages_until
from broadsheet.checks.validation import build_suite, entry_of_success, is_of_documents, run_suite
from broadsheet.schema import Table, tables
from broadsheet.stages import STAGES

# Bytes of Parquet that are checked at a time; the joins of as many take some 100 MB.
_BYTES_AT_A_TIME = 32_000_000
# The table that has no part for a part of documents.
_SOURCES = "sources"


Entries = dict[int, dict[str, Any]]
_TRIED_OUT: dict[str, tuple["Suite", ...]] = {}


class Suite:
    """The expectations of a table, tried out on a database without rows. Raises UsageError where one cannot run."""

    def __init__(self, table: Table, trial: Database) -> None:
        self.table = table
        self._types = trial.types(f"SELECT * FROM {quoted(table.name)}")
        declared = declared_expectations(table)
        self._declared = declared
        self._expectations = build_suite(declared, TableEngine(trial, table.name, self._types, table.key))
        self.of_documents: list[int] = []
        self.of_corpus: list[int] = []
        for position, (entry, asking) in enumerate(zip(declared, self._expectations, strict=True)):
            of_documents = table.name != _SOURCES and is_of_documents(entry, asking)
            (self.of_documents if of_documents else self.of_corpus).append(position)

    @property
    def all(self) -> Collection[int]:
        """Positions of all expectations."""
        return range(len(self._declared))

    def run(self, database: Database, parts: Parts, positions: Collection[int]) -> Entries:
        """The report's entries of the expectations at `positions` of the schema."""
        if not positions:
            return {}
        engine = TableEngine(database, self.table.name, self._types, self.table.key, parts)
        chosen = {position: self._declared[position] for position in positions}
        return run_suite(self.table.name, chosen, self._expectations, engine)

    def successes(self) -> Entries:
        """The report's entries where every expectation holds."""
        return {position: entry_of_success(self.table.name, each) for position, each in enumerate(self._declared)}


def run_stage(
    folder: Path, stage: str, threads: int | None = None, passed: Collection[str] = frozenset()
) -> dict[str, Any]:
    """The report of a stage; `threads`, and the names of parts that have `passed`, change how fast it comes alone."""
    parts = {table.name: find_parts(folder, table, stage) for table in tables().values() if stages_until(table, stage)}
    by_name = parts_by_name(parts, except_for=_SOURCES)
    with open_database(threads) as connection:
        suites = _suites(stage, connection)
        database = corpus_database(connection, folder, parts)
        new = [own for name, own in sorted(by_name.items()) if name not in passed]
        runs = list(_runs(new))
        if not by_name or (len(new) == len(by_name) and len(runs) == 1):
            found = [suite.run(database, parts[suite.table.name], suite.all) for suite in suites]
        else:
            found = [suite.run(database, parts[suite.table.name], suite.of_corpus) for suite in suites]
            if not any(map(_is_critical, _in_order(found))) and _hold(suites, folder, runs, connection):
                found = [suite.successes() | entries for suite, entries in zip(suites, found, strict=True)]
            else:
                rest = [suite.run(database, parts[suite.table.name], suite.of_documents) for suite in suites]
                found = [entries | others for entries, others in zip(found, rest, strict=True)]
        results = _in_order(found)
        counts = {suite.table.name: _row_count(database, suite.table.name) for suite in suites}
    failed = [entry for entry in results if not entry["success"]]
    critical = list(filter(_is_critical, failed))
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


def _is_critical(entry: dict[str, Any]) -> bool:
    return not entry["success"] and entry["severity"] == "critical"


def _in_order(found: Iterable[Entries]) -> list[dict[str, Any]]:
    return [entries[position] for entries in found for position in sorted(entries)]


def _hold(
    suites: Iterable[Suite], folder: Path, runs: list[dict[str, Parts]], connection: duckdb.DuckDBPyConnection
) -> bool:
    """Whether all holds that documents tell; `runs` are the parts of each table for some parts of documents."""
    for parts in runs:
        with apart(connection):
            database = corpus_database(connection, folder, parts)
            entries = (
                suite.run(database, parts[suite.table.name], suite.of_documents)
                for suite in suites
                if suite.of_documents
            )
            if not all(entry["success"] for entry in _in_order(entries)):
                return False
    return True


def _runs(found: list[dict[str, Parts]]) -> Iterator[dict[str, Parts]]:
    """Parts of each table, some parts of documents at a time."""
    some: list[dict[str, Parts]] = []
    size = 0
    for parts in found:
        own = sum(file.stat().st_size for each in parts.values() for file in each.files)
        if some and size + own > _BYTES_AT_A_TIME:
            yield _together(some)
            some, size = [], 0
        some.append(parts)
        size += own
    if some:
        yield _together(some)


def _together(some: list[dict[str, Parts]]) -> dict[str, Parts]:
    """All parts of a table as one; each stage's parts of rejects stay behind one another."""
    return {
        table: Parts(tuple(sorted(file for parts in some for file in parts[table].files)), (), readable=True)
        for table in some[0]
    }


def _suites(stage: str, connection: duckdb.DuckDBPyConnection) -> tuple[Suite, ...]:
    """The suites of a stage, tried out beside the tables of the connection; once in a process."""
    if stage not in _TRIED_OUT:
        checked = [table for table in tables().values() if stage in table.stages]
        checked.sort(key=lambda table: (STAGES.index(table.stages[0]), table.name))
        with apart(connection):
            trial = empty_database(connection)
            _TRIED_OUT[stage] = tuple(Suite(table, trial) for table in checked)
    return _TRIED_OUT[stage]


def _row_count(database: Database, table: str) -> int | None:
    try:
        return database.count(f"SELECT 1 FROM {quoted(table)}")
    except duckdb.Error:
        return None
