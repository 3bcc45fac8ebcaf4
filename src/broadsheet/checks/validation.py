"""Runs the expectations of tables through Great Expectations. Importing this imports Great Expectations (5 s)."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

# Read when Great Expectations is imported, so before that.
os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")

import great_expectations
from great_expectations.compatibility import pydantic
from great_expectations.core import ExpectationValidationResult
from great_expectations.exceptions import ExpectationNotFoundError, GreatExpectationsError
from great_expectations.expectations.expectation import Expectation
from great_expectations.expectations.metadata_types import FailureSeverity
from great_expectations.expectations.registry import get_expectation_impl
from great_expectations.validator.validator import Validator

from broadsheet.checks.conditions import METRICS
from broadsheet.checks.database import SAMPLE_ROWS
from broadsheet.checks.declared import Declared
from broadsheet.checks.engine import TableEngine
from broadsheet.errors import UsageError

VERSION = great_expectations.__version__
_RESULT_FORMAT = {
    "result_format": {
        "result_format": "BASIC",
        "include_unexpected_rows": True,
        "partial_unexpected_count": SAMPLE_ROWS,
    }
}
_POSITION = "position"


def build_expectation(declared: Declared, position: int) -> Expectation:
    """The Great Expectations object of a declared expectation. Raises UsageError for a name or argument unknown to it.

    A suite made from a list of types and arguments would drop what it does not know, and pass.
    """
    try:
        implementation = get_expectation_impl(declared.type)
    except ExpectationNotFoundError as error:
        raise UsageError(
            f"{declared.where}: Great Expectations has no expectation {declared.type!r};"
            " write a name from its gallery in snake case"
        ) from error
    try:
        return implementation(
            **declared.kwargs, severity=FailureSeverity(declared.severity), meta={_POSITION: position}
        )
    except pydantic.ValidationError as error:
        first = error.errors()[0]
        argument = ".".join(str(step) for step in first["loc"])
        raise UsageError(f"{declared.where}: {declared.type}: argument {argument}: {first['msg']}") from error
    except (GreatExpectationsError, TypeError, ValueError) as error:
        raise UsageError(f"{declared.where}: {declared.type}: {' '.join(str(error).split())}") from error


def build_suite(declared: list[Declared], trial: TableEngine) -> list[Expectation]:
    """Expectations that are sure to run: each is tried out on `trial`, a table without rows.

    Raises UsageError with file, column and expectation for one that cannot run, and for an empty suite, which
    Great Expectations passes.
    """
    if not declared:
        raise UsageError("schemas: a table without any expectation cannot be checked; declare at least its row count")
    expectations = []
    for position, entry in enumerate(declared):
        expectation = build_expectation(entry, position)
        dependencies = expectation.get_validation_dependencies(trial, dict(_RESULT_FORMAT))
        for metric in dependencies.get_metric_configurations():
            try:
                trial.try_out(metric)
            except UsageError as error:
                raise UsageError(f"{entry.where}: {entry.type}: {error}") from error
        expectations.append(expectation)
    return expectations


def is_of_documents(declared: Declared, expectation: Expectation) -> bool:
    """Whether an expectation holds for all documents where it holds for each run of them by itself."""
    return declared.scope == "document" or getattr(expectation, "map_metric", None) in METRICS


def run_suite(
    table: str, declared: dict[int, Declared], expectations: list[Expectation], engine: TableEngine
) -> dict[int, dict[str, Any]]:
    """The entry of the report for each declared expectation, by its position."""
    validator = Validator(execution_engine=engine)
    validator.metrics_calculator.show_progress_bars = False
    with _quiet():
        results = validator.graph_validate(
            [expectations[position].configuration for position in declared], runtime_configuration=dict(_RESULT_FORMAT)
        )
    by_position: dict[int, list[ExpectationValidationResult]] = {}
    for result in results:
        configuration = result.expectation_config
        if configuration is not None and configuration.meta:
            by_position.setdefault(configuration.meta[_POSITION], []).append(result)
    return {position: _entry(table, entry, by_position.get(position, [])) for position, entry in declared.items()}


def entry_of_success(table: str, declared: Declared) -> dict[str, Any]:
    """The entry of an expectation that holds."""
    entry: dict[str, Any] = {
        "table": table,
        "type": declared.type,
        "kwargs": declared.kwargs,
        "severity": declared.severity,
    }
    if declared.column:
        entry["column"] = declared.column
    if declared.description:
        entry["description"] = declared.description
    return entry | {"success": True}


def _entry(table: str, declared: Declared, results: list[ExpectationValidationResult]) -> dict[str, Any]:
    entry = entry_of_success(table, declared)
    if len(results) != 1:
        return entry | {"success": False, "error": f"{len(results)} results came back, not 1"}
    (result,) = results
    if messages := _exceptions(result.exception_info):
        return entry | {"success": False, "error": "; ".join(messages)}
    entry["success"] = bool(result.success)
    if not result.success:
        entry |= _findings(result.describe_dict()["result"])
    return entry


def _findings(result: dict[str, Any]) -> dict[str, Any]:
    """What a failed expectation found: counts and first rows, or the value it observed."""
    if "unexpected_count" in result:
        return {
            "element_count": result["element_count"],
            "unexpected_count": result["unexpected_count"],
            "sample": (result.get("unexpected_rows") or [])[:SAMPLE_ROWS],
        }
    return {key: result[key] for key in ("observed_value", "details") if key in result}


def _exceptions(information: dict[str, Any] | None) -> list[str]:
    """Messages of exceptions: `information` is that of one, or a mapping from metrics to those of several."""
    if not information:
        return []
    if "raised_exception" in information:
        return [_one_line(information)] if information["raised_exception"] else []
    found = {_one_line(value) for value in information.values() if isinstance(value, dict)}
    return sorted(found) or ["an exception without a message"]


def _one_line(information: dict[str, Any]) -> str:
    return str(information.get("exception_message") or "an exception without a message").strip().split("\n")[0]


@contextmanager
def _quiet() -> Iterator[None]:
    """Great Expectations logs each exception that it catches; here they stand in the report."""
    logger = logging.getLogger("great_expectations")
    level = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        logger.setLevel(level)
