"""The check of one stage: every expectation of every table that the stage has written.

What can be told of each document by itself is asked of runs of parts, one after the other, and the counts are added
up, so that memory does not grow with the corpus, and not again of parts that have passed; the rest is asked of all
parts together. Where something fails, or ids are not unique over parts, all is asked of all parts together, and that
is the report. Only then is a schema tried out on tables without rows: SQL that cannot run never holds.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import duckdb

from broadsheet.checks.database import (
    Database,
    apart,
    column_types,
    corpus_database,
    empty_database,
    open_database,
    quoted,
)
from broadsheet.checks.declared import declared_expectations
from broadsheet.checks.engine import TableEngine
from broadsheet.checks.great import VERSION
from broadsheet.checks.parts import Parts, find_parts, parts_by_name, stages_until
from broadsheet.checks.validation import (
    Values,
    ask,
    build_suite,
    entry_of_success,
    holding,
    is_of_documents,
    run_suite,
    try_out,
)
from broadsheet.schema import Table, arrow_schema, tables
from broadsheet.stages import STAGES

# Decompressed bytes of Parquet that are asked at a time; the joins of as many take 100 MB.
_BYTES_AT_A_TIME = 32_000_000
# Tables are joined in the order of the queries. DuckDB's own compared each document of a run with each other one to
# see whether rows are in order.
_AS_WRITTEN = "SET disabled_optimizers = 'join_order'"
# The table that has no part for a part of documents.
_SOURCES = "sources"


Entries = dict[int, dict[str, Any]]
_SUITES: dict[str, tuple["Suite", ...]] = {}


class Suite:
    """The expectations of a table. Raises UsageError where one cannot be computed."""

    def __init__(self, table: Table, connection: duckdb.DuckDBPyConnection) -> None:
        self.table = table
        self._types = column_types(arrow_schema(table.name))
        self._declared = declared_expectations(table)
        self._expectations = build_suite(self._declared, self.engine(Database(connection)))
        self._ran = False
        self.of_documents: list[int] = []
        self.of_corpus: list[int] = []
        for position, (entry, asking) in enumerate(zip(self._declared, self._expectations, strict=True)):
            of_documents = table.name != _SOURCES and is_of_documents(entry, asking)
            (self.of_documents if of_documents else self.of_corpus).append(position)

    @property
    def all(self) -> Collection[int]:
        """Positions of all expectations."""
        return range(len(self._declared))

    def engine(self, database: Database, parts: Parts | None = None) -> TableEngine:
        """What computes the metrics of the table in a database."""
        return TableEngine(database, self.table.name, self._types, self.table.key, parts)

    def names(self, table: str) -> bool:
        """Whether an expectation is about another table too; a word that is no table's name does no harm."""
        sql = (text for asking in self._expectations for text in (*asking.aggregates, *asking.queries))
        return table == self.table.name or any(re.search(rf"\b{table}\b", text) for text in sql)

    def try_out(self, trial: Database) -> None:
        """Raises UsageError where an expectation cannot run on a database without rows; once in a process."""
        if not self._ran:
            try_out(self._declared, self._expectations, self.engine(trial))
            self._ran = True

    def run(
        self, database: Database, parts: Parts, positions: Collection[int], try_it_out: Callable[[], None]
    ) -> Entries:
        """The report's entries of the expectations at `positions` of the schema; `try_it_out` as for `run_suite`."""
        if not positions:
            return {}
        chosen = {position: self._declared[position] for position in positions}
        return run_suite(self.table.name, chosen, self._expectations, self.engine(database, parts), try_it_out)

    def ask_documents(self, database: Database, parts: Parts) -> Values | None:
        """Counts of what documents tell by themselves, by metric; None where one cannot be computed."""
        return ask([self._expectations[position] for position in self.of_documents], self.engine(database, parts))

    def documents_hold(self, values: Values, database: Database) -> bool:
        """Whether all holds that documents tell by themselves, by the counts of them all."""
        return all(
            holding([self._expectations[position] for position in self.of_documents], values, self.engine(database))
        )

    def successes(self) -> Entries:
        """The report's entries where every expectation holds."""
        return {position: entry_of_success(self.table.name, each) for position, each in enumerate(self._declared)}


def run_stage(
    folder: Path, stage: str, threads: int | None = None, passed: Collection[str] = frozenset()
) -> dict[str, Any]:
    """The report of a stage; `threads`, and the names of parts that have `passed`, change how fast it comes alone."""
    with open_database(threads) as connection:
        connection.execute(_AS_WRITTEN)
        suites = _suites(stage, connection)
        parts = _parts(folder, stage, suites, passed)
        by_name = parts_by_name(parts, except_for=_SOURCES)
        database = corpus_database(connection, folder, parts)
        try_it_out = partial(_try_out, suites, connection)
        new = [own for name, own in sorted(by_name.items()) if name not in passed]
        runs = list(_runs(new))
        if not by_name or (len(new) == len(by_name) and len(runs) == 1):
            found = [suite.run(database, parts[suite.table.name], suite.all, try_it_out) for suite in suites]
        else:
            found = [suite.run(database, parts[suite.table.name], suite.of_corpus, try_it_out) for suite in suites]
            if not any(map(_is_critical, _in_order(found))) and _documents_hold(suites, folder, runs, connection):
                found = [suite.successes() | entries for suite, entries in zip(suites, found, strict=True)]
            else:
                rest = [
                    suite.run(database, parts[suite.table.name], suite.of_documents, try_it_out) for suite in suites
                ]
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


def _parts(folder: Path, stage: str, suites: Iterable[Suite], passed: Collection[str]) -> dict[str, Parts]:
    """The parts of each table that an expectation of the stage is about."""
    written = [table for table in tables().values() if stages_until(table, stage)]
    return {
        table.name: find_parts(folder, table, stage, passed)
        for table in written
        if any(suite.names(table.name) for suite in suites)
    }


def _documents_hold(
    suites: Iterable[Suite], folder: Path, runs: list[dict[str, Parts]], connection: duckdb.DuckDBPyConnection
) -> bool:
    """Whether all holds that documents tell; `runs` are the parts of each table for some parts of documents."""
    asked = [suite for suite in suites if suite.of_documents]
    totals: dict[str, Values] = {suite.table.name: {} for suite in asked}
    for parts in runs:
        with apart(connection):
            database = corpus_database(connection, folder, parts)
            for suite in asked:
                found = suite.ask_documents(database, parts[suite.table.name])
                if found is None:
                    return False
                total = totals[suite.table.name]
                total |= {id_: total[id_] + value if id_ in total else value for id_, value in found.items()}
    return not runs or all(suite.documents_hold(totals[suite.table.name], Database(connection)) for suite in asked)


def _runs(found: list[dict[str, Parts]]) -> Iterator[dict[str, Parts]]:
    """Parts of each table, some parts of documents at a time."""
    some: list[dict[str, Parts]] = []
    size = 0
    for parts in found:
        own = sum(sum(each.sizes.values()) for each in parts.values())
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
    """The suites of a stage; built once in a process."""
    if stage not in _SUITES:
        checked = [table for table in tables().values() if stage in table.stages]
        checked.sort(key=lambda table: (STAGES.index(table.stages[0]), table.name))
        _SUITES[stage] = tuple(Suite(table, connection) for table in checked)
    return _SUITES[stage]


def _try_out(suites: Iterable[Suite], connection: duckdb.DuckDBPyConnection) -> None:
    """Raises UsageError where an expectation of a suite cannot run."""
    with apart(connection):
        trial = empty_database(connection)
        for suite in suites:
            suite.try_out(trial)


def _row_count(database: Database, table: str) -> int | None:
    if table in database.counts:
        return database.counts[table]
    try:
        return database.count(f"SELECT 1 FROM {quoted(table)}")
    except duckdb.Error:
        return None
