"""A Great Expectations execution engine over DuckDB: the metrics of its expectations as SQL.

All counts of a table are columns of one SELECT; rows are fetched only where a count is above 0. Uses internals of
Great Expectations 1.24: the registry of metrics and ExecutionEngine.resolve_metrics.
"""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any, NoReturn

import duckdb
from great_expectations.exceptions import MetricResolutionError
from great_expectations.execution_engine import ExecutionEngine
from great_expectations.expectations import registry
from great_expectations.expectations.metrics.metric_provider import MetricProvider
from great_expectations.validator.metric_configuration import MetricConfiguration, MetricConfigurationID

from broadsheet.checks import conditions
from broadsheet.checks.conditions import Request
from broadsheet.checks.database import Database, expand, quoted, shortened
from broadsheet.checks.expectations import PART_METRICS, QUERY_METRICS
from broadsheet.checks.parts import Parts
from broadsheet.errors import UsageError

_ROW_MAPS = (*conditions.METRICS, *conditions.UNIQUE_METRICS)
# Those of Great Expectations that are computed here; it knows their domain and arguments already.
_KNOWN_METRICS = (
    "table.row_count",
    "table.columns",
    "column.distinct_values.count",
    "column.non_null_proportion",
    "column_pair_values.a_greater_than_b.filtered_row_count",
    "compound_columns.unique.filtered_row_count",
    *(f"{name}.unexpected_{what}" for name in _ROW_MAPS for what in ("count", "values", "rows")),
)


class TableEngine(ExecutionEngine[str]):
    """Computes the metrics of one table; `types` are its columns' declared DuckDB types, `key` names a row."""

    def __init__(
        self, database: Database, table: str, types: dict[str, str], key: tuple[str, ...], parts: Parts | None = None
    ) -> None:
        super().__init__(caching=False)
        self._database = database
        self._table = table
        self._types = types
        self._key = key
        self._parts = parts or Parts((), (), readable=False)
        self._values: dict[MetricConfigurationID, Any] = {}
        self._errors: dict[MetricConfigurationID, str] = {}
        self._counts: dict[str, int] = {}
        self._samples: dict[str, list[dict[str, Any]]] = {}
        self._tried_out: set[str] = set()

    def resolve_metrics(
        self,
        metrics_to_resolve: Iterable[MetricConfiguration],
        metrics: dict[MetricConfigurationID, Any] | None = None,
        runtime_configuration: dict[str, Any] | None = None,
    ) -> dict[MetricConfigurationID, Any]:
        """Values of metrics by their ids. Raises MetricResolutionError that names those that failed.

        Great Expectations asks again for metrics that failed, so values and errors are kept.
        """
        asked = sorted(metrics_to_resolve, key=lambda metric: str(metric.id))
        new = [metric for metric in asked if metric.id not in self._values and metric.id not in self._errors]
        aggregates = [(metric, expression) for metric in new if (expression := self._aggregate(metric))]
        self._aggregate_together(aggregates)
        for metric in new:
            if metric.id not in self._values and metric.id not in self._errors:
                self._resolve_alone(metric)
        if failed := [metric for metric in asked if metric.id in self._errors]:
            # One message stands for all metrics of an exception: those with another message fail in another round.
            message = self._errors[failed[0].id]
            raise MetricResolutionError(message, [metric for metric in failed if self._errors[metric.id] == message])
        return {metric.id: self._values[metric.id] for metric in asked}

    def try_out(self, metric: MetricConfiguration) -> None:
        """Raises UsageError where a metric is not computed here, or its query does not run on the table."""
        if metric.metric_name not in (*_KNOWN_METRICS, *QUERY_METRICS, *PART_METRICS):
            raise UsageError(f"Great Expectations' metric {metric.metric_name} is not computed here")
        if expression := self._aggregate(metric):
            query = f"SELECT {expression} FROM {quoted(self._table)}"
        elif metric.metric_name in PART_METRICS or metric.metric_name == "table.columns":
            return
        else:
            query = self._failing_rows(metric)
        if query in self._tried_out:
            return
        self._tried_out.add(query)
        try:
            self._database.count(query)
        except duckdb.Error as error:
            raise UsageError(self._database.explain(error, query)) from error

    def _request(self, metric: MetricConfiguration) -> Request:
        request = Request(metric.metric_domain_kwargs, metric.metric_value_kwargs, self._types)
        for column in request.columns:
            request.kind(column)
        return request

    def _aggregate(self, metric: MetricConfiguration) -> str | None:
        """SQL aggregate that gives a metric; None where it needs a query of its own."""
        request = self._request(metric)
        name, _, suffix = metric.metric_name.rpartition(".")
        if metric.metric_name == "table.row_count":
            return "count(*)"
        if suffix == "filtered_row_count":
            return f"count(*) FILTER (WHERE {conditions.considered(request)})"
        if suffix == "unexpected_count" and name in conditions.METRICS:
            return f"count(*) FILTER (WHERE {conditions.unexpected(name, request)})"
        if metric.metric_name == "column.distinct_values.count":
            return f"count(DISTINCT {quoted(request.columns[0])})"
        if metric.metric_name == "column.non_null_proportion":
            return f"CASE WHEN count(*) = 0 THEN 0.0 ELSE count({quoted(request.columns[0])}) / count(*) END"
        return None

    def _aggregate_together(self, aggregates: list[tuple[MetricConfiguration, str]]) -> None:
        """One pass over the table for all aggregates; one pass each where that fails, to tell which it is."""
        if not aggregates:
            return
        query = f"SELECT {', '.join(expression for _, expression in aggregates)} FROM {quoted(self._table)}"
        try:
            values = self._database.row(query)
        except duckdb.Error as error:
            if len(aggregates) == 1:
                self._errors[aggregates[0][0].id] = self._database.explain(error, query)
                return
            for aggregate in aggregates:
                self._aggregate_together([aggregate])
            return
        for (metric, _), value in zip(aggregates, values, strict=True):
            self._values[metric.id] = value
            if metric.metric_name.endswith(".unexpected_count"):
                self._counts[self._failing_rows(metric)] = value

    def _resolve_alone(self, metric: MetricConfiguration) -> None:
        if metric.metric_name == "parts.count":
            self._values[metric.id] = len(self._parts.files)
            return
        if metric.metric_name == "parts.problems":
            self._values[metric.id] = [
                {key: shortened(text) for key, text in asdict(problem).items()} for problem in self._parts.problems
            ]
            return
        query = f"SELECT * FROM {quoted(self._table)}"
        try:
            if metric.metric_name == "table.columns":
                self._values[metric.id] = self._database.columns(query)
                return
            query = self._failing_rows(metric)
            if metric.metric_name.endswith("count"):
                self._values[metric.id] = self._count(metric, query)
            else:
                self._values[metric.id] = self._sample(metric, query)
        except duckdb.Error as error:
            self._errors[metric.id] = self._database.explain(error, query)

    def _failing_rows(self, metric: MetricConfiguration) -> str:
        """Query of the rows that a metric counts: the key, and the columns that the metric is about."""
        if metric.metric_name in QUERY_METRICS:
            return expand(metric.metric_value_kwargs["query"])
        request = self._request(metric)
        columns = ", ".join(quoted(name) for name in dict.fromkeys((*self._key, *request.columns)))
        name = metric.metric_name.rpartition(".")[0]
        if name in conditions.UNIQUE_METRICS:
            group, condition = conditions.grouped(request)
            repeated = f"QUALIFY count(*) OVER (PARTITION BY {group}) > 1"
            return f"SELECT {columns} FROM {quoted(self._table)} WHERE {condition} {repeated}"
        return f"SELECT {columns} FROM {quoted(self._table)} WHERE {conditions.unexpected(name, request)}"

    def _count(self, metric: MetricConfiguration, query: str) -> int:
        """Number of rows of `query`; of repeated values only where two of their hashes are equal."""
        if query not in self._counts:
            if metric.metric_name in QUERY_METRICS or self._hashes_repeat(self._request(metric)):
                self._counts[query] = self._database.count(query)
            else:
                self._counts[query] = 0
        return self._counts[query]

    def _hashes_repeat(self, request: Request) -> bool:
        group, condition = conditions.grouped(request)
        hashes = f"SELECT hash({group}) AS key_hash FROM {quoted(self._table)} WHERE {condition}"
        return self._database.count(f"SELECT key_hash FROM ({hashes}) GROUP BY key_hash HAVING count(*) > 1") > 0

    def _sample(self, metric: MetricConfiguration, query: str) -> list[Any]:
        """First failing rows as mappings; of `unexpected_values` on one column its values."""
        if query not in self._samples:
            self._samples[query] = self._database.sample(query) if self._count(metric, query) else []
        column = metric.metric_domain_kwargs.get("column")
        if metric.metric_name.endswith(".unexpected_values") and column:
            return [row[column] for row in self._samples[query]]
        return self._samples[query]

    # What follows serves batches and row conditions of Great Expectations, which these checks do not use.
    def get_batch_data_and_markers(self, batch_spec: Any) -> NoReturn:
        """Raises NotImplementedError: the engine is given its table when it is made."""
        raise NotImplementedError

    def _comparison_condition_to_filter_clause(self, condition: Any) -> NoReturn:
        raise NotImplementedError

    def _nullity_condition_to_filter_clause(self, condition: Any) -> NoReturn:
        raise NotImplementedError

    def _and_condition_to_filter_clause(self, condition: Any) -> NoReturn:
        raise NotImplementedError

    def _or_condition_to_filter_clause(self, condition: Any) -> NoReturn:
        raise NotImplementedError


def _register_metrics() -> None:
    """Tells Great Expectations which metrics this engine computes; none of them depends on another one."""
    table_domain = ("batch_id", "table", "row_condition", "condition_parser")
    registry.register_core_metrics()
    known = {name: registry._registered_metrics[name] for name in _KNOWN_METRICS}
    own = {name: {"metric_domain_keys": table_domain, "metric_value_keys": ("query",)} for name in QUERY_METRICS}
    own |= {name: {"metric_domain_keys": table_domain, "metric_value_keys": ()} for name in PART_METRICS}
    for name, definition in (known | own).items():
        registry.register_metric(
            metric_name=name,
            metric_domain_keys=definition["metric_domain_keys"],
            metric_value_keys=definition["metric_value_keys"],
            execution_engine=TableEngine,
            metric_class=MetricProvider,
            metric_provider=None,
        )


_register_metrics()
