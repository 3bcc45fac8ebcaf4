"""Two corpora compared by key in DuckDB, in bounded memory: it spills to disk beyond its limit.

A part that is byte for byte the same on both sides holds the same rows, and keys are unique: such parts are left out
of the comparison. Values are compared by their 64-bit hashes, so that a row of long texts is as quick as a short one.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq

from broadsheet.checks.database import quoted, shortened, table_view, text_literal
from broadsheet.errors import UsageError
from broadsheet.schema import Table, arrow_schema, tables
from broadsheet.tables import table_parts

ADDED, REMOVED, CHANGED = "added", "removed", "changed"
SAMPLE_ROWS = 5
_SHOWN_BEFORE = 20


@dataclass(frozen=True, slots=True)
class ColumnDiff:
    """Rows whose value changed; `gained` of them had none before, `lost` have none now."""

    changed: int
    gained: int
    lost: int


@dataclass(frozen=True, slots=True)
class TableDiff:
    """What differs in a table, by key; `samples` are the first rows of each kind of change."""

    name: str
    old_rows: int
    new_rows: int
    added: int
    removed: int
    changed: int
    columns: dict[str, ColumnDiff]
    new_columns: tuple[str, ...]
    old_columns: tuple[str, ...]
    samples: tuple[dict[str, Any], ...]

    @property
    def is_same(self) -> bool:
        return not (self.added or self.removed or self.changed or self.new_columns or self.old_columns)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _differing(old: list[Path], new: list[Path]) -> tuple[list[Path], list[Path]]:
    """The parts that have no equal, byte for byte, on the other side."""
    sizes = {path.stat().st_size for path in old} & {path.stat().st_size for path in new}
    digests = {path: _digest(path) for path in (*old, *new) if path.stat().st_size in sizes}
    both = {digests.get(path) for path in old} & {digests.get(path) for path in new} - {None}
    return [p for p in old if digests.get(p) not in both], [p for p in new if digests.get(p) not in both]


def _columns(paths: list[Path]) -> list[str]:
    return pq.read_schema(paths[0]).names if paths else []


def _rows(paths: list[Path]) -> int:
    return sum(pq.read_metadata(path).num_rows for path in paths)


def _from_difference(old: str | None, new: str | None) -> dict[str, str | None]:
    """Two values as they stand in a report: cut, and long ones from shortly before where they part."""
    pairs = enumerate(zip(old or "", new or "", strict=False))
    same = next((index for index, (before, now) in pairs if before != now), min(len(old or ""), len(new or "")))
    first = same - _SHOWN_BEFORE if same > 2 * _SHOWN_BEFORE else 0
    mark = "…" if first else ""
    return {
        side: None if value is None else shortened(mark + value[first:]) for side, value in (("old", old), ("new", new))
    }


class Comparison:
    """One table of two corpora, with its views `old_<table>` and `new_<table>` of the parts that differ."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, table: Table, old: Path, new: Path) -> None:
        self.connection, self.table = connection, table
        self._all = table_parts(old, table.name), table_parts(new, table.name)
        before, after = _columns(self._all[0]), _columns(self._all[1])
        self.new_columns = tuple(name for name in after if before and name not in before)
        self.old_columns = tuple(name for name in before if after and name not in after)
        self.shared = [name for name in table.names if (not before or name in before) and (not after or name in after)]
        self.compared = [name for name in self.shared if name not in table.key]
        differing = _differing(*self._all)
        self.is_same = not any(differing)
        for side, paths in zip(("old", "new"), differing, strict=True):
            self._view(side, paths)

    def _view(self, side: str, paths: list[Path]) -> None:
        try:
            table_view(self.connection, f"{side}_{self.table.name}", self.table.name, paths)
        except duckdb.Error as error:
            raise UsageError(f"{paths[0].parent}: its parts cannot be read as {self.table.name}") from error

    def _hashed(self, side: str) -> str:
        """Keys and hashes of values; what is no value (null, an empty list) has none."""
        kinds = arrow_schema(self.table.name)
        values = [
            f"CASE WHEN {'len(' if str(kinds.field(name).type).startswith('list') else '('}{quoted(name)})"
            f"{' > 0' if str(kinds.field(name).type).startswith('list') else ' IS NOT NULL'}"
            f" THEN hash({quoted(name)}) END AS v{index}"
            for index, name in enumerate(self.compared)
        ]
        keys = [f"{quoted(name)} AS k{index}" for index, name in enumerate(self.table.key)]
        return f"SELECT true AS here, {', '.join([*keys, *values])} FROM {quoted(f'{side}_{self.table.name}')}"

    @property
    def changes(self) -> str:
        """Name of the table of differing rows: k0 …, change, and bits of the changed, gained and lost columns."""
        return quoted(f"changes_{self.table.name}")

    def find(self) -> None:
        """Make the table of differing rows."""
        keys = range(len(self.table.key))

        def mask(condition: str) -> str:
            bits = [
                f"CASE WHEN {condition.format(o=f'o.v{i}', n=f'n.v{i}')} THEN {1 << i}::BIGINT ELSE 0 END"
                for i in range(len(self.compared))
            ]
            return " + ".join(bits) or "0"

        both = "o.here AND n.here"
        self.connection.execute(
            f"CREATE TABLE {self.changes} AS SELECT * FROM (SELECT "
            + ", ".join(f"coalesce(o.k{i}, n.k{i}) AS k{i}" for i in keys)
            + f", CASE WHEN o.here IS NULL THEN '{ADDED}' WHEN n.here IS NULL THEN '{REMOVED}' ELSE '{CHANGED}' END"
            f" AS change, CASE WHEN {both} THEN {mask('{o} IS DISTINCT FROM {n}')} ELSE 0 END AS bits,"
            f" CASE WHEN {both} THEN {mask('{o} IS NULL AND {n} IS NOT NULL')} ELSE 0 END AS gained,"
            f" CASE WHEN {both} THEN {mask('{o} IS NOT NULL AND {n} IS NULL')} ELSE 0 END AS lost"
            f" FROM ({self._hashed('old')}) o FULL JOIN ({self._hashed('new')}) n ON "
            + " AND ".join(f"o.k{i} = n.k{i}" for i in keys)
            + f") WHERE change <> '{CHANGED}' OR bits <> 0"
        )

    @cached_property
    def diff(self) -> TableDiff:
        """Counts and samples; `find` comes first."""
        counts = dict(
            self.connection.execute(f"SELECT change, count(*) FROM {self.changes} GROUP BY change").fetchall()
        )
        columns = {}
        for index, name in enumerate(self.compared):
            bit = f"& {1 << index}) <> 0"
            changed, gained, lost = self.connection.execute(
                f"SELECT count(*), count(*) FILTER (WHERE (gained {bit}), count(*) FILTER (WHERE (lost {bit})"
                f" FROM {self.changes} WHERE (bits {bit}"
            ).fetchone() or (0, 0, 0)
            if changed:
                columns[name] = ColumnDiff(changed, gained, lost)
        return TableDiff(
            self.table.name, _rows(self._all[0]), _rows(self._all[1]),
            counts.get(ADDED, 0), counts.get(REMOVED, 0), counts.get(CHANGED, 0),
            columns, self.new_columns, self.old_columns, tuple(self._samples()),
        )  # fmt: skip

    def _joined(self, chosen: str) -> str:
        """Rows `chosen` from the changes, as c, with the values before and after, as o and n."""
        old, new = (quoted(f"{side}_{self.table.name}") for side in ("old", "new"))
        on = [
            " AND ".join(f"{side}.{quoted(name)} = c.k{index}" for index, name in enumerate(self.table.key))
            for side in ("o", "n")
        ]
        return f"({chosen}) c LEFT JOIN {old} o ON {on[0]} LEFT JOIN {new} n ON {on[1]}"

    def values(self, chosen: str) -> str:
        """SQL of the changed values of rows `chosen`: table, key (JSON), change, column, old and new as text.

        An added or removed row has one line, without column and values.
        """
        key = ", ".join(f"{text_literal(name)}, c.k{index}" for index, name in enumerate(self.table.key))
        pairs = [
            f"CASE WHEN (c.bits & {1 << index}) <> 0 THEN {{'column': {text_literal(name)},"
            f" 'old': CAST(o.{quoted(name)} AS VARCHAR), 'new': CAST(n.{quoted(name)} AS VARCHAR)}} END"
            for index, name in enumerate(self.compared)
        ]
        nothing = "{'column': NULL::VARCHAR, 'old': NULL::VARCHAR, 'new': NULL::VARCHAR}"
        listed = f"list_filter([{', '.join(pairs)}], lambda pair: pair IS NOT NULL)" if pairs else "[]"
        return (
            f'SELECT {text_literal(self.table.name)} AS "table", key, change, value.column, value.old, value.new FROM ('
            f"SELECT CAST(json_object({key}) AS VARCHAR) AS key, c.change, unnest(CASE WHEN c.change = '{CHANGED}'"
            f" THEN {listed} ELSE [{nothing}] END) AS value FROM {self._joined(chosen)})"
        )

    def _samples(self) -> Iterator[dict[str, Any]]:
        keys = ", ".join(f"k{index}" for index in range(len(self.table.key)))
        for kind in (ADDED, REMOVED, CHANGED):
            chosen = f"SELECT * FROM {self.changes} WHERE change = '{kind}' ORDER BY {keys} LIMIT {SAMPLE_ROWS}"
            rows: dict[str, dict[str, Any]] = {}
            query = f'SELECT key, "column", old, new FROM ({self.values(chosen)}) ORDER BY ALL'
            for key, column, old, new in self.connection.execute(query).fetchall():
                row = rows.setdefault(key, {"key": json.loads(key), "change": kind, "values": {}})
                if column is not None:
                    row["values"][column] = _from_difference(old, new)
            yield from rows.values()


def compare(connection: duckdb.DuckDBPyConnection, old: Path, new: Path) -> list[Comparison]:
    """The comparison of each table of two corpora. Raises UsageError for a folder without tables."""
    for place in (old, new):
        if not any(table_parts(place, name) for name in tables()):
            raise UsageError(f"{place}: no tables here; name a folder that `broadsheet build RAW OUT` has made")
    # Rows come in whatever order is quickest; what is shown is ordered by key.
    connection.execute("SET preserve_insertion_order = false")
    found = [Comparison(connection, table, old.absolute(), new.absolute()) for table in tables().values()]
    for comparison in found:
        comparison.find()
    return found


def write_values(connection: duckdb.DuckDBPyConnection, comparisons: list[Comparison], file: Path) -> None:
    """Write every changed value as a row of a Parquet file, beside its place and moved in."""
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    union = " UNION ALL ".join(each.values(f"SELECT * FROM {each.changes}") for each in comparisons)
    try:
        connection.execute(
            f'COPY (SELECT * FROM ({union}) ORDER BY "table", key, "column") TO {text_literal(str(beside))}'
            " (FORMAT parquet, COMPRESSION zstd)"
        )
        beside.replace(file)
    except duckdb.IOException as error:
        raise UsageError(f"{file}: cannot be written") from error
    finally:
        beside.unlink(missing_ok=True)
