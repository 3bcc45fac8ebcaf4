"""Expectations of our own, beside those of Great Expectations. Importing this imports Great Expectations (.5 s)."""

from typing import Any, ClassVar

from broadsheet.checks.great import BatchExpectation, ExecutionEngine

QUERY_METRICS = ("rows_of_query.count", "rows_of_query.sample")
PART_METRICS = ("parts.count", "parts.problems")


def _counted(elements: int, count: int, rows: list[dict[str, Any]]) -> dict[str, Any]:
    result = {"element_count": elements, "unexpected_count": count, "unexpected_rows": rows}
    return {"success": count == 0, "result": result}


class ExpectQueryToReturnNoRows(BatchExpectation):
    """A query over all tables of the corpus must return no row.

    Great Expectations' own UnexpectedRowsExpectation is not used: it formats the query, so that braces in it have
    to be doubled, prints where the query does not name the batch, and gives rows only together with all of them.
    """

    name: str
    query: str

    metric_dependencies: ClassVar[tuple[str, ...]] = ("table.row_count", *QUERY_METRICS)
    success_keys: ClassVar[tuple[str, ...]] = ("name", "query")

    def _validate(
        self,
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any] | None = None,
        execution_engine: ExecutionEngine | None = None,
    ) -> dict[str, Any]:
        return _counted(metrics["table.row_count"], *(metrics[name] for name in QUERY_METRICS))


class ExpectPartsToHaveSchema(BatchExpectation):
    """There is at least one part, and the footer of every part holds the declared Arrow schema.

    DuckDB casts the columns of all parts to the types of the first, so no other expectation sees such a difference.
    """

    metric_dependencies: ClassVar[tuple[str, ...]] = PART_METRICS

    def _validate(
        self,
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any] | None = None,
        execution_engine: ExecutionEngine | None = None,
    ) -> dict[str, Any]:
        problems = metrics["parts.problems"]
        return _counted(metrics["parts.count"], len(problems), problems)
