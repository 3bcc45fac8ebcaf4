"""Golden HTML pages: what a careful reader, who may look at the source, says of them."""

import json
from pathlib import Path

import pytest

from broadsheet import extract_page

PAGES = sorted((Path(__file__).parent / "html_pages").glob("*.html"))
OF_ARTICLE = ("headline", "description", "in_language")


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_page(path: Path) -> None:
    golden = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    first, last = golden.pop("first_words"), golden.pop("last_words")
    page = extract_page(path.read_bytes(), media_type="text/html")
    assert page.article is not None and page.metadata is not None
    for name, value in golden.items():
        found = getattr(page.article if name in OF_ARTICLE else page.metadata, name)
        if name.startswith("date_"):
            found = found and found.isoformat()
        assert (list(found) if isinstance(found, tuple) else found) == value, name
    assert page.article.body.startswith(first)
    assert page.article.body.endswith(last)
