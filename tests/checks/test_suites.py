"""A schema that cannot be checked is an error when the suite is built; whatever happens later never passes silently."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from broadsheet import checks
from broadsheet.checks.conditions import checked_regex
from broadsheet.checks.database import Database, empty_database, expand, open_database, text_literal
from broadsheet.checks.declared import Declared, declared_expectations, order_query
from broadsheet.checks.texts import blanks
from broadsheet.errors import UsageError
from broadsheet.schema import Expectation, Invariant, arrow_schema, tables
from tests.checks.conftest import Rows

BETWEEN = "expect_column_values_to_be_between"


def build_articles(**changes: Any) -> None:
    """Builds the suite of articles with changes to its table, and tries it out."""
    from broadsheet.checks.stage import Suite

    with open_database() as connection:
        Suite(replace(tables()["articles"], **changes), connection).try_out(empty_database(connection))


def column_with(name: str, kind: str, kwargs: dict[str, Any]) -> dict[str, Any]:
    columns = tables()["articles"].columns
    changed = [replace(column, expectations=(Expectation(kind, kwargs),)) for column in columns if column.name == name]
    return {"columns": tuple(changed[0] if column.name == name else column for column in columns)}


@pytest.mark.parametrize(
    ("column", "kind", "kwargs", "message"),
    [
        ("body", "expect_column_values_to_be_lovely", {}, "no expectation 'expect_column_values_to_be_lovely'"),
        ("body", "expect_column_values_to_match_json_schema", {"json_schema": {}}, "is not computed here"),
        ("word_count", BETWEEN, {"minimum": 1}, "argument minimum: extra fields not permitted"),
        ("word_count", BETWEEN, {"min_value": "many"}, "argument min_value"),
        ("word_count", BETWEEN, {}, "min_value"),
        ("word_count", BETWEEN, {"min_value": "2020-01-01"}, "does not compare with a column of type INTEGER"),
        ("body", BETWEEN, {"min_value": 3}, "does not compare with a column of type VARCHAR"),
        ("word_count", "expect_column_value_lengths_to_be_between", {"min_value": 1}, "is INTEGER, not text"),
        ("word_count", "expect_column_values_to_be_in_set", {"value_set": ["a"]}, "does not compare"),
        ("headline", "expect_column_values_to_be_in_set", {"value_set": []}, "value_set"),
        ("headline", "expect_column_values_to_match_regex", {"regex": r"\w+"}, "read otherwise by RE2"),
        ("headline", "expect_column_values_to_match_regex", {"regex": "["}, "not valid"),
        ("headline", "expect_column_values_to_match_regex", {"regex": "a{2000}"}, "repetition"),
        ("headline", "expect_column_values_to_not_be_null", {"severity": "fatal"}, "critical or warning"),
        ("headline", "expect_table_row_count_to_be_between", {"min_value": 1}, "argument column"),
        (
            "headline",
            "expect_column_values_to_not_be_null",
            {"row_condition": "anything"},
            "row_condition is not read here",
        ),
    ],
)
def test_an_expectation_that_cannot_run(column: str, kind: str, kwargs: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError) as caught:
        build_articles(**column_with(column, kind, kwargs))
    text = str(caught.value)
    assert text.startswith(f"schemas/articles.yaml: column {column}: ")
    assert kind in text
    assert message in text
    assert "\n" not in text


def test_a_column_that_is_not_in_the_table() -> None:
    pair = Expectation("expect_column_pair_values_a_to_be_greater_than_b", {"column_A": "word_count", "column_B": "x"})
    rows = Expectation("expect_table_row_count_to_be_between", {"min_value": 1})
    with pytest.raises(UsageError, match="there is no column 'x'"):
        build_articles(expectations=(rows, pair))


def test_a_query_that_cannot_run() -> None:
    wrong = Invariant("is_wrong", "Cannot run.", "SELECT nothing FROM articles")
    with pytest.raises(UsageError, match=r"schemas/articles.yaml: is_wrong: .*nothing"):
        build_articles(invariants=(wrong,))


@pytest.mark.parametrize("kwargs", [None, {"min_value": 0}, {"max_value": 5}, {"min_value": 1, "severity": "warning"}])
def test_a_table_that_may_be_empty(kwargs: dict[str, Any] | None) -> None:
    expectations = () if kwargs is None else (Expectation("expect_table_row_count_to_be_between", kwargs),)
    with pytest.raises(UsageError, match=r"schemas/articles.yaml: .*expect_table_row_count_to_be_between"):
        declared_expectations(replace(tables()["articles"], expectations=expectations))


def test_an_empty_suite() -> None:
    from broadsheet.checks.engine import TableEngine
    from broadsheet.checks.validation import build_suite

    with open_database() as connection, pytest.raises(UsageError, match="without any expectation"):
        build_suite([], TableEngine(Database(connection), "articles", {}, ()))


def run(
    declared: list[Declared], monkeypatch: pytest.MonkeyPatch | None = None, count: int = 3
) -> list[dict[str, Any]]:
    """Runs expectations on a table `t` with a column x of 1, 2 … count."""
    from broadsheet.checks import validation
    from broadsheet.checks.engine import TableEngine

    with open_database() as connection:
        connection.execute(f"CREATE TABLE t AS SELECT CAST(range AS INTEGER) AS x FROM range({count}, 0, -1)")
        engine = TableEngine(Database(connection), "t", {"x": "INTEGER"}, ("x",))
        expectations = validation.build_suite(declared, engine)
        if monkeypatch:
            monkeypatch.setattr(TableEngine, "_resolve_alone", _broken)
        engine = TableEngine(Database(connection), "t", {"x": "INTEGER"}, ("x",))
        return list(validation.run_suite("t", dict(enumerate(declared)), expectations, engine, lambda: None).values())


def _broken(*_: object) -> None:
    raise RuntimeError("a mistake of the engine")


UNIQUE = Declared("t", "expect_column_values_to_be_unique", {"column": "x"}, column="x")
SMALL = Declared("t", BETWEEN, {"column": "x", "max_value": 2}, column="x")


def test_a_query_that_cannot_run_stops_a_check(
    rows: Rows, build: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A schema is tried out where something does not hold, and is then an error, not a failed result."""
    from broadsheet.checks import stage

    def changed(query: str) -> None:
        articles = replace(tables()["articles"], invariants=(Invariant("is_wrong", "Cannot run.", query),))
        monkeypatch.setattr(stage, "_SUITES", {})
        monkeypatch.setattr(stage, "tables", lambda: tables() | {"articles": articles})

    folder = build(rows)
    changed("SELECT nothing FROM articles")
    with pytest.raises(UsageError, match=r"schemas/articles.yaml: is_wrong: .*nothing"):
        checks.check_stage(folder, "extract")
    changed("SELECT 1 FROM articles WHERE body = ''")
    assert checks.check_stage(folder, "extract")["success"]


def test_columns_of_tables_have_the_types_that_duckdb_gives_them() -> None:
    with open_database() as connection:
        database = empty_database(connection)
        for name in tables():
            connection.register("declared", arrow_schema(name).empty_table())
            assert database.types(f"SELECT * FROM {name}") == database.types("SELECT * FROM declared")


def test_samples_name_the_rows() -> None:
    unique, small = run([UNIQUE, SMALL])
    assert unique["success"]
    assert {key: small[key] for key in ("element_count", "unexpected_count", "sample")} == {
        "element_count": 3,
        "unexpected_count": 1,
        "sample": [{"x": 3}],
    }


def test_samples_hold_the_first_twenty_rows_by_key() -> None:
    (small,) = run([SMALL], count=50)
    assert small["unexpected_count"] == 48
    assert [row["x"] for row in small["sample"]] == list(range(3, 23))


def test_bounds_may_be_dates() -> None:
    bare = Expectation(BETWEEN, {"min_value": date(1990, 1, 1), "max_value": "2100-01-01 00:00:00"})
    table = tables()["metadata"]
    columns = tuple(replace(column, expectations=(bare,) * (column.name == "retrieved_at")) for column in table.columns)
    found = declared_expectations(replace(table, columns=columns))
    (between,) = [entry for entry in found if entry.type == BETWEEN]
    assert between.kwargs["min_value"] == "1990-01-01"


def test_an_exception_in_the_engine_fails_all(monkeypatch: pytest.MonkeyPatch) -> None:
    results = run([UNIQUE, SMALL], monkeypatch)
    assert [entry["success"] for entry in results] == [False, False]
    assert all(entry["error"] for entry in results)


def test_an_exception_in_one_metric_fails_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Database, query: str) -> int:
        raise duckdb.IOException("the disk is gone")

    monkeypatch.setattr("broadsheet.checks.engine.TableEngine.try_out", lambda *_: None)
    monkeypatch.setattr(Database, "count", refuse)
    unique, rows = run([UNIQUE, Declared("t", "expect_table_row_count_to_be_between", {"min_value": 1})])
    assert not unique["success"]
    assert "the disk is gone" in unique["error"]
    assert rows["success"]


def test_results_that_do_not_come_back_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    from great_expectations.validator.validator import Validator

    original = Validator.graph_validate
    monkeypatch.setattr(Validator, "graph_validate", lambda *args, **kwargs: original(*args, **kwargs)[:1])
    smaller = Declared("t", BETWEEN, {"column": "x", "max_value": 1}, column="x")
    results = run([SMALL, smaller])
    assert sorted(entry.get("error", "") for entry in results) == ["", "0 results came back, not 1"]


@pytest.mark.parametrize("shape", ["one", "several"])
def test_both_shapes_of_exceptions(shape: str) -> None:
    from broadsheet.checks.validation import _exceptions

    one = {"raised_exception": True, "exception_message": "gone\nwith a trace", "exception_traceback": ""}
    assert _exceptions(one if shape == "one" else {"metric": one, "other": one}) == ["gone"]
    assert _exceptions({"raised_exception": False, "exception_message": None, "exception_traceback": None}) == []
    assert _exceptions(None) == []


@pytest.mark.parametrize(
    "pattern",
    [
        r"\w",
        r"\d+",
        r"a\b",
        r"\s",
        r"(a)\1",
        "(?=a)",
        "(?<!a)b",
        "(?i)a",
        "(?P<n>a)",
        "a++",
        "a*+",
        "[[:alpha:]]",
        "a{,3}",
    ],
)
def test_regexes_that_are_refused(pattern: str) -> None:
    with pytest.raises(UsageError, match="regex"):
        checked_regex(pattern)


@pytest.mark.parametrize("pattern", ["^[0-9a-f]{20}$", r"a\.b", r"\\w", "(?:a|b)+?", "[+*]", r"\[x\]", "é{2,3}", "a|"])
def test_regexes_that_are_read_alike(pattern: str) -> None:
    assert checked_regex(pattern) == pattern


def test_blanks_are_those_of_python() -> None:
    text = "".join(map(chr, [*range(1, 0x3100), 0xFEFF, 0x1F600]))
    with open_database() as connection:
        query = f"SELECT translate(?, {text_literal(blanks())}, ''), nonblank_length(?), {expand('BLANKS')}"
        stripped, length, alone = connection.execute(query, [text, text]).fetchone()
    assert stripped == "".join(character for character in text if not character.isspace())
    assert length == len(stripped)
    assert alone == "".join(character for character in map(chr, range(0x110000)) if character.isspace())
    assert expand("SELECT 'BLANKSPACE' ; ") == "SELECT 'BLANKSPACE'"


@pytest.mark.parametrize("name", sorted(tables()))
def test_order_is_read_in_one_pass(name: str) -> None:
    """`lag` without ORDER BY follows the rows only as DuckDB's streaming window."""
    with open_database() as connection:
        empty_database(connection)
        plan = connection.execute(f"EXPLAIN {order_query(tables()[name])}").fetchall()[0][1]
    windows = [line for line in plan.splitlines() if "window" in line.casefold()]
    assert windows
    assert all("streaming" in line.casefold() for line in windows)


def test_order_does_not_compare_each_document_with_each() -> None:
    """DuckDB may join documents to documents by `<` first: 90 MB for the thousand documents of a part."""
    from broadsheet.checks.database import AS_WRITTEN

    with open_database() as connection:
        empty_database(connection)
        connection.execute(
            "INSERT INTO documents BY NAME SELECT i::VARCHAR AS document_id, i::VARCHAR AS raw_path"
            " FROM range(1200) t(i)"
        )
        connection.execute(
            "INSERT INTO sentences BY NAME SELECT (i // 100)::VARCHAR AS article_id, i % 100 AS sentence_index"
            " FROM range(120000) t(i)"
        )
        connection.execute(AS_WRITTEN)
        plan = connection.execute(f"EXPLAIN {order_query(tables()['sentences'])}").fetchall()[0][1]
    assert "Hash Join" in plan
    assert "Merge Join" not in plan


def test_importing_is_light() -> None:
    import subprocess
    import sys

    script = (
        "import broadsheet.checks, sys; print(sorted({'great_expectations', 'duckdb', 'pandas'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_reports_are_written_whole(tmp_path: Path) -> None:
    checks.write_report(tmp_path, "ingest", {"stage": "ingest", "b": "é", "a": [1]})
    assert [path.name for path in (tmp_path / "checks").iterdir()] == ["ingest.json"]
    text = (tmp_path / "checks/ingest.json").read_text(encoding="utf-8")
    assert text == '{\n "a": [\n  1\n ],\n "b": "é",\n "stage": "ingest"\n}\n'


def test_the_import_leaves_out_what_no_check_uses() -> None:
    """A second of every build's start."""
    import subprocess
    import sys

    script = (
        "import broadsheet.checks.stage, sys\n"
        "heavy = ('altair.vegalite', 'jsonschema.validators', 'scipy.stats.distributions',"
        " 'great_expectations.datasource.fluent.pandas_datasource',"
        " 'great_expectations.expectations.core.expect_column_to_exist')\n"
        "print(sorted(name for name in heavy if name in sys.modules))\n"
        "from scipy import stats\n"
        "from great_expectations.datasource.fluent import PandasDatasource\n"
        "from great_expectations.expectations import ExpectColumnToExist, registry\n"
        "import great_expectations.expectations.core as core\n"
        "print(round(float(stats.norm.cdf(0)), 3), core.ExpectColumnToExist is ExpectColumnToExist)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n0.5 True\n"


def test_a_check_prints_nothing_at_its_end(rows: Rows, build: Callable[..., Path]) -> None:
    """DuckDB tells of objects of its own that Python has not found when it ends."""
    import subprocess
    import sys

    script = (
        "import sys; from pathlib import Path; from broadsheet import checks\n"
        "checks.check_stage(Path(sys.argv[1]), 'ingest')"
    )
    done = subprocess.run([sys.executable, "-c", script, str(build(rows))], capture_output=True, text=True, check=True)
    assert done.stdout == done.stderr == ""


def test_functions_of_queries_are_those_of_python() -> None:
    text = "Née 🤦🏼 \u00a0\n\n \u3000a b\u2003\n\t\nend\r"
    with open_database() as connection:
        values = "line_spans(t), slices(t, [0, 4, 3, 40], [3, 6, 3, 99]), nonblank_length(t)"
        found = connection.execute(f"SELECT {values} FROM (SELECT unnest(?) AS t)", [[text, "", None]]).fetchall()
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    spans, slices, length = found[0]
    assert spans[::3] == [0, 1, 2]
    assert [text[start:end] for start, end in zip(spans[1::3], spans[2::3], strict=True)] == lines
    assert slices == ["Née", "🤦🏼", "", ""] and length == sum(not letter.isspace() for letter in text)
    assert found[1:] == [([], ["", "", "", ""], 0), (None, None, None)]
    assert blanks() == "".join(filter(str.isspace, map(chr, range(0x110000))))
