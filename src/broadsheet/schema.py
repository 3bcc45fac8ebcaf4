"""Tables as data: what schemas/*.yaml define, and the Arrow schemas made from it.

The YAML files are the only definition of columns, types, keys, descriptions and
expectations. A column `{from: TABLE}` is the column of that name in TABLE.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa

from broadsheet.errors import UsageError
from broadsheet.resources import read_yaml, resource_path

SCHEMA_VERSION = "1"

# Columns whose values are ids of documents: a document's order is that of the documents table.
DOCUMENT_IDS = ("documents.document_id", "articles.article_id")
_SIMPLE_TYPES = {
    "string": pa.string(),
    "bool": pa.bool_(),
    "int32": pa.int32(),
    "int64": pa.int64(),
    "float32": pa.float32(),
    "timestamp[ms]": pa.timestamp("ms"),
    "timestamp[ms, UTC]": pa.timestamp("ms", tz="UTC"),
}
_TABLE_KEYS = {"description", "stage", "key", "order", "columns", "expectations", "invariants"}
_COLUMN_KEYS = {"type", "nullable", "description", "references", "expectations", "from", "dictionary"}
_INVARIANT_KEYS = {"name", "description", "query", "severity", "scope"}


@dataclass(frozen=True)
class Expectation:
    """A Great Expectations class name in snake case, with its arguments."""

    type: str
    kwargs: dict[str, Any]


@dataclass(frozen=True)
class Invariant:
    """A query over the tables that must return no row; `severity` is critical or warning.

    `scope` document says that it is about each document by itself, as long as ids are unique: it returns no row of all
    documents where it returns none of any of them that is asked alone, with its rows in all tables. So documents that
    have passed are not asked again beside others. Scope corpus says that only all of them together tell.
    """

    name: str
    description: str
    query: str
    severity: str = "critical"
    scope: str = "corpus"


@dataclass(frozen=True)
class Column:
    """A column; `references` is the `table.column` whose values it must be among.

    `dictionary` says that its few texts stand in many rows, so that Parquet is to keep each once.
    """

    name: str
    type: str
    description: str
    nullable: bool = False
    references: str | None = None
    expectations: tuple[Expectation, ...] = ()
    dictionary: bool = False


@dataclass(frozen=True)
class Table:
    """A table; `stages` are the stages that write it, `order` the columns it is sorted by."""

    name: str
    description: str
    stages: tuple[str, ...]
    key: tuple[str, ...]
    order: tuple[str, ...]
    columns: tuple[Column, ...]
    expectations: tuple[Expectation, ...] = ()
    invariants: tuple[Invariant, ...] = ()
    names: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", tuple(column.name for column in self.columns))

    @property
    def document_column(self) -> str | None:
        """The column that says which document a row is about; None where there is none."""
        return next(
            (
                column.name
                for column in self.columns
                if column.references in DOCUMENT_IDS or f"{self.name}.{column.name}" == DOCUMENT_IDS[0]
            ),
            None,
        )


def arrow_type(text: str) -> pa.DataType:
    """The Arrow type that `text` names, such as `list<struct<start: int32, tag: string>>`.

    Raises UsageError for a type that no table uses.
    """
    if text in _SIMPLE_TYPES:
        return _SIMPLE_TYPES[text]
    if match := re.fullmatch(r"list<(.+)>", text):
        return pa.list_(arrow_type(match[1]))
    if match := re.fullmatch(r"struct<(.+)>", text):
        parts = (part.split(":", 1) for part in match[1].split(","))
        return pa.struct([(name.strip(), arrow_type(kind.strip())) for name, kind in parts])
    raise UsageError(f"schemas: unknown type {text!r}; use one of {', '.join(_SIMPLE_TYPES)}, list<…>, struct<…>")


def _only(where: str, mapping: Any, allowed: set[str]) -> dict[str, Any]:
    if not isinstance(mapping, dict):
        raise UsageError(f"{where}: a mapping is needed, not {type(mapping).__name__}")
    if unknown := sorted(set(mapping) - allowed):
        raise UsageError(f"{where}: unknown key {unknown[0]!r}; known are {', '.join(sorted(allowed))}")
    return mapping


def _expectations(where: str, entries: list[dict[str, Any]]) -> tuple[Expectation, ...]:
    found = []
    for entry in entries:
        if not isinstance(entry, dict) or len(entry) != 1:
            raise UsageError(f"{where}: each expectation is one `name: {{arguments}}`")
        ((name, kwargs),) = entry.items()
        found.append(Expectation(name, dict(kwargs or {})))
    return tuple(found)


def _column(table: str, name: str, raw: dict[str, dict[str, Any]]) -> Column:
    where = f"schemas/{table}.yaml: column {name}"
    entry = _only(where, raw[table]["columns"][name], _COLUMN_KEYS)
    if "from" in entry:
        origin = entry["from"]
        if origin not in raw or name not in raw[origin]["columns"]:
            raise UsageError(f"{where}: there is no column {origin}.{name}")
        entry = (
            {"references": None} | {k: v for k, v in raw[origin]["columns"][name].items() if k != "references"} | entry
        )
    for key in ("type", "description"):
        if not entry.get(key):
            raise UsageError(f"{where}: {key} is missing")
    arrow_type(entry["type"])
    return Column(
        name=name,
        type=entry["type"],
        description=entry["description"],
        nullable=bool(entry.get("nullable", False)),
        references=entry.get("references"),
        expectations=_expectations(where, entry.get("expectations", [])),
        dictionary=bool(entry.get("dictionary", False)),
    )


def _table(name: str, raw: dict[str, dict[str, Any]]) -> Table:
    where = f"schemas/{name}.yaml"
    entry = raw[name]
    for key in ("description", "stage", "key", "order", "columns"):
        if not entry.get(key):
            raise UsageError(f"{where}: {key} is missing")
    stage = entry["stage"]
    columns = tuple(_column(name, column, raw) for column in entry["columns"])
    invariants = []
    for invariant in entry.get("invariants", []):
        _only(f"{where}: invariant", invariant, _INVARIANT_KEYS)
        if invariant.get("severity", "critical") not in ("critical", "warning"):
            raise UsageError(f"{where}: severity of {invariant['name']} is critical or warning")
        if invariant.get("scope", "corpus") not in ("document", "corpus"):
            raise UsageError(f"{where}: scope of {invariant['name']} is document or corpus")
        invariants.append(Invariant(**invariant))
    return Table(
        name=name,
        description=entry["description"],
        stages=(stage,) if isinstance(stage, str) else tuple(stage),
        key=tuple(entry["key"]),
        order=tuple(entry["order"]),
        columns=columns,
        expectations=_expectations(where, entry.get("expectations", [])),
        invariants=tuple(invariants),
    )


def load_tables(folder: Path) -> dict[str, Table]:
    """Table definitions of a folder of YAML files, by name. Raises UsageError with file and key."""
    raw = {
        path.stem: _only(f"schemas/{path.name}", read_yaml(path), _TABLE_KEYS) for path in sorted(folder.glob("*.yaml"))
    }
    return {name: _table(name, raw) for name in raw}


@cache
def tables() -> dict[str, Table]:
    """The project's own table definitions, by name."""
    return load_tables(resource_path("schemas"))


@cache
def arrow_schema(name: str) -> pa.Schema:
    """The Arrow schema of a table, with each column's description in its field's metadata."""
    if name not in tables():
        raise UsageError(f"there is no table {name!r}; tables are {', '.join(sorted(tables()))}")
    fields = [
        pa.field(column.name, arrow_type(column.type), column.nullable, {"description": column.description})
        for column in tables()[name].columns
    ]
    return pa.schema(fields, {"schema_version": SCHEMA_VERSION, "table": name})


@cache
def dictionary_columns(name: str) -> tuple[str, ...]:
    """The columns of a table whose texts Parquet is to keep once each, as Parquet names them."""
    found = ((column, arrow_type(column.type)) for column in tables()[name].columns if column.dictionary)
    return tuple(path for column, kind in found for path in _paths_of_texts(column.name, kind))


def _paths_of_texts(path: str, kind: pa.DataType) -> Iterator[str]:
    if pa.types.is_list(kind):
        yield from _paths_of_texts(f"{path}.list.element", kind.value_type)
    elif pa.types.is_struct(kind):
        for each in kind:
            yield from _paths_of_texts(f"{path}.{each.name}", each.type)
    elif pa.types.is_string(kind):
        yield path
