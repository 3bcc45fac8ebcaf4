"""Each supported expectation on random frames: the same success and counts as Great Expectations' pandas engine."""

import random
from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest

from broadsheet.checks.database import Database, open_database
from broadsheet.checks.declared import Declared

TEXTS = ["", "a", "ab", "Ab", "b\nc", "é", "né", "🤦🏼", "1", "12", "a.b", " ", "\u3000x", "it's", "x-1", None]
DECLARED: list[tuple[str, dict[str, Any]]] = [
    ("expect_column_values_to_not_be_null", {"column": "text"}),
    ("expect_column_values_to_not_be_null", {"column": "fraction", "mostly": 0.7}),
    ("expect_column_values_to_be_null", {"column": "text"}),
    ("expect_column_values_to_be_unique", {"column": "whole"}),
    ("expect_column_values_to_be_unique", {"column": "text"}),
    ("expect_compound_columns_to_be_unique", {"column_list": ["text", "whole"]}),
    ("expect_compound_columns_to_be_unique", {"column_list": ["text", "fraction"]}),
    (
        "expect_compound_columns_to_be_unique",
        {"column_list": ["text", "fraction"], "ignore_row_if": "any_value_is_missing"},
    ),
    ("expect_compound_columns_to_be_unique", {"column_list": ["text", "fraction"], "ignore_row_if": "never"}),
    ("expect_column_values_to_be_between", {"column": "whole", "min_value": 3}),
    ("expect_column_values_to_be_between", {"column": "whole", "min_value": 3, "strict_min": True, "max_value": 8}),
    ("expect_column_values_to_be_between", {"column": "whole", "max_value": 6.5, "mostly": 0.5}),
    ("expect_column_values_to_be_between", {"column": "fraction", "min_value": 0, "max_value": 0.5}),
    ("expect_column_values_to_be_between", {"column": "fraction", "max_value": 0.25, "strict_max": True}),
    ("expect_column_values_to_be_between", {"column": "time", "min_value": "2020-01-03 00:00:00"}),
    (
        "expect_column_values_to_be_between",
        {"column": "time", "min_value": "2020-01-02 00:00:00", "max_value": "2020-01-04 12:00:00", "strict_max": True},
    ),
    ("expect_column_values_to_be_in_set", {"column": "text", "value_set": ["a", "ab", "it's", "🤦🏼"]}),
    ("expect_column_values_to_be_in_set", {"column": "whole", "value_set": [1, 2, 3]}),
    ("expect_column_value_lengths_to_be_between", {"column": "text", "min_value": 1}),
    ("expect_column_value_lengths_to_be_between", {"column": "text", "min_value": 1, "max_value": 2}),
    ("expect_column_value_lengths_to_be_between", {"column": "text", "max_value": 2, "strict_max": True}),
    *(
        (f"expect_column_values_to_{verb}", {"column": "text", "regex": regex})
        for verb in ("match_regex", "not_match_regex")
        for regex in ("a", "^a", "^[a-z]+$", r"a\.b", "a.b|x-[0-9]", "[^a]", "^(?:a|é)?b*$", "b.c", "^.{2}$", "'")
    ),
    ("expect_column_pair_values_a_to_be_greater_than_b", {"column_A": "whole", "column_B": "other"}),
    (
        "expect_column_pair_values_a_to_be_greater_than_b",
        {"column_A": "whole", "column_B": "other", "or_equal": True, "mostly": 0.4},
    ),
    ("expect_column_pair_values_a_to_be_greater_than_b", {"column_A": "whole", "column_B": "fraction"}),
    (
        "expect_column_pair_values_a_to_be_greater_than_b",
        {"column_A": "fraction", "column_B": "whole", "ignore_row_if": "either_value_is_missing"},
    ),
    ("expect_column_unique_value_count_to_be_between", {"column": "text", "min_value": 4, "max_value": 8}),
    ("expect_column_proportion_of_non_null_values_to_be_between", {"column": "text", "min_value": 0.8}),
    ("expect_table_row_count_to_be_between", {"min_value": 1, "max_value": 12}),
    ("expect_table_columns_to_match_ordered_list", {"column_list": ["whole", "other", "fraction", "text", "time"]}),
    ("expect_table_columns_to_match_ordered_list", {"column_list": ["other", "whole", "fraction", "text", "time"]}),
]


def frame(seed: int) -> pa.Table:
    """Up to 20 rows; an eighth of the values that may be null are."""
    generator = random.Random(seed)
    count = generator.choice([0, 1, 5, 20])
    start = datetime(2020, 1, 1)
    columns = {
        "whole": pa.array([generator.randrange(10) for _ in range(count)], pa.int64()),
        "other": pa.array([generator.randrange(10) for _ in range(count)], pa.int64()),
        "fraction": pa.array(
            [generator.choice([0.125, 0.25, 0.75, 5.5, -1.0, 3.0, 0.5, None]) for _ in range(count)], pa.float64()
        ),
        "text": pa.array(generator.choices(TEXTS, k=count), pa.string()),
        "time": pa.array(
            [generator.choice([None, *(start + timedelta(hours=6 * n) for n in range(20))]) for _ in range(count)],
            pa.timestamp("ms"),
        ),
    }
    return pa.table(columns)


def outcomes(engine: Any) -> list[tuple[str, bool, int | None, Any]]:
    """Success, unexpected count and observed value of each declared expectation on the engine's table."""
    from great_expectations.validator.validator import Validator

    from broadsheet.checks.validation import _exceptions, build_expectation

    expectations = [
        build_expectation(Declared("here", kind, kwargs), position) for position, (kind, kwargs) in enumerate(DECLARED)
    ]
    validator = Validator(execution_engine=engine)
    validator.metrics_calculator.show_progress_bars = False
    results = validator.graph_validate([expectation.configuration for expectation in expectations])
    found = []
    for result in sorted(results, key=lambda result: result.expectation_config.meta["position"]):
        assert not _exceptions(result.exception_info), result
        values = result.result
        found.append(
            (str(DECLARED[len(found)]), result.success, values.get("unexpected_count"), values.get("observed_value"))
        )
    assert len(found) == len(DECLARED)
    return found


@pytest.mark.parametrize("seed", range(6))
def test_counts_are_those_of_the_pandas_engine(seed: int) -> None:
    from great_expectations.execution_engine import PandasExecutionEngine

    from broadsheet.checks.engine import TableEngine

    table = frame(seed)
    pandas_frame = table.to_pandas()
    pandas_frame["time"] = pandas_frame["time"].astype("datetime64[ns]")
    expected = outcomes(PandasExecutionEngine(batch_data_dict={"frame": pandas_frame}))
    with open_database() as connection:
        connection.register("frame", table)
        database = Database(connection, {})
        types = database.types("SELECT * FROM frame")
        found = outcomes(TableEngine(database, "frame", types, ("whole",)))
    assert found == expected
