"""A corpus as DuckDB sees it: one view a table, and the queries of the checks over them."""

import atexit
import json
import math
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pyarrow as pa
from duckdb.func import ARROW

from broadsheet.checks.parts import Parts, first_broken
from broadsheet.checks.texts import are_slices, blanks, line_spans, nonblank_inside, nonblank_lengths, slices
from broadsheet.errors import UsageError
from broadsheet.schema import arrow_schema, tables

SAMPLE_ROWS = 20
SAMPLE_CHARACTERS = 200
ACCOUNTING = ".state/accounting.json"
# DuckDB takes what it needs up to this and spills to disk beyond it; the largest joins of two million sentences
# stay below. More threads than four would each want a share of it.
_MEMORY = "500MB"
_THREADS = 4
# Tables are joined in the order of the queries. DuckDB's own compared each document of a run with each other one to
# see whether rows are in order.
AS_WRITTEN = "SET GLOBAL disabled_optimizers = 'join_order'"
# What DuckDB raises where a query does not fit the columns, whether or not the files are whole.
_ERRORS_OF_QUERIES = (
    duckdb.BinderException,
    duckdb.CatalogException,
    duckdb.ConversionException,
    duckdb.ParserException,
)
_SIMPLE_TYPES = {
    pa.string(): "VARCHAR",
    pa.bool_(): "BOOLEAN",
    pa.int32(): "INTEGER",
    pa.int64(): "BIGINT",
    pa.float32(): "FLOAT",
    pa.timestamp("ms"): "TIMESTAMP_MS",
    pa.timestamp("ms", tz="UTC"): "TIMESTAMP WITH TIME ZONE",
}
_JSON_TYPES = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "DOUBLE", "BOOLEAN", "VARCHAR"}


def quoted(name: str) -> str:
    """`name` as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def text_literal(text: str) -> str:
    """`text` as an SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def _add_functions(connection: duckdb.DuckDBPyConnection) -> None:
    """Functions of the schemas' queries, with the texts of Python: its blanks, and its offsets.

    In SQL `substring` goes through a text from its beginning for each slice, and a class of all blanks is slow.
    """
    text, texts, places = "VARCHAR", "VARCHAR[]", "INTEGER[]"
    add = partial(connection.create_function, type=ARROW)
    add("nonblank_length", nonblank_lengths, [text], "BIGINT")
    add("nonblank_inside", nonblank_inside, [text, places, places], "BIGINT")
    add("slices", slices, [text, places, places], texts)
    add("are_slices", are_slices, [texts, text, places, places], "BOOLEAN")
    add("line_spans", line_spans, [text], places)


def column_types(schema: pa.Schema) -> dict[str, str]:
    """DuckDB's types of the columns of a declared table, by name."""
    return {field.name: _type(field.type) for field in schema}


def _type(kind: pa.DataType) -> str:
    if pa.types.is_list(kind):
        return f"{_type(kind.value_type)}[]"
    if pa.types.is_struct(kind):
        return f"STRUCT({', '.join(f'{quoted(field.name)} {_type(field.type)}' for field in kind)})"
    return _SIMPLE_TYPES[kind]


def expand(query: str) -> str:
    """A schema's query with the word BLANKS replaced, and no semicolon at its end."""
    return re.sub(r"\bBLANKS\b", lambda _: text_literal(blanks()), query.strip().rstrip("; \n\t"))


@dataclass
class Database:
    """An open DuckDB connection; `missing` says of each table that has no view why, `files` has the parts of a view.

    `counts` are the rows of tables as far as they were counted, `names` the columns of tables whose rows are in memory,
    where not all of them have to be.
    """

    connection: duckdb.DuckDBPyConnection
    missing: dict[str, str] = field(default_factory=dict)
    files: dict[str, tuple[Path, ...]] = field(default_factory=dict)
    folder: Path = Path()
    counts: dict[str, int] = field(default_factory=dict)
    names: dict[str, list[str]] = field(default_factory=dict)
    _broken: dict[str, Path | None] = field(default_factory=dict)

    def row(self, query: str) -> tuple[Any, ...]:
        """The only row of `query`. Raises duckdb.Error."""
        (row,) = self.connection.execute(query).fetchall()
        return tuple(row)

    def count(self, query: str) -> int:
        """Number of rows that `query` returns. Raises duckdb.Error."""
        return int(self.row(f"SELECT count(*) FROM ({query})")[0])

    def columns(self, table: str) -> list[str]:
        """Names of the columns of a table. Raises duckdb.Error."""
        return self.names.get(table) or list(self.types(f"SELECT * FROM {quoted(table)}"))

    def types(self, query: str) -> dict[str, str]:
        """DuckDB types of the columns of `query`, by name. Raises duckdb.Error."""
        relation = self.connection.sql(query)
        return {name: str(kind) for name, kind in zip(relation.columns, relation.types, strict=True)}

    def sample(self, query: str) -> list[dict[str, Any]]:
        """The first rows of `query` in the order of all its columns, as JSON values. Raises duckdb.Error."""
        relation = self.connection.sql(query)
        names = [f"column_{index}" for index in range(len(relation.columns))]
        values = ", ".join(_as_json(name, str(kind)) for name, kind in zip(names, relation.types, strict=True))
        first = f"SELECT * FROM ({query}) AS found({', '.join(names)}) ORDER BY ALL LIMIT {SAMPLE_ROWS}"
        rows = self.connection.execute(f"SELECT {values} FROM ({first})").fetchall()
        return [dict(zip(relation.columns, map(shortened, row), strict=True)) for row in rows]

    def explain(self, error: duckdb.Error, query: str) -> str:
        """One line on why `query` failed, without a path of this machine."""
        named = [table for table in (*self.missing, *self.files) if re.search(rf"\b{table}\b", query)]
        for table in named:
            if table in self.missing:
                return self.missing[table]
        if not isinstance(error, (*_ERRORS_OF_QUERIES, duckdb.OutOfMemoryException)):
            for table in named:
                if part := self._broken_part(table):
                    return f"{part.relative_to(self.folder).as_posix()}: its rows cannot be read"
        return str(error).strip().split("\n")[0].replace(f"{self.folder}{os.sep}", "")

    def _broken_part(self, table: str) -> Path | None:
        if table not in self._broken:
            self._broken[table] = first_broken(self.files[table])
        return self._broken[table]


def _as_json(name: str, kind: str) -> str:
    if kind == "FLOAT":  # through its shortest text: 0.123 and not 0.12300000339746475
        return f"CAST(CAST({name} AS VARCHAR) AS DOUBLE)"
    return name if kind in _JSON_TYPES else f"CAST({name} AS VARCHAR)"


def shortened(value: Any) -> Any:
    """`value` as it stands in a report: a long text cut, a float that is no number as text."""
    if isinstance(value, str) and len(value) > SAMPLE_CHARACTERS:
        return value[: SAMPLE_CHARACTERS - 1] + "…"
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)  # JSON has no NaN
    return value


@contextmanager
def open_database(threads: int | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to an empty database in memory; it spills to a folder that goes away with it."""
    with TemporaryDirectory(prefix="broadsheet-checks-") as spill:
        configuration: dict[str, str | bool | int | float | list[str]] = {
            "threads": min(_THREADS, threads or os.cpu_count() or 1),
            "memory_limit": _MEMORY,
            "temp_directory": spill,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
        connection = duckdb.connect(config=configuration)
        try:
            connection.execute("SET GLOBAL TimeZone = 'UTC'; SET enable_progress_bar = false")
            _add_functions(connection)
            yield connection
        finally:
            connection.close()


@cache
def _kept_open(threads: int | None) -> duckdb.DuckDBPyConnection:
    """A database that is open until the process ends: to open one and add functions takes as long as ten queries."""
    stack = ExitStack()
    connection = stack.enter_context(open_database(threads))
    connection.execute(AS_WRITTEN)
    atexit.register(stack.close)
    return connection


@contextmanager
def checking(threads: int | None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection for checks; what is made or registered through it goes away with it."""
    with beside(_kept_open(threads)) as connection:
        yield connection


@contextmanager
def beside(connection: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """Another connection to the same database, which sees no temporary table or view of the first."""
    other = connection.cursor()
    try:
        yield other
    finally:
        other.close()


def empty_database(connection: duckdb.DuckDBPyConnection) -> Database:
    """Every declared table without rows: what a schema's SQL must run on."""
    for name in tables():
        table_view(connection, name, name, ())
    connection.execute("CREATE TEMP TABLE accounting (raw_records BIGINT)")
    return Database(connection)


def table_view(connection: duckdb.DuckDBPyConnection, view: str, table: str, files: Iterable[Path]) -> None:
    """A view of a table's parts, in order of file and row; a table without rows where there is no part.

    Raises duckdb.Error where parts cannot be read.
    """
    named = ", ".join(text_literal(_text_path(file)) for file in files)
    if named:
        # A folder such as year=2020 above the corpus is no column of it.
        rows = f"read_parquet([{named}], hive_partitioning = false)"
        connection.execute(f"CREATE TEMP VIEW {quoted(view)} AS SELECT * FROM {rows}")
        return
    columns = ", ".join(f"{quoted(name)} {kind}" for name, kind in column_types(arrow_schema(table)).items())
    connection.execute(f"CREATE TEMP TABLE {quoted(view)} ({columns})")


def database_in_memory(connection: duckdb.DuckDBPyConnection, folder: Path, rows: Mapping[str, pa.Table]) -> Database:
    """The rows of tables, which may have only those columns that are asked for.

    Each query of a view over files opens and reads them anew.
    """
    for name, table in rows.items():
        connection.register(name, table)
    if (raw_records := _raw_records(folder / ACCOUNTING)) is not None:
        connection.register("accounting", pa.table({"raw_records": pa.array([raw_records], pa.int64())}))
    return Database(connection, names={name: arrow_schema(name).names for name in rows})


def corpus_database(connection: duckdb.DuckDBPyConnection, folder: Path, parts: dict[str, Parts]) -> Database:
    """The tables of a corpus as views over their parts, in order of file name and row.

    A table that cannot be read has no view; the reason stands in `missing`.
    """
    missing = {}
    for name, found in parts.items():
        if not found.readable:
            missing[name] = "; ".join(f"{problem.part}: {problem.problem}" for problem in found.problems[:3])
            continue
        try:
            table_view(connection, name, name, found.files)
        except duckdb.Error as error:
            missing[name] = f"{name}: DuckDB cannot read its parts ({type(error).__name__})"
    raw_records = _raw_records(folder / ACCOUNTING)
    if raw_records is None:
        missing["accounting"] = f"{ACCOUNTING}: is not there, or not a JSON object with a whole number raw_records"
    else:
        connection.execute("CREATE TEMP TABLE accounting AS SELECT CAST(? AS BIGINT) AS raw_records", [raw_records])
    readable = {name: found.files for name, found in parts.items() if name not in missing}
    return Database(connection, missing, readable, folder)


def _text_path(file: Path) -> str:
    try:
        str(file).encode()
    except UnicodeEncodeError as error:
        raise UsageError(f"{str(file)!r}: DuckDB reads only paths in UTF-8; build into another folder") from error
    return str(file)


def _raw_records(path: Path) -> int | None:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    number = content.get("raw_records") if isinstance(content, dict) else None
    if not isinstance(number, int) or isinstance(number, bool):
        return None
    return number if 0 <= number < 2**63 else None
