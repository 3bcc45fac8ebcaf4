"""Table I/O: bytes depend on rows alone, nothing half-written is read, wrong calls say what to do."""

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from broadsheet import read_table
from broadsheet.errors import UsageError
from broadsheet.records import Blocks, Mark, Marks, Names, Reject
from broadsheet.schema import arrow_schema, dictionary_columns
from broadsheet.tables import (
    UnfinishedCorpusWarning,
    _column,
    content_hash,
    documents_to_table,
    least_text,
    part_name,
    replaced_folder,
    rows_to_table,
    write_part,
)

ROWS = [Reject(f"a/{n}.txt", 0, None, None, n, "ingest", "empty", "no bytes") for n in range(9)]


def test_bytes_do_not_depend_on_chunks(tmp_path: Path) -> None:
    whole = rows_to_table("rejects", ROWS)
    write_part(tmp_path / "whole.parquet", whole)
    write_part(tmp_path / "chunks.parquet", pa.concat_tables([whole.slice(0, 4), whole.slice(4)]))
    assert (tmp_path / "whole.parquet").read_bytes() == (tmp_path / "chunks.parquet").read_bytes()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_marks_that_are_columns_are_written_as_lists_of_structs() -> None:
    kind = arrow_schema("documents").field("marks").type
    own = Marks(np.array([0, 4], np.int32), np.array([9, 6], np.int32), np.array([1, 0], np.int32), Names(["a", "h1"]))
    rows = [
        [{"start": 0, "end": 9, "tag": "h1"}, {"start": 4, "end": 6, "tag": "a"}],
        [],
        [{"start": 1, "end": 2, "tag": "p"}],
    ]
    found = _column([own, (), (Mark(1, 2, "p"),)], kind)
    assert found.type == kind and found.to_pylist() == rows
    assert _column([(), ()], kind).to_pylist() == [[], []]


def test_columns_of_documents_are_joined_and_a_text_stands_in_each_row() -> None:
    numbers = np.array([3, 5], np.int32)
    two = Blocks(
        "d1", np.arange(2, dtype=np.int32), numbers, numbers + 1, [0, None], ["body", "tags"], ["x", "y"], [1, None]
    )
    none = Blocks("d2", numbers[:0], numbers[:0], numbers[:0], [], [], [], [])
    one = Blocks("d3", numbers[:1] - 3, numbers[:1], numbers[:1] + 1, [None], ["tags"], ["y"], [0.5])
    table = documents_to_table("blocks", [two, none, one])
    table.validate(full=True)
    assert table.equals(rows_to_table("blocks", [*two.rows(), *none.rows(), *one.rows()]))
    assert documents_to_table("blocks", [none]).num_rows == documents_to_table("blocks", []).num_rows == 0


def test_the_content_hash_sees_values_nulls_and_order_but_not_chunks() -> None:
    whole = rows_to_table("rejects", ROWS)
    assert content_hash(pa.concat_tables([whole.slice(0, 4), whole.slice(4)])) == content_hash(whole)
    assert content_hash(whole.slice(1)) != content_hash(whole)
    assert content_hash(whole.take(list(range(8, -1, -1)))) != content_hash(whole)
    lists = pa.table({"a": pa.array([["x"], [], ["y", "z"]])})
    assert content_hash(lists) != content_hash(pa.table({"a": pa.array([["x", "y"], [], ["z"]])}))
    assert content_hash(pa.table({"a": pa.array(["", None])})) != content_hash(pa.table({"a": pa.array([None, ""])}))


def test_a_folder_is_replaced_only_when_all_went_well(tmp_path: Path) -> None:
    place = tmp_path / "table"
    with replaced_folder(place) as folder:
        (folder / "old").touch()
    with pytest.raises(KeyError), replaced_folder(place) as folder:
        (folder / "new").touch()
        raise KeyError
    assert [path.name for path in place.iterdir()] == ["old"]
    with replaced_folder(place) as folder:
        (folder / "new").touch()
    assert [path.name for path in place.iterdir()] == ["new"]


def test_read_table_gives_arrow_types_columns_and_filters(corpus: Path) -> None:
    articles = read_table(
        "articles", corpus, columns=["article_id", "in_language"], filters=[("in_language", "==", "de")]
    )
    assert len(articles) > 3
    assert list(articles.columns) == ["article_id", "in_language"]
    assert isinstance(articles.dtypes["in_language"], pd.ArrowDtype)
    rejects = read_table("rejects", corpus)
    assert set(rejects["stage"]) == {"ingest", "extract"}


def test_read_table_says_where_a_build_was_not_finished(tmp_path: Path) -> None:
    write_part(tmp_path / "rejects" / "ingest" / part_name(0), rows_to_table("rejects", ROWS))
    with pytest.warns(UnfinishedCorpusWarning, match=r"no manifest\.json"):
        assert len(read_table("rejects", tmp_path)) == 9


@pytest.mark.parametrize(
    ("name", "columns", "message"),
    [
        ("article", None, "no table 'article'"),
        ("articles", ["title"], "no column 'title'"),
        ("articles", None, "broadsheet build"),
    ],
)
def test_wrong_calls_of_read_table(tmp_path: Path, name: str, columns: list[str] | None, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        read_table(name, tmp_path, columns=columns)


def test_what_a_killed_worker_had_begun_to_write_is_no_part(tmp_path: Path) -> None:
    with replaced_folder(tmp_path / "documents") as folder:
        (folder / "part-000000.parquet").write_bytes(b"whole")
        (folder / ".part-000000.parquet.8ff019aa").write_bytes(b"ha")
    assert [path.name for path in (tmp_path / "documents").iterdir()] == ["part-000000.parquet"]


def test_only_columns_of_few_texts_are_kept_as_dictionaries(tmp_path: Path) -> None:
    path = tmp_path / "part-000000.parquet"
    marks = [{"start": 0, "end": 5, "tag": "p"}, {"start": 7, "end": 12, "tag": "p"}]
    row = dict.fromkeys(arrow_schema("documents").names, "") | {"marks": marks, "raw_record": 0, "raw_bytes": 12}
    row["retrieved_at"] = None
    write_part(path, pa.Table.from_pylist([row], schema=arrow_schema("documents")))
    group = pq.read_metadata(path).row_group(0)
    columns = map(group.column, range(group.num_columns))
    kept = [column.path_in_schema for column in columns if "RLE_DICTIONARY" in column.encodings]
    assert kept == ["marks.list.element.tag"] == [*dictionary_columns("documents")]
    assert set(dictionary_columns("blocks")) == {"label", "method"} and not dictionary_columns("sentences")


def test_the_least_text_of_a_column_is_that_of_the_footers(tmp_path: Path) -> None:
    values = ["cedar", "birch", None, "ärla", "zinc", "alder"]
    path = tmp_path / "part-000000.parquet"
    pq.write_table(
        pa.table({"number": range(6), "name": values, "none": pa.nulls(6, pa.string())}), path, row_group_size=2
    )
    assert least_text(path, "name") == "alder"
    assert least_text(path, "none") is None
    write_part(path, rows_to_table("articles", []))
    assert least_text(path, "article_id") is None
