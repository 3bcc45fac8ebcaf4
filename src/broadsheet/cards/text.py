"""What the cards in Markdown and YAML share."""

import io
from collections.abc import Iterator
from typing import Any

from ruamel.yaml import YAML

from broadsheet.cards.facts import Facts
from broadsheet.schema import tables


def yaml_of(value: dict[str, Any]) -> str:
    """A mapping as YAML, in its own order."""
    writer, out = YAML(), io.StringIO()
    writer.allow_unicode, writer.default_flow_style, writer.width = True, False, 100
    writer.dump(value, out)
    return out.getvalue()


def cell(value: object) -> str:
    """A value as a cell of a Markdown table: one line, with nothing that ends the cell or opens markup."""
    text = " ".join(str("" if value is None else value).split())
    return "".join(f"\\{character}" if character in "\\|`*_<>[]" else character for character in text)


def sources_table(facts: Facts) -> Iterator[str]:
    """Each source with what its source.yaml states."""
    yield "| source | title | publisher | licence | url |"
    yield "|---|---|---|---|---|"
    for source in facts.sources:
        row = (source["source"], source["title"], source["publisher"], source["licence"] or "not stated", source["url"])
        yield "| " + " | ".join(map(cell, row)) + " |"


def rows_table(facts: Facts) -> Iterator[str]:
    """Each table with its rows and what a row is."""
    yield "| table | rows | what it holds |"
    yield "|---|---|---|"
    for name, table in sorted(tables().items()):
        yield f"| `{name}` | {facts.metrics[name]:,} | {cell(table.description)} |"
