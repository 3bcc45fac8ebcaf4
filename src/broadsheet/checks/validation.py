"""Runs the expectations of tables through Great Expectations. Importing this imports Great Expectations (.5 s)."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from broadsheet.checks.conditions import METRICS
from broadsheet.checks.database import SAMPLE_ROWS
from broadsheet.checks.declared import Declared
from broadsheet.checks.engine import TableEngine
from broadsheet.checks.great import (
    Expectation,
    ExpectationNotFoundError,
    ExpectationValidationResult,
    FailureSeverity,
    GreatExpectationsError,
    MetricConfiguration,
    MetricConfigurationID,
    Validator,
    configurations_kept,
    get_expectation_impl,
    pydantic,
)
from broadsheet.collection import no_search_for_cycles
from broadsheet.errors import UsageError

_RESULT_FORMAT = {
    "result_format": {
        "result_format": "BASIC",
        "include_unexpected_rows": True,
        "partial_unexpected_count": SAMPLE_ROWS,
    }
}
_ONLY_WHETHER = {"result_format": {"result_format": "BOOLEAN_ONLY"}}
_POSITION = "position"
# What goes wrong inside an expectation: the validator says of it what it was.
_MISTAKES = (GreatExpectationsError, ArithmeticError, LookupError, RuntimeError, TypeError, ValueError)


Values = dict[MetricConfigurationID, Any]


@dataclass(frozen=True, slots=True)
class Asking:
    """An expectation, and the metrics that tell whether it holds, by the names that it has for them.

    `aggregates` and `queries` are the SQL of those, as `TableEngine.trial` gives it.
    """

    expectation: Expectation
    metrics: dict[str, MetricConfiguration]
    aggregates: set[str]
    queries: set[str]


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


def build_suite(declared: list[Declared], engine: TableEngine) -> list[Asking]:
    """Expectations whose metrics `engine` can compute, as far as can be told without asking.

    Raises UsageError with file, column and expectation for one that it cannot, and for an empty suite, which
    Great Expectations passes.
    """
    if not declared:
        raise UsageError("schemas: a table without any expectation cannot be checked; declare at least its row count")
    found = []
    with configurations_kept(), no_search_for_cycles():
        for position, entry in enumerate(declared):
            expectation = build_expectation(entry, position)
            dependencies = expectation.get_validation_dependencies(engine, dict(_ONLY_WHETHER))
            with _said_of(entry):
                sql = engine.trial(dependencies.get_metric_configurations())
            found.append(Asking(expectation, dependencies.metric_configurations, *sql))
    return found


def try_out(declared: list[Declared], suite: list[Asking], trial: TableEngine) -> None:
    """Raises UsageError with file, column and expectation for one that cannot run on `trial`, a table without rows."""
    try:
        trial.try_out(
            set[str]().union(*(asking.aggregates for asking in suite)),
            set[str]().union(*(asking.queries for asking in suite)),
        )
    except UsageError:
        for entry, asking in zip(declared, suite, strict=True):
            with _said_of(entry):
                trial.try_out(asking.aggregates, asking.queries)
        raise


@contextmanager
def _said_of(entry: Declared) -> Iterator[None]:
    """A UsageError of the block says which expectation it is about."""
    try:
        yield
    except UsageError as error:
        raise UsageError(f"{entry.where}: {entry.type}: {error}") from error


def scope_of(declared: Declared, asking: Asking) -> str:
    """What of a corpus an expectation has to be asked of: "document", "part" or "corpus", as `Declared` has it.

    A warning may fail in a part that passes, and what may fail in some rows is told by all of them.
    """
    if declared.severity != "critical" or "mostly" in declared.kwargs:
        return "corpus"
    return "document" if getattr(asking.expectation, "map_metric", None) in METRICS else declared.scope


def run_suite(
    table: str,
    declared: dict[int, Declared],
    suite: list[Asking],
    engine: TableEngine,
    try_it_out: Callable[[], None],
) -> dict[int, dict[str, Any]]:
    """The entry of the report for each declared expectation, by its position.

    Each is asked whether it holds with the metrics that it named when the suite was built. Great Expectations'
    validator, which has an expectation name its metrics several times over, runs those that do not, and says why;
    first `try_it_out` raises UsageError where that is the schema.
    """
    chosen = [suite[position] for position in declared]
    holds = holding(chosen, ask(chosen, engine), engine)
    rest = [position for position, held in zip(declared, holds, strict=True) if not held]
    found = {}
    if rest:
        try_it_out()
        found = _validated(table, {position: declared[position] for position in rest}, suite, engine)
    return {position: found.get(position) or entry_of_success(table, entry) for position, entry in declared.items()}


def ask(chosen: list[Asking], engine: TableEngine) -> Values | None:
    """The metrics of expectations by their ids; None where one cannot be computed."""
    try:
        return engine.resolve_metrics([metric for asking in chosen for metric in asking.metrics.values()])
    except _MISTAKES:
        return None


def holding(chosen: list[Asking], values: Values | None, engine: TableEngine) -> list[bool]:
    """Which of the expectations hold for sure; none where a metric cannot be computed."""
    if values is None:
        return [False] * len(chosen)
    try:
        with configurations_kept(), no_search_for_cycles():
            return [
                bool(
                    asking.expectation._validate(
                        metrics={name: values[metric.id] for name, metric in asking.metrics.items()},
                        runtime_configuration=dict(_ONLY_WHETHER),
                        execution_engine=engine,
                    )["success"]
                )
                for asking in chosen
            ]
    except _MISTAKES:
        return [False] * len(chosen)


def _validated(
    table: str, declared: dict[int, Declared], suite: list[Asking], engine: TableEngine
) -> dict[int, dict[str, Any]]:
    validator = Validator(execution_engine=engine)
    validator.metrics_calculator.show_progress_bars = False
    with _quiet():
        results = validator.graph_validate(
            [suite[position].expectation.configuration for position in declared],
            runtime_configuration=dict(_RESULT_FORMAT),
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
