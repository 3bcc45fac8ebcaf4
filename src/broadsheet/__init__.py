"""broadsheet: raw dumps of news articles to checked Parquet tables of articles, sentences and metadata."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from broadsheet.page import Page, extract_page
    from broadsheet.sentences import split_sentences
    from broadsheet.tables import read_table

__all__ = ["Page", "extract_page", "read_table", "split_sentences"]

_HOMES = {
    "Page": "broadsheet.page",
    "extract_page": "broadsheet.page",
    "read_table": "broadsheet.tables",
    "split_sentences": "broadsheet.sentences",
}


def __getattr__(name: str) -> Any:
    # Loaded on first use (PEP 562), so that importing the package costs nothing.
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
