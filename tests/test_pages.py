"""Golden pages: dumps of raw/ with what a careful reader sees in them."""

import json
from functools import cache
from pathlib import Path

import pytest

from broadsheet import read_table
from broadsheet.page import Page, read_page
from broadsheet.parameters import read_parameters
from broadsheet.readers import percent_encoded
from broadsheet.records import RawRecord
from broadsheet.sources import read_source_file
from broadsheet.stages.extract import read_sources
from tests.conftest import RAW

PAGES = sorted((Path(__file__).parent / "pages").glob("*.json"))
WEAKNESSES = json.loads((Path(__file__).parent / "pages-weaknesses.json").read_text(encoding="utf-8"))
VALUES = (
    "headline", "description", "byline", "authors", "date_published", "date_published_precision", "date_modified",
    "time_required_minutes", "in_language", "article_section", "keywords", "dateline", "images", "body", "reject",
)  # fmt: skip


@cache
def read(path: str, corpus: Path) -> Page:
    source = path.rsplit("/", 1)[0]
    record = RawRecord(source, path, 0, None, (RAW / path).read_bytes())
    return read_page(record, read_source_file(RAW, source), read_sources(corpus)[source], read_parameters())


def rejected_as_copy(path: str, corpus: Path) -> bool:
    """Whether the corpus rejected a dump as a copy of another, which no page alone can tell."""
    rejects = read_table("rejects", corpus, filters=[("raw_path", "==", percent_encoded(path.encode()))])
    return list(rejects["reason"]) == ["exact_duplicate"]


def found_value(page: Page, name: str) -> object:
    if name == "reject":
        return page.reject.reason if page.reject else None
    if page.article is None or page.metadata is None:
        return "no article"
    if name == "body":
        return page.article.body.split("\n\n")
    value = getattr(page.article if name in ("headline", "description", "in_language") else page.metadata, name)
    if name in ("date_published", "date_modified"):
        return value and value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def cases() -> list:
    found = []
    for path in PAGES:
        golden = json.loads(path.read_text(encoding="utf-8"))
        for name in VALUES:
            if name not in golden or (golden["reject"] is not None and name != "reject"):
                continue
            reason = WEAKNESSES.get(f"{golden['path']} {name}")
            marks = [pytest.mark.xfail(strict=True, reason=reason)] if reason else []
            found.append(pytest.param(golden, name, id=f"{golden['path']} {name}", marks=marks))
    return found


@pytest.mark.parametrize(("golden", "name"), cases())
def test_page(golden: dict, name: str, corpus: Path) -> None:
    if golden["reject"] == "exact_duplicate":
        assert rejected_as_copy(golden["path"], corpus)
    else:
        assert found_value(read(golden["path"], corpus), name) == golden[name]
