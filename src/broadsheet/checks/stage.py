"""The check of one stage: every expectation of every table that the stage has written.

What can be told of each document by itself is asked of runs of parts, one after the other, and the counts are added
up, so that memory does not grow with the corpus, and not again of parts that have passed, nor of those documents of a
part that have; the rest is asked of all parts together. What many queries of a run read is copied to memory for them.
Where something fails, or ids are not unique over parts, it is asked of all files together, and that is the report.
Only then is a schema tried out on tables without rows: SQL that cannot run never holds.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import duckdb

from broadsheet.checks import NOTHING_CHANGED
from broadsheet.checks.database import (
    Database,
    apart,
    column_types,
    corpus_database,
    empty_database,
    keep_footers,
    leave_out_all_but,
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
    run_suite,
    scope_of,
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
# Large tables that few queries ask for the same columns: they are sooner read from files than copied.
_SOONER_READ_AGAIN = ("documents", "blocks")


Entries = dict[int, dict[str, Any]]
_SUITES: dict[str, tuple["Suite", ...]] = {}


class Suite:
    """The expectations of a table. Raises UsageError where one cannot be computed."""

    def __init__(self, table: Table, connection: duckdb.DuckDBPyConnection) -> None:
        self.table = table
        self._types = column_types(arrow_schema(table.name))
        self._declared = declared_expectations(table)
        self._expectations = build_suite(self._declared, self.engine(Database(connection)))
        sql = (text for asking in self._expectations for text in (*asking.aggregates, *asking.queries))
        # Of the SQL of the expectations; one that is no name of a table or column does no harm.
        self.words = frozenset({table.name}.union(*(re.findall(r"\w+", text) for text in sql)))
        self._ran = False
        scopes = [scope_of(*each) for each in zip(self._declared, self._expectations, strict=True)]
        if table.name == _SOURCES:
            scopes = ["corpus"] * len(scopes)
        self.of_corpus = [position for position, scope in enumerate(scopes) if scope == "corpus"]
        self.of_parts = [position for position, scope in enumerate(scopes) if scope == "part"]
        self.of_documents = [position for position, scope in enumerate(scopes) if scope == "document"]

    @property
    def all(self) -> Collection[int]:
        """Positions of all expectations."""
        return range(len(self._declared))

    def engine(self, database: Database, parts: Parts | None = None) -> TableEngine:
        """What computes the metrics of the table in a database."""
        repeats = self.table.document_column is not None and self.table.key != (self.table.document_column,)
        return TableEngine(database, self.table.name, self._types, self.table.key, parts, repeats)

    def try_out(self, trial: Database) -> None:
        """Raises UsageError where an expectation cannot run on a database without rows; once in a process."""
        if not self._ran:
            try_out(self._declared, self._expectations, self.engine(trial))
            self._ran = True

    def held(self, database: Database, parts: Parts) -> set[int]:
        """Positions of the expectations that hold for sure."""
        engine = self.engine(database, parts)
        holds = holding(self._expectations, ask(self._expectations, engine), engine)
        return {position for position, held in enumerate(holds) if held}

    def run(
        self, database: Database, parts: Parts, positions: Collection[int], try_it_out: Callable[[], None]
    ) -> Entries:
        """The report's entries of the expectations at `positions` of the schema; `try_it_out` as for `run_suite`."""
        if not positions:
            return {}
        chosen = {position: self._declared[position] for position in positions}
        return run_suite(self.table.name, chosen, self._expectations, self.engine(database, parts), try_it_out)

    def count(self, database: Database, parts: Parts, positions: Iterable[int]) -> Values | None:
        """Counts that tell of the expectations at `positions`, by metric; None where one cannot be computed."""
        return ask([self._expectations[position] for position in positions], self.engine(database, parts))

    def holds(self, values: Values, database: Database) -> bool:
        """Whether all holds that documents and parts tell by themselves, by the counts of them all."""
        chosen = [self._expectations[position] for position in (*self.of_documents, *self.of_parts)]
        return all(holding(chosen, values, self.engine(database)))

    def successes(self, positions: Iterable[int]) -> Entries:
        """The report's entries where the expectations at `positions` hold."""
        return {position: entry_of_success(self.table.name, self._declared[position]) for position in positions}


@dataclass(frozen=True)
class _Run:
    """Parts of each table for some parts of documents; `changed` are the documents to ask of, None all of them.

    `size` is their bytes, decompressed.
    """

    parts: dict[str, Parts]
    changed: frozenset[str] | None
    size: int


def run_stage(
    folder: Path,
    stage: str,
    threads: int | None = None,
    passed: Collection[str] = frozenset(),
    changed: Mapping[str, Collection[str]] = NOTHING_CHANGED,
) -> dict[str, Any]:
    """The report of a stage; `threads`, and what has `passed` or `changed` since, say how fast it comes alone."""
    with open_database(threads) as connection:
        connection.execute(_AS_WRITTEN)
        suites = _suites(stage, connection)
        parts = _parts(folder, stage, suites, passed)
        keep_footers(connection, parts)
        by_name = parts_by_name(parts, except_for=_SOURCES)
        new = {name: own for name, own in sorted(by_name.items()) if name not in passed}
        runs = [
            *_runs([own for name, own in new.items() if name not in changed], None),
            *_runs([own for name, own in new.items() if name in changed], frozenset().union(*changed.values())),
        ]
        database = corpus_database(connection, folder, parts)
        try_it_out = partial(_try_out, suites, connection)

        def asked(suite: Suite, positions: Collection[int]) -> Entries:
            return suite.run(database, parts[suite.table.name], positions, try_it_out)

        if not by_name:
            found = [asked(suite, suite.all) for suite in suites]
        elif len(new) == len(by_name) and [run.changed for run in runs] == [None]:
            held = _held(replace(runs[0], parts=parts), suites, database)
            found = [
                suite.successes(own) | asked(suite, sorted({*suite.all} - own))
                for suite, own in zip(suites, held, strict=True)
            ]
        else:
            found = [asked(suite, suite.of_corpus) for suite in suites]
            if not any(map(_is_critical, _in_order(found))) and _parts_hold(suites, folder, runs, connection):
                found = [suite.successes(suite.all) | entries for suite, entries in zip(suites, found, strict=True)]
            else:
                rest = [asked(suite, [*suite.of_documents, *suite.of_parts]) for suite in suites]
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
        if any(table.name in suite.words for suite in suites)
    }


def _held(run: _Run, suites: Iterable[Suite], database: Database) -> list[set[int]]:
    """What `Suite.held` gives of each suite, of a run of all parts."""
    copied = _copied(run, suites)
    with apart(database.connection):
        chosen = {name: run.parts[name] for name in copied}
        copy = corpus_database(database.connection, database.folder, chosen, copied)
        held = [suite.held(copy, run.parts[suite.table.name]) for suite in suites]
    database.counts |= copy.counts
    return held


def _copied(run: _Run, suites: Iterable[Suite]) -> dict[str, list[str]]:
    """Tables of a run that are sooner copied to memory than read by each query, with the columns that are asked for."""
    if run.changed is not None or run.size > _BYTES_AT_A_TIME:
        return {}
    own = {suite.table.name for suite in suites}
    words = frozenset[str]().union(*(suite.words for suite in suites))
    return {
        name: [column for column in tables()[name].names if name in own or column in words]
        for name in run.parts
        if name not in _SOONER_READ_AGAIN
    }


def _parts_hold(
    suites: Iterable[Suite], folder: Path, runs: Iterable[_Run], connection: duckdb.DuckDBPyConnection
) -> bool:
    """Whether all holds that documents and parts tell by themselves."""
    asked = [suite for suite in suites if suite.of_documents or suite.of_parts]
    totals: dict[str, Values] = {suite.table.name: {} for suite in asked}
    for run in runs:
        with apart(connection):
            database = corpus_database(connection, folder, run.parts, _copied(run, suites))
            for suite, found in _counts_of(run, asked, database):
                if found is None:
                    return False
                total = totals[suite.table.name]
                total |= {id_: total[id_] + value if id_ in total else value for id_, value in found.items()}
    return not any(totals.values()) or all(
        suite.holds(totals[suite.table.name], Database(connection)) for suite in asked
    )


def _counts_of(run: _Run, suites: Iterable[Suite], database: Database) -> Iterator[tuple[Suite, Values | None]]:
    """What `Suite.count` gives of each suite for a run, of what documents tell only for those that changed."""
    if run.changed is None:
        for suite in suites:
            yield suite, suite.count(database, run.parts[suite.table.name], [*suite.of_documents, *suite.of_parts])
        return
    for suite in suites:
        yield suite, suite.count(database, run.parts[suite.table.name], suite.of_parts)
    leave_out_all_but(database, run.changed)
    for suite in suites:
        yield suite, suite.count(database, run.parts[suite.table.name], suite.of_documents)


def _runs(found: list[dict[str, Parts]], changed: frozenset[str] | None) -> Iterator[_Run]:
    """Parts of each table, some parts of documents at a time."""
    some: list[dict[str, Parts]] = []
    size = 0
    for parts in found:
        own = sum(sum(each.sizes.values()) for each in parts.values())
        if some and size + own > _BYTES_AT_A_TIME:
            yield _Run(_together(some), changed, size)
            some, size = [], 0
        some.append(parts)
        size += own
    if some:
        yield _Run(_together(some), changed, size)


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
