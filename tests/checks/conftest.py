"""A small valid corpus, as rows of its tables, and a function that writes such rows as a corpus."""

import copy
import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from broadsheet.schema import arrow_schema, tables

Rows = dict[str, list[dict[str, Any]]]

PARAGRAPHS = [
    [
        "The minister of the interior said on Tuesday that the café would stay open all night.",
        "Nobody at the market believed a word of what she had promised to them.",
    ],
    ["Two witnesses, who asked not to be named, counted forty-one people in the square that evening."],
]
HEADLINE = "Café stays open\u3000for now"
FOOTER = "\u00a0All rights reserved \u2003"


def document(raw_path: str, text: str) -> dict[str, Any]:
    digest = hashlib.sha256(raw_path.encode()).hexdigest()
    return {
        "document_id": digest[:20],
        "source": raw_path.split("/")[0],
        "raw_path": raw_path,
        "raw_record": 0,
        "raw_member": None,
        "raw_sha256": digest,
        "raw_bytes": len(text.encode()),
        "media_type": "text/plain",
        "encoding": "utf-8",
        "url": None,
        "retrieved_at": datetime(2021, 3, 4, 12, tzinfo=UTC),
        "text": text,
        "marks": [{"start": 0, "end": len(HEADLINE), "tag": "h1"}],
        "hints": None,
    }


def reject(raw_path: str, stage: str, reason: str, duplicate_of: str | None = None) -> dict[str, Any]:
    return {
        "raw_path": raw_path,
        "raw_record": 0,
        "raw_member": None,
        "raw_sha256": None,
        "raw_bytes": 0,
        "stage": stage,
        "reason": reason,
        "detail": "in words",
        "duplicate_of": duplicate_of,
    }


def add_blocks(rows: Rows, document_id: str, text: str, paragraphs_of_lines: list[int | None]) -> None:
    """One block for each line of `text` that is not blank; `paragraphs_of_lines` has None outside the body."""
    position, index = 0, 0
    for line in text.split("\n"):
        if line.strip():
            start = position + len(line) - len(line.lstrip())
            paragraph = paragraphs_of_lines[index]
            rows["blocks"].append(
                {
                    "document_id": document_id,
                    "block_index": index,
                    "start": start,
                    "end": start + len(line.strip()),
                    "paragraph_index": paragraph,
                    "label": "other" if paragraph is None else "body",
                    "method": "line_model",
                    "score": 0.123,
                }
            )
            index += 1
        position += len(line) + 1


def add_sentences(rows: Rows, article_id: str, text: str, body: str) -> None:
    end, index = 0, 0
    for paragraph_index, paragraph in enumerate(PARAGRAPHS):
        for sentence in paragraph:
            start = body.index(sentence, end)
            end = start + len(sentence)
            # The first sentence is wrapped in the document: its newline there is a space here, one for one.
            document_start = text.replace("\n", " ").index(sentence)
            rows["sentences"].append(
                {
                    "sentence_id": f"{article_id}-{index}",
                    "article_id": article_id,
                    "sentence_index": index,
                    "paragraph_index": paragraph_index,
                    "start": start,
                    "end": end,
                    "document_start": document_start,
                    "document_end": document_start + len(sentence),
                    "text": sentence,
                    "in_quotation": False,
                }
            )
            index += 1


def add_article(rows: Rows, raw_path: str) -> None:
    body = "\n\n".join(" ".join(paragraph) for paragraph in PARAGRAPHS)
    wrapped = body.replace("interior said", "interior\nsaid")
    text = f"{HEADLINE}\n \t \n{wrapped}\n\n{FOOTER}\n"
    of = document(raw_path, text)
    rows["documents"].append(of)
    add_blocks(rows, of["document_id"], text, [None, 0, 0, 1, None])
    rows["articles"].append(
        {
            "article_id": of["document_id"],
            "source": of["source"],
            "headline": HEADLINE,
            "description": "A deck",
            "body": body,
            "in_language": "en",
            "paragraph_count": len(PARAGRAPHS),
            "word_count": len(body.split()),
        }
    )
    metadata = dict.fromkeys(tables()["metadata"].names)
    metadata |= {name: of[name] for name in metadata if name in of}
    metadata |= {
        "article_id": of["document_id"],
        "date_published": datetime(2021, 3, 2, 9, 30),
        "date_published_text": "2 March 2021, 9:30",
        "date_published_precision": "minute",
        "date_published_utc": datetime(2021, 3, 2, 8, 30, tzinfo=UTC),
        "date_modified": datetime(2021, 3, 3),
        "byline": "By Ann Other",
        "authors": ["Ann Other"],
        "article_section": "World",
        "keywords": [],
        "publisher": "The Wire",
        "time_required_minutes": 2,
        "images": [{"caption": "A café", "credit": None}],
        "dateline": "BEIRUT, March 2",
        "language_score": 0.987,
    }
    rows["metadata"].append(metadata)
    add_evidence(rows, rows["articles"][-1] | metadata)
    add_sentences(rows, of["document_id"], text, body)


def add_evidence(rows: Rows, values: dict[str, Any]) -> None:
    """A row for each value, on the first line; a headline that was not chosen and a hint come last."""
    printed = {"date_published": values["date_published_text"], "date_modified": "3 March", "authors": "Ann Other",
               "time_required_minutes": "2 minutes", "images": "A café"}  # fmt: skip
    named = ["headline", "description", "byline", "article_section", "publisher", "dateline", *printed]
    found = [(field, printed.get(field) or values[field], True, "line", 0, None) for field in named]
    found += [("headline", "Menu", False, "line", 1, None), ("headline", "Home", False, "hint", None, "title")]
    names = tables()["evidence"].names[2:]
    rows["evidence"] += [
        {"article_id": values["article_id"], "evidence_index": index} | dict(zip(names, row, strict=True))
        for index, row in enumerate(found)
    ]


def valid_rows() -> Rows:
    """Three articles of two sources, a document without an article, a duplicate and an empty record."""
    rows: Rows = {name: [] for name in tables()}
    for raw_path in ("news/a.txt", "news/b.txt", "wire/2.txt"):
        add_article(rows, raw_path)
    bare = document("wire/9.txt", "Menu\nSearch\n")
    bare["marks"] = []
    rows["documents"].append(bare)
    add_blocks(rows, bare["document_id"], bare["text"], [None, None])
    rows["rejects"] = [
        reject("news/c.txt", "ingest", "exact_duplicate", rows["documents"][0]["document_id"]),
        reject("wire/1.txt", "ingest", "empty"),
        reject("wire/9.txt", "extract", "no_article") | {"raw_sha256": bare["raw_sha256"]},
    ]
    empty = dict.fromkeys(tables()["sources"].names) | {"furniture": []}
    rows["sources"] = [empty | {"source": "news", "date_order": "day_month"}, empty | {"source": "wire"}]
    return rows


def write_part(path: Path, table: str, rows: list[dict[str, Any]], schema: pa.Schema | None = None) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(rows, schema=schema or arrow_schema(table)), path)


def write_parts(folder: Path, table: str, rows: list[dict[str, Any]], first: int) -> None:
    write_part(folder / "part-0.parquet", table, rows[:first])
    write_part(folder / "part-1.parquet", table, rows[first:])


def write_corpus(folder: Path, rows: Rows, raw_records: int | None = 6) -> None:
    """Writes each table as two parts, the first with the rows of the first document (and the first source)."""
    for name in tables():
        if name == "rejects":
            extract = [row for row in rows[name] if row["stage"] == "extract"]
            ingest = [row for row in rows[name] if row["stage"] != "extract"]
            write_parts(folder / "rejects/ingest", name, ingest, 0)
            write_parts(folder / "rejects/extract", name, extract, 0)
        else:
            write_parts(folder / name, name, rows[name], _ROWS_OF_THE_FIRST[name])
    (folder / ".state").mkdir(exist_ok=True)
    if raw_records is not None:
        (folder / ".state/accounting.json").write_text(json.dumps({"raw_records": raw_records}))


_VALID = valid_rows()
_FIRST = _VALID["documents"][0]["document_id"]
_ROWS_OF_THE_FIRST = {
    name: sum(_FIRST in (row.get("document_id"), row.get("article_id")) for row in rows)
    for name, rows in _VALID.items()
} | {"sources": 1}


@pytest.fixture
def rows() -> Rows:
    """Rows of a valid corpus, to be changed at will."""
    return copy.deepcopy(_VALID)


@pytest.fixture
def build(tmp_path: Path) -> Callable[..., Path]:
    """Writes rows as a corpus and gives its folder."""

    def write(rows: Rows, raw_records: int | None = 6, name: str = "corpus") -> Path:
        write_corpus(tmp_path / name, rows, raw_records)
        return tmp_path / name

    return write
