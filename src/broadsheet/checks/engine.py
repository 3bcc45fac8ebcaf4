"""A Great Expectations execution engine over DuckDB: the metrics of its expectations as SQL.

All counts of a table are columns of one SELECT; rows are fetched only where a count is above 0. Uses internals of
Great Expectations 1.24: the registry of metrics and ExecutionEngine.resolve_metrics.
"""

from collections.abc import Collection, Iterable
from dataclasses import asdict
from typing import Any, NoReturn

import duckdb

from broadsheet.checks import conditions
from broadsheet.checks.conditions import Request
from broadsheet.checks.database import Database, expand, quoted, shortened
from broadsheet.checks.expectations import PART_METRICS, QUERY_METRICS
from broadsheet.checks.great import (
    ExecutionEngine,
    MetricConfiguration,
    MetricConfigurationID,
    MetricProvider,
    MetricResolutionError,
    registry,
)
from broadsheet.checks.parts import Parts
from broadsheet.errors import UsageError

_ROWS = "count(*)"
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
    """Computes the metrics of one table; `types` are its columns' declared DuckDB types, `key` names a row.

    `repeats` says that many rows have the same values but for their key, as where there are many of a document.
    """

    def __init__(
        self,
        database: Database,
        table: str,
        types: dict[str, str],
        key: tuple[str, ...],
        parts: Parts | None = None,
        repeats: bool = False,
    ) -> None:
        super().__init__(caching=False)
        self._database = database
        self._table = table
        self._types = types
        self._key = key
        self._repeats = repeats
        self.parts = parts or Parts((), (), readable=False)
        self._values: dict[MetricConfigurationID, Any] = {}
        self._errors: dict[MetricConfigurationID, str] = {}
        self._counts: dict[str, int] = {}
        self._samples: dict[str, list[dict[str, Any]]] = {}

    def resolve_metrics(
        self,
        metrics_to_resolve: Iterable[MetricConfiguration],
        metrics: dict[MetricConfigurationID, Any] | None = None,
        runtime_configuration: dict[str, Any] | None = None,
    ) -> dict[MetricConfigurationID, Any]:
        """Values of metrics by their ids. Raises MetricResolutionError that names those that failed.

        Great Expectations asks again for metrics that failed, so values and errors are kept.
        """
        # Great Expectations makes an id anew each time that it is asked for.
        asked = dict(
            sorted({metric.id: metric for metric in metrics_to_resolve}.items(), key=lambda each: str(each[0]))
        )
        new = {id_: metric for id_, metric in asked.items() if id_ not in self._values and id_ not in self._errors}
        self._aggregate_together({id_: sql for id_, metric in new.items() if (sql := self._aggregate(metric))})
        for id_, metric in new.items():
            if id_ in self._values and metric.metric_name.endswith(".unexpected_count"):
                self._counts[self._failing_rows(metric)] = self._values[id_]
        for id_, metric in new.items():
            if id_ not in self._values and id_ not in self._errors:
                self._resolve_alone(id_, metric)
        if failed := [id_ for id_ in asked if id_ in self._errors]:
            # One message stands for all metrics of an exception: those with another message fail in another round.
            message = self._errors[failed[0]]
            raise MetricResolutionError(message, [asked[id_] for id_ in failed if self._errors[id_] == message])
        return {id_: self._values[id_] for id_ in asked}

    def trial(self, metrics: Iterable[MetricConfiguration]) -> tuple[set[str], set[str]]:
        """SQL that tells whether metrics can be computed: aggregates of the table, and queries.

        Raises UsageError where a metric is not computed here.
        """
        aggregates, queries = set(), set()
        for metric in metrics:
            name = metric.metric_name
            if name not in (*_KNOWN_METRICS, *QUERY_METRICS, *PART_METRICS):
                raise UsageError(f"Great Expectations' metric {name} is not computed here")
            if expression := self._aggregate(metric):
                aggregates.add(expression)
            elif name not in PART_METRICS and name != "table.columns":
                queries.add(self._failing_rows(metric))
        return aggregates, queries

    def try_out(self, aggregates: Collection[str], queries: Collection[str]) -> None:
        """Raises UsageError where SQL that `trial` gave does not run on the table."""
        together = f"SELECT {', '.join(sorted(aggregates))} FROM {quoted(self._table)}"
        for query in (*([together] if aggregates else []), *sorted(queries)):
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
            return _ROWS
        if suffix == "filtered_row_count":
            return f"count(*) FILTER (WHERE {conditions.considered(request)})"
        if suffix == "unexpected_count" and name in conditions.METRICS:
            return self._unexpected_count(name, request)
        if metric.metric_name == "column.distinct_values.count":
            return f"count(DISTINCT {quoted(request.columns[0])})"
        if metric.metric_name == "column.non_null_proportion":
            return f"CASE WHEN count(*) = 0 THEN 0.0 ELSE count({quoted(request.columns[0])}) / count(*) END"
        return None

    def _unexpected_count(self, name: str, request: Request) -> str:
        condition = conditions.unexpected(name, request)
        if not self._repeats or name not in conditions.REGEX_METRICS or (request.columns[0],) == self._key:
            return f"count(*) FILTER (WHERE {condition})"
        # A regex is asked of each value once; the number is the same for each row of the table.
        value = quoted(request.columns[0])
        values = f"SELECT {value}, count(*) AS times FROM {quoted(self._table)} GROUP BY {value}"
        return f"coalesce(any_value((SELECT sum(times)::BIGINT FROM ({values}) WHERE {condition})), 0)"

    def _aggregate_together(self, aggregates: dict[MetricConfigurationID, str]) -> None:
        """One pass over the table for all aggregates; one pass each where that fails, to tell which it is."""
        if not aggregates:
            return
        query = f"SELECT {', '.join(aggregates.values())} FROM {quoted(self._table)}"
        try:
            values = self._database.row(query)
        except duckdb.Error as error:
            if len(aggregates) == 1:
                self._errors[next(iter(aggregates))] = self._database.explain(error, query)
                return
            for id_, expression in aggregates.items():
                self._aggregate_together({id_: expression})
            return
        self._values.update(zip(aggregates, values, strict=True))
        if _ROWS in aggregates.values():
            self._database.counts[self._table] = values[list(aggregates.values()).index(_ROWS)]

    def _resolve_alone(self, id_: MetricConfigurationID, metric: MetricConfiguration) -> None:
        if metric.metric_name == "parts.count":
            self._values[id_] = len(self.parts.files)
            return
        if metric.metric_name == "parts.problems":
            self._values[id_] = [
                {key: shortened(text) for key, text in asdict(problem).items()} for problem in self.parts.problems
            ]
            return
        query = f"SELECT * FROM {quoted(self._table)}"
        try:
            if metric.metric_name == "table.columns":
                self._values[id_] = self._database.columns(self._table)
                return
            query = self._failing_rows(metric)
            if metric.metric_name.endswith("count"):
                self._values[id_] = self._count(metric, query)
            else:
                self._values[id_] = self._sample(metric, query)
        except duckdb.Error as error:
            self._errors[id_] = self._database.explain(error, query)

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
