"""Which expectations a table has: those that its schema names, and those that follow from its columns."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from broadsheet.checks.database import quoted
from broadsheet.errors import UsageError
from broadsheet.schema import DOCUMENT_IDS, Expectation, Table

# Nothing was rejected, or no article has more than its body.
_MAY_BE_EMPTY = ("rejects", "evidence")
_ROW_COUNT = "expect_table_row_count_to_be_between"


@dataclass(frozen=True)
class Declared:
    """One expectation of a table. `where` says in which file and column a person finds it; `scope` is that of
    `schema.Invariant`, or "part": where it holds of the rows of each part by itself, it holds of all."""

    where: str
    type: str
    kwargs: dict[str, Any]
    severity: str = "critical"
    description: str | None = None
    column: str | None = None
    scope: str = "corpus"


def declared_expectations(table: Table) -> list[Declared]:
    """All expectations of a table, in the order of its report.

    Raises UsageError for a table that may be empty by mistake: most expectations pass on no rows.
    """
    where = f"schemas/{table.name}.yaml"
    if table.name not in _MAY_BE_EMPTY and not any(map(_needs_rows, table.expectations)):
        raise UsageError(f"{where}: a table needs the expectation {_ROW_COUNT}: {{min_value: 1}}")
    found = [
        Declared(where, "expect_parts_to_have_schema", {}),
        Declared(where, "expect_table_columns_to_match_ordered_list", {"column_list": list(table.names)}),
    ]
    found += [_of_schema(where, expectation) for expectation in table.expectations]
    found += _of_columns(table, where)
    found.append(_unique_key(table, where))
    found += [_reference(table, column.name, column.references, where) for column in table.columns if column.references]
    ordered = f"Rows are sorted by {', '.join(table.order)}."
    found.append(_query("rows_are_in_order", ordered, order_query(table), where, scope=_scope_of_rows(table)))
    found += [
        _query(invariant.name, invariant.description, invariant.query, where, invariant.severity, invariant.scope)
        for invariant in table.invariants
    ]
    return found


def _scope_of_rows(table: Table, key: tuple[str, ...] = ()) -> str:
    """Whether rows repeat a `key`, or stand in a wrong place, only beside another row of their part, or document.

    So it is where rows are those of documents in the same part: documents themselves are compared over all parts.
    """
    if table.document_column is None or table.name == "documents":
        return "corpus"
    return "document" if table.document_column in key else "part"


def _needs_rows(expectation: Expectation) -> bool:
    kwargs = expectation.kwargs
    return expectation.type == _ROW_COUNT and (kwargs.get("min_value") or 0) >= 1 and "severity" not in kwargs


def _of_schema(where: str, expectation: Expectation, column: str | None = None) -> Declared:
    # YAML reads a bare 1600-01-01 as a date, which a report cannot hold.
    kwargs = {key: str(value) if isinstance(value, date) else value for key, value in expectation.kwargs.items()}
    severity = kwargs.pop("severity", "critical")
    if severity not in ("critical", "warning"):
        raise UsageError(f"{where}: severity of {expectation.type} is critical or warning, not {severity!r}")
    if "row_condition" in kwargs:
        raise UsageError(f"{where}: {expectation.type}: row_condition is not read here; write an invariant instead")
    if column:
        kwargs = {"column": column} | kwargs
    return Declared(where, expectation.type, kwargs, severity, column=column)


def _of_columns(table: Table, where: str) -> list[Declared]:
    found = []
    for column in table.columns:
        place = f"{where}: column {column.name}"
        if not column.nullable:
            not_null = Expectation("expect_column_values_to_not_be_null", {})
            found.append(_of_schema(place, not_null, column.name))
        found += [_of_schema(place, expectation, column.name) for expectation in column.expectations]
    return found


def _unique_key(table: Table, where: str) -> Declared:
    scope = _scope_of_rows(table, table.key)
    if len(table.key) == 1:
        unique = _of_schema(f"{where}: key", Expectation("expect_column_values_to_be_unique", {}), table.key[0])
        return replace(unique, scope=scope)
    columns = {"column_list": list(table.key)}
    return Declared(f"{where}: key", "expect_compound_columns_to_be_unique", columns, scope=scope)


def _query(
    name: str, description: str, query: str, where: str, severity: str = "critical", scope: str = "corpus"
) -> Declared:
    kwargs = {"name": name, "query": query}
    return Declared(f"{where}: {name}", "expect_query_to_return_no_rows", kwargs, severity, description, scope=scope)


def _reference(table: Table, column: str, reference: str, where: str) -> Declared:
    parent, _, parent_column = reference.partition(".")
    selected = ", ".join(f"child.{quoted(name)}" for name in dict.fromkeys((*table.key, column)))
    # An anti join, not NOT IN: one null among the parent's values would make that pass.
    query = (
        f"SELECT {selected} FROM {quoted(table.name)} child ANTI JOIN {quoted(parent)} parent"
        f" ON parent.{quoted(parent_column)} = child.{quoted(column)} WHERE child.{quoted(column)} IS NOT NULL"
    )
    scope = "document" if reference in DOCUMENT_IDS else "corpus"
    return _query(f"{column}_is_in_{parent}", f"Every {column} is a {reference}.", query, where, scope=scope)


def order_query(table: Table) -> str:
    """Query of the rows that stand before their place in the order of the table.

    Rows keep the order of the parts' names and of the rows in them, so `lag` without ORDER BY is the row before,
    and one pass over the columns is enough. A table without the first columns of its order has a document's id
    instead: where the id changes, the documents decide.
    """
    inside = [name for name in table.order if name in table.names]
    outside = [name for name in table.order if name not in table.names]
    if not outside:
        # Each stage's rows are sorted by themselves.
        columns = [*inside, "stage"] if len(table.stages) > 1 else inside
        same_stage = "stage = previous_stage" if len(table.stages) > 1 else "TRUE"
        return (
            f"SELECT {_list(columns)}, {_list(columns, 'previous_')} FROM ({_with_previous(table.name, columns)})"
            f" WHERE {same_stage} AND {_before(inside, '', 'previous_')}"
        )
    document = table.document_column
    if document is None:
        raise UsageError(f"schemas/{table.name}.yaml: order needs its columns, or a column that refers to a document")
    columns = [document, *inside]
    same, moved = (f"row.{quoted(document)} {sign} row.previous_{document}" for sign in ("=", "<>"))
    selected = ", ".join(f"row.{quoted(prefix + name)}" for prefix in ("", "previous_") for name in columns)
    behind = f" OR {_before(inside, '', 'previous_')}" if inside else ""
    return (
        f"SELECT {selected} FROM (SELECT * FROM ({_with_previous(table.name, columns)}) row WHERE {moved}{behind}) row"
        f" LEFT JOIN documents this ON {moved} AND this.document_id = row.{quoted(document)}"
        f" LEFT JOIN documents previous ON {moved} AND previous.document_id = row.previous_{document}"
        f" WHERE {same} OR {_before(outside, 'this.', 'previous.')}"
    )


def _list(names: list[str], prefix: str = "") -> str:
    return ", ".join(quoted(prefix + name) for name in names)


def _with_previous(table: str, names: list[str]) -> str:
    previous = ", ".join(f"lag({quoted(name)}) OVER () AS {quoted('previous_' + name)}" for name in names)
    return f"SELECT {_list(names)}, {previous} FROM {quoted(table)}"


def _before(names: list[str], this: str, that: str) -> str:
    """Condition that the columns `this…` sort before `that…`, column by column; false for the first row."""
    steps = []
    for index, name in enumerate(names):
        equal = [f"{_name(this, other)} = {_name(that, other)}" for other in names[:index]]
        steps.append(" AND ".join([*equal, f"{_name(this, name)} < {_name(that, name)}"]))
    return "(" + " OR ".join(f"({step})" for step in steps) + ")"


def _name(prefix: str, name: str) -> str:
    return prefix + quoted(name) if prefix.endswith(".") else quoted(prefix + name)
