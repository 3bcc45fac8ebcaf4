"""schemas/ is the only definition: wrong ones are refused, what is generated from them is fresh."""

import inspect
from pathlib import Path

import pyarrow as pa
import pytest

from broadsheet import records
from broadsheet.dictionary import dictionary
from broadsheet.errors import UsageError
from broadsheet.schema import arrow_schema, arrow_type, load_tables, tables
from tests.conftest import ROOT

GOOD = """
description: A table.
stage: ingest
key: [a]
order: [a]
columns:
  a: {type: string, description: A column.}
expectations:
  - expect_table_row_count_to_be_between: {min_value: 1}
"""


def test_the_data_dictionary_is_fresh() -> None:
    assert (ROOT / "schemas" / "README.md").read_text(encoding="utf-8") == dictionary(), "run: make dictionary"


def test_records_have_the_columns_of_their_tables() -> None:
    kinds = {
        "documents": records.Document, "sources": records.Source, "blocks": records.Block, "articles": records.Article,
        "metadata": records.Metadata, "evidence": records.Evidence, "sentences": records.Sentence,
        "rejects": records.Reject,
    }  # fmt: skip
    assert set(kinds) == set(tables())
    for name, kind in kinds.items():
        assert tuple(inspect.get_annotations(kind)) == tables()[name].names, name


def test_arrow_fields_carry_descriptions_and_nullability() -> None:
    schema = arrow_schema("metadata")
    assert schema.field("raw_path").metadata[b"description"].startswith(b"Path below raw")
    assert not schema.field("authors").nullable and schema.field("dateline").nullable
    assert schema.metadata[b"schema_version"] == b"1"


def test_types() -> None:
    assert arrow_type("list<struct<start: int32, tag: string>>") == pa.list_(
        pa.struct([("start", pa.int32()), ("tag", pa.string())])
    )
    with pytest.raises(UsageError, match="unknown type 'text'"):
        arrow_type("text")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("description: A table.\n", ""), "description is missing"),
        (("type: string", "type: words"), "unknown type 'words'"),
        (("type: string", "kind: string"), "unknown key 'kind'"),
        (("type: string, description: A column.", "from: nowhere"), "there is no column nowhere.a"),
        (("stage: ingest", "stage: ingest\nstage: ingest"), "duplicate key"),
        (("  - expect_table", "  - expect: ["), "line"),
    ],
)
def test_a_wrong_schema_is_refused_with_its_place(tmp_path: Path, change: tuple[str, str], message: str) -> None:
    (tmp_path / "table.yaml").write_text(GOOD.replace(*change), encoding="utf-8")
    with pytest.raises(UsageError, match=message):
        load_tables(tmp_path)


def test_a_good_schema_loads(tmp_path: Path) -> None:
    (tmp_path / "table.yaml").write_text(GOOD, encoding="utf-8")
    assert load_tables(tmp_path)["table"].names == ("a",)
