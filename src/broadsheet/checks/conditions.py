"""SQL of the metrics that Great Expectations asks for: which rows are unexpected.

Conditions are written for the declared types of the columns. What cannot be written so that it means the same as
in Great Expectations' own engines raises UsageError.
"""

import math
import re
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from broadsheet.checks.database import quoted, text_literal
from broadsheet.errors import UsageError

_WHOLE_TYPES = ("INTEGER", "BIGINT")
_FLOAT_TYPES = ("FLOAT", "DOUBLE")
_ESCAPE_OR_GROUP = re.compile(r"\\[\s\S]|\(\?(?!:)|\[\[:|[*+?}]\+|\{,")


@dataclass(frozen=True)
class Request:
    """One metric as Great Expectations asks for it, and the declared DuckDB type of each column of the table."""

    domain: Mapping[str, Any]
    values: Mapping[str, Any]
    types: Mapping[str, str]

    @property
    def columns(self) -> list[str]:
        """Names of the columns that the metric is about."""
        if self.domain.get("column"):
            return [self.domain["column"]]
        if self.domain.get("column_A"):
            return [self.domain["column_A"], self.domain["column_B"]]
        return list(self.domain.get("column_list") or [])

    def kind(self, column: str) -> str:
        """Declared type of a column of the table. Raises UsageError where there is none."""
        if column not in self.types:
            raise UsageError(f"there is no column {column!r}")
        return self.types[column]


def unexpected(metric: str, request: Request) -> str:
    """SQL condition of the rows that `metric`, such as `column_values.in_set`, counts as unexpected."""
    return _CONDITIONS[metric](request)


def considered(request: Request) -> str:
    """SQL condition of the rows that a metric over several columns looks at, after its ignore_row_if."""
    names = [quoted(column) for column in request.columns]
    rule = request.domain.get("ignore_row_if")
    if rule in ("both_values_are_missing", "all_values_are_missing"):
        return "NOT (" + " AND ".join(f"{name} IS NULL" for name in names) + ")"
    if rule in ("either_value_is_missing", "any_value_is_missing"):
        return " AND ".join(f"{name} IS NOT NULL" for name in names)
    if rule in ("neither", "never"):
        return "TRUE"
    raise UsageError(f"ignore_row_if {rule!r} is not known")


def grouped(request: Request) -> tuple[str, str]:
    """Of a metric of uniqueness: the columns that must differ, and the condition of the rows it looks at."""
    names = ", ".join(quoted(column) for column in request.columns)
    if "column" in request.domain:
        return names, f"{names} IS NOT NULL"
    return names, considered(request)


def literal(value: Any, kind: str) -> str:
    """`value` as an SQL literal that compares with a column of type `kind`. Raises UsageError if it cannot."""
    number = isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
    if number and kind in _WHOLE_TYPES + _FLOAT_TYPES:
        return str(int(value)) if float(value).is_integer() else f"{value!r}::DOUBLE"
    if isinstance(value, str) and kind == "VARCHAR":
        return text_literal(value)
    if isinstance(value, (str, date)) and kind.startswith("TIMESTAMP"):
        return f"CAST({text_literal(_time(value))} AS {kind})"
    if isinstance(value, bool) and kind == "BOOLEAN":
        return str(value)
    raise UsageError(f"{value!r} does not compare with a column of type {kind}")


def _time(value: str | date) -> str:
    try:
        return str(datetime.fromisoformat(value) if isinstance(value, str) else value)
    except ValueError as error:
        raise UsageError(f"{value!r} is not a time such as 1600-01-01 00:00:00") from error


def _outside(measure: str, kind: str, values: Mapping[str, Any]) -> str:
    """Condition that `measure` lies outside the bounds; NaN lies outside all bounds."""
    low, high = values.get("min_value"), values.get("max_value")
    if low is None and high is None:
        raise UsageError("min_value or max_value is needed")
    conditions = []
    if low is not None:
        conditions.append(f"{measure} {'<=' if values.get('strict_min') else '<'} {literal(low, kind)}")
    if high is not None:
        conditions.append(f"{measure} {'>=' if values.get('strict_max') else '>'} {literal(high, kind)}")
    if kind in _FLOAT_TYPES:
        conditions.append(_is_nan(measure, kind))
    return " OR ".join(conditions)


def _is_nan(measure: str, kind: str) -> str:
    """Condition that `measure` is NaN.

    DuckDB 2.0 decides by the least and largest value of a row group, which NaN is not among; not so for a list.
    """
    return f"[{measure}] = ['nan'::{kind}]"


def _between(request: Request) -> str:
    (column,) = request.columns
    return _outside(quoted(column), request.kind(column), request.values)


def _length(request: Request) -> str:
    return _outside(f"length({_text_column(request)})", "BIGINT", request.values)


def _in_set(request: Request) -> str:
    (column,) = request.columns
    allowed = [literal(value, request.kind(column)) for value in request.values.get("value_set") or []]
    if not allowed:
        raise UsageError("value_set needs at least one value")
    return f"{quoted(column)} NOT IN ({', '.join(allowed)})"


def _text_column(request: Request) -> str:
    (column,) = request.columns
    if request.kind(column) != "VARCHAR":
        raise UsageError(f"column {column} is {request.kind(column)}, not text")
    return quoted(column)


def _matches(request: Request) -> str:
    return f"regexp_matches({_text_column(request)}, {text_literal(checked_regex(request.values['regex']))})"


def checked_regex(pattern: str) -> str:
    r"""`pattern`, if Python's re and DuckDB's RE2 read it alike; else raises UsageError.

    Refused are lookaround, backreferences, flags, named groups, possessive quantifiers, POSIX classes, and each
    backslash before a letter or digit: `\w` `\d` `\s` `\b` know only ASCII in RE2. One difference stays: `$` does
    not match before a newline that ends the text, which is what every pattern of a schema means by it.
    """
    try:
        with warnings.catch_warnings():
            # Python warns of what it may come to read as a nested set.
            warnings.simplefilter("error", FutureWarning)
            re.compile(pattern)
    except (re.error, FutureWarning) as error:
        raise UsageError(f"regex {pattern!r} is not valid: {error}") from error
    for match in _ESCAPE_OR_GROUP.finditer(pattern):
        if match[0][0] == "\\" and not match[0][1:].isalnum():
            continue
        raise UsageError(
            f"regex {pattern!r}: {match[0]!r} is read otherwise by RE2, or not at all;"
            " write character classes such as [0-9]"
        )
    return pattern


def _pair_not_greater(request: Request) -> str:
    first, second = request.columns
    operator = ">=" if request.values.get("or_equal") else ">"
    greater = f"{quoted(first)} {operator} {quoted(second)}"
    for column in (first, second):
        if request.kind(column) in _FLOAT_TYPES:  # DuckDB sorts NaN above all numbers
            greater += f" AND NOT {_is_nan(quoted(column), request.kind(column))}"
    return f"({considered(request)}) AND ({greater}) IS NOT TRUE"


_CONDITIONS: dict[str, Callable[[Request], str]] = {
    "column_values.nonnull": lambda request: f"{quoted(request.columns[0])} IS NULL",
    "column_values.null": lambda request: f"{quoted(request.columns[0])} IS NOT NULL",
    "column_values.between": _between,
    "column_values.value_length.between": _length,
    "column_values.in_set": _in_set,
    "column_values.match_regex": lambda request: f"NOT {_matches(request)}",
    "column_values.not_match_regex": _matches,
    "column_pair_values.a_greater_than_b": _pair_not_greater,
}
METRICS = tuple(_CONDITIONS)
REGEX_METRICS = ("column_values.match_regex", "column_values.not_match_regex")
UNIQUE_METRICS = ("column_values.unique", "compound_columns.unique")
