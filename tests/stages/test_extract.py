"""What extract reads of a part of documents, and what it knows each of them by."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from broadsheet import tables
from broadsheet.records import Document, Mark, Marks, columns_of
from broadsheet.stages.extract import _documents, _long, _read_documents
from broadsheet.tables import rows_to_table, write_part


def document(number: int, text: str, *marks: Mark, hints: str | None = None) -> Document:
    digest = f"{number:064x}"
    return Document(
        digest[:20], "ferry", f"ferry/{number}.html", 0, None, digest, len(text), "text/html", "utf-8", None,
        datetime(2021, 3, number, tzinfo=UTC), text, marks, hints,
    )  # fmt: skip


DOCUMENTS = [
    document(1, "Pier closes", Mark(0, 11, "h1"), Mark(0, 11, "path:0a"), hints='{"title":"Pier closes"}'),
    document(2, "Kai öffnet wieder"),
    document(3, "Old pier", Mark(0, 8, "path:0b"), Mark(4, 8, "a"), Mark(4, 8, "h1")),
    document(4, "", Mark(0, 0, "a")),
]


def rows(marks: Marks | tuple[Mark, ...]) -> list[Mark]:
    start, end, code, names = columns_of(marks)
    return [Mark(*each[:2], names[each[2]]) for each in zip(start.tolist(), end.tolist(), code.tolist(), strict=True)]


def as_read(marks: Marks | tuple[Mark, ...] | list[Mark]) -> list[Mark]:
    """Marks as they are read from a part: a path without its name."""
    return [mark._replace(tag="path:") if mark.tag.startswith("path:") else mark for mark in marks]


def written(path: Path, documents: list[Document]) -> Path:
    write_part(path, rows_to_table("documents", documents))
    return path


@pytest.mark.parametrize("rows_of_a_group", [1, 2, 100])
def test_documents_are_read_as_they_were_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows_of_a_group: int
) -> None:
    monkeypatch.setattr(tables, "_ROW_GROUP_ROWS", rows_of_a_group)
    found = _documents(_read_documents(written(tmp_path / "part", DOCUMENTS)))
    assert [(each.document_id, each.text, each.hints, rows(each.marks)) for each in found] == [
        (each.document_id, each.text, each.hints, as_read(rows(each.marks))) for each in DOCUMENTS
    ]


def test_marks_of_more_names_than_a_dictionary_holds_are_read(tmp_path: Path) -> None:
    marks = [Mark(0, 8, f"path:{number:020}") for number in range(60_000)]
    documents = [document(1, "Old pier", *marks), document(2, "New pier", *marks[::-7])]
    found = _documents(_read_documents(written(tmp_path / "part", documents)))
    assert [rows(each.marks) for each in found] == [as_read(marks), as_read(marks[::-7])]
    # Which are the same path is told by their codes.
    codes = [columns_of(each.marks).code.tolist() for each in found]
    assert codes[0][::-7] == codes[1] and len(set(codes[0])) == len(marks)


def test_a_document_is_known_by_its_own_rows_whatever_stands_beside_it(tmp_path: Path) -> None:
    def long(*documents: Document) -> list[list[bytes]]:
        table = _read_documents(written(tmp_path / "part", list(documents)))
        return [list(map(bytes, each)) for each in _long(table)]

    whole = long(*DOCUMENTS)
    assert whole == [each for document in DOCUMENTS for each in long(document)]
    assert whole[::-1] == long(*DOCUMENTS[::-1])
    others = [
        document(3, "Old pier", Mark(0, 8, "path:0b"), Mark(4, 8, "a"), Mark(4, 8, "h2")),
        document(3, "Old pier", Mark(0, 8, "path:0b"), Mark(4, 7, "a"), Mark(4, 8, "h1")),
        document(3, "Old pier", Mark(0, 8, "path:0b"), Mark(3, 8, "a"), Mark(4, 8, "h1")),
        document(3, "Old pier", Mark(0, 8, "path:0ba"), Mark(4, 8, ""), Mark(4, 8, "h1")),
        document(3, "Old piet", Mark(0, 8, "path:0b"), Mark(4, 8, "a"), Mark(4, 8, "h1")),
        document(3, "Old pier", Mark(0, 8, "path:0b"), Mark(4, 8, "a"), Mark(4, 8, "h1"), hints="{}"),
    ]
    assert whole[2] not in long(*others)
