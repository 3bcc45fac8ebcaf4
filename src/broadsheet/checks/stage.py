"""The check of one stage: every expectation of every table that the stage has written.

What can be told of each document by itself is asked of runs of parts, one after the other, and the counts are added
up, so that memory does not grow with the corpus, and not again of parts that have passed, nor of those documents of a
part that have; the rest is asked of all parts together, of the columns that it needs. Rows are read to memory for it.
What does not hold there, or where ids are not unique over parts, is asked of the files together, and that is the
report. Only then is a schema tried out on tables without rows: SQL that cannot run never holds.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import duckdb

from broadsheet.checks import NOTHING_CHANGED
from broadsheet.checks.database import (
    Database,
    beside,
    checking,
    column_types,
    corpus_database,
    database_in_memory,
    empty_database,
    quoted,
)
from broadsheet.checks.declared import declared_expectations
from broadsheet.checks.engine import TableEngine
from broadsheet.checks.great import VERSION
from broadsheet.checks.parts import Parts, find_parts, parts_by_name, stages_until
from broadsheet.checks.rows import BROKEN, Columns, Rows, only_changed, read_rows
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
from broadsheet.process import give_back_memory
from broadsheet.schema import Table, arrow_schema, tables
from broadsheet.stages import STAGES
from broadsheet.stages.kept import NOTHING_KNOWN

# Decompressed bytes of Parquet that are asked at a time; the joins of as many take 100 MB.
_BYTES_AT_A_TIME = 32_000_000
# The table that has no part for a part of documents.
_SOURCES = "sources"
# What tells whose reject, or document, a row is of.
_OF_DOCUMENTS = ("document_id", "raw_path", "raw_record", "raw_sha256")

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
        scopes = [scope_of(*each) for each in zip(self._declared, self._expectations, strict=True)]
        if table.name == _SOURCES:
            scopes = ["corpus"] * len(scopes)
        self.of_corpus = [position for position, scope in enumerate(scopes) if scope == "corpus"]
        self.critical_of_corpus = {
            position for position in self.of_corpus if self._declared[position].severity == "critical"
        }
        self.of_parts = [position for position, scope in enumerate(scopes) if scope == "part"]
        self.of_documents = [position for position, scope in enumerate(scopes) if scope == "document"]
        self.words, self.words_of_corpus = self._words(self.all), self._words(self.of_corpus)

    def _words(self, positions: Collection[int]) -> frozenset[str]:
        """Of the SQL of expectations; one that is no name of a table or column does no harm."""
        chosen = [self._expectations[position] for position in positions]
        sql = (text for asking in chosen for text in (*asking.aggregates, *asking.queries))
        return frozenset({self.table.name}.union(*(re.findall(r"\w+", text) for text in sql)))

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

    def held(self, database: Database, parts: Parts, positions: Collection[int]) -> set[int]:
        """Those of the `positions` whose expectations hold for sure."""
        engine = self.engine(database, parts)
        chosen = [self._expectations[position] for position in positions]
        holds = holding(chosen, ask(chosen, engine), engine)
        return {position for position, held in zip(positions, holds, strict=True) if held}

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
    """Parts of each table for some parts of documents; `changed` are the documents to ask of, None all of them."""

    parts: dict[str, Parts]
    changed: frozenset[str] | None


@dataclass(frozen=True)
class _Check:
    """The check of a stage: its suites and the parts of each table that they are about; `counts` are rows of tables."""

    folder: Path
    suites: tuple[Suite, ...]
    parts: dict[str, Parts]
    connection: duckdb.DuckDBPyConnection
    columns: Columns
    counts: dict[str, int] = field(default_factory=dict)

    @contextmanager
    def database(self, rows: Rows | None) -> Iterator[Database]:
        """Rows in memory as a database, or without any the files."""
        with beside(self.connection) as connection:
            if rows is None:
                yield corpus_database(connection, self.folder, self.parts)
            else:
                yield database_in_memory(connection, self.folder, rows)

    def held_together(self) -> list[set[int]]:
        """For each suite which expectations hold for sure, with all rows in memory."""
        return self._held(read_rows(self.parts, _asked_for(self.parts, self.suites)), "all")

    def held(self, runs: Iterable[_Run]) -> list[set[int]]:
        """For each suite which expectations hold for sure, where all parts but those of `runs` have passed."""
        hold = self._parts_hold(runs)
        held = self._held(self.columns.rows(self.parts), "of_corpus")
        # With an id in two parts, what each of them tells is nothing.
        if hold and all(suite.critical_of_corpus <= own for suite, own in zip(self.suites, held, strict=True)):
            return [{*own, *suite.of_documents, *suite.of_parts} for suite, own in zip(self.suites, held, strict=True)]
        return held

    def _held(self, rows: Rows | None, which: str) -> list[set[int]]:
        with self.database(rows) as database:
            held = [suite.held(database, self.parts[suite.table.name], getattr(suite, which)) for suite in self.suites]
        self.counts.update(database.counts)
        return held

    def _parts_hold(self, runs: Iterable[_Run]) -> bool:
        """Whether all holds that documents and parts tell by themselves."""
        asked = [suite for suite in self.suites if suite.of_documents or suite.of_parts]
        totals: dict[str, Values] = {suite.table.name: {} for suite in asked}
        for run in runs if asked else ():
            for suite, found in self._counts_of(run, asked):
                if found is None:
                    return False
                total = totals[suite.table.name]
                total |= {id_: total[id_] + value if id_ in total else value for id_, value in found.items()}
            # Columns come and go in pieces of all sizes: without this each run took a little more than the last.
            give_back_memory()
        with self.database({}) as database:
            return not any(totals.values()) or all(suite.holds(totals[suite.table.name], database) for suite in asked)

    def _counts_of(self, run: _Run, suites: Sequence[Suite]) -> Iterator[tuple[Suite, Values | None]]:
        """What `Suite.count` gives of each suite for a run, of what documents tell only for those that changed."""
        columns = _asked_for(run.parts, suites, () if run.changed is None else _OF_DOCUMENTS)
        rows = read_rows(run.parts, columns, self.columns)
        with self.database(rows) as database:
            for suite in suites:
                of_documents = suite.of_documents if run.changed is None else ()
                yield suite, suite.count(database, run.parts[suite.table.name], [*of_documents, *suite.of_parts])
        if run.changed is not None:
            with self.database(only_changed(rows, run.changed)) as database:
                for suite in suites:
                    yield suite, suite.count(database, run.parts[suite.table.name], suite.of_documents)


def run_stage(
    folder: Path,
    stage: str,
    threads: int | None = None,
    passed: Collection[str] = frozenset(),
    changed: Mapping[str, Collection[str]] = NOTHING_CHANGED,
    digests: Mapping[str, str] = NOTHING_KNOWN,
) -> dict[str, Any]:
    """The report of a stage; `threads`, what has `passed` or `changed` since, and the `digests` of files, by which
    columns of them are kept, say how fast it comes alone.
    """
    with checking(threads) as connection:
        suites = _suites(stage, connection)
        parts = _parts(folder, stage, suites, passed)
        of_corpus = _columns_among(frozenset[str]().union(*(suite.words_of_corpus for suite in suites)), parts)
        check = _Check(folder, suites, parts, connection, Columns(folder, stage, of_corpus, digests))
        held = _held(check, parts_by_name(parts, except_for=_SOURCES), passed, changed)
        rest = [sorted({*suite.all} - own) for suite, own in zip(suites, held, strict=True)]
        found = [suite.successes(own) for suite, own in zip(suites, held, strict=True)]
        database = (
            corpus_database(connection, folder, parts) if any(rest) else Database(connection, counts=check.counts)
        )
        for entries, suite, positions in zip(found, suites, rest, strict=True):
            entries |= suite.run(database, parts[suite.table.name], positions, partial(_try_out, suites, connection))
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


def _held(
    check: _Check,
    by_name: Mapping[str, dict[str, Parts]],
    passed: Collection[str],
    changed: Mapping[str, Collection[str]],
) -> list[set[int]]:
    """For each suite which of its expectations hold for sure, as rows in memory tell."""
    new = {name: own for name, own in sorted(by_name.items()) if name not in passed}
    runs = [
        *_runs([own for name, own in new.items() if name not in changed], None),
        *_runs([own for name, own in new.items() if name in changed], frozenset().union(*changed.values())),
    ]
    try:
        if by_name and len(new) == len(by_name) and [run.changed for run in runs] == [None]:
            return check.held_together()
        if by_name:
            return check.held(runs)
    except BROKEN:
        pass  # asking the file will say which it is
    return [set() for _ in check.suites]


def _asked_for(names: Iterable[str], suites: Iterable[Suite], more: Iterable[str] = ()) -> dict[str, list[str]]:
    """The columns of tables that suites ask for, and those that have one of `more` names."""
    return _columns_among(frozenset(more).union(*(suite.words for suite in suites)), names)


def _columns_among(words: Collection[str], names: Iterable[str]) -> dict[str, list[str]]:
    """Of each of the tables `names` that is among words, the columns that are."""
    return {name: [column for column in tables()[name].names if column in words] for name in names if name in words}


def _runs(found: list[dict[str, Parts]], changed: frozenset[str] | None) -> Iterator[_Run]:
    """Parts of each table, some parts of documents at a time."""
    some: list[dict[str, Parts]] = []
    size = 0
    for parts in found:
        own = sum(sum(each.sizes.values()) for each in parts.values())
        if some and size + own > _BYTES_AT_A_TIME:
            yield _Run(_together(some), changed)
            some, size = [], 0
        some.append(parts)
        size += own
    if some:
        yield _Run(_together(some), changed)


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
    with beside(connection) as other:
        trial = empty_database(other)
        for suite in suites:
            suite.try_out(trial)


def _row_count(database: Database, table: str) -> int | None:
    if table in database.counts:
        return database.counts[table]
    try:
        return database.count(f"SELECT 1 FROM {quoted(table)}")
    except duckdb.Error:
        return None
