"""The data dictionary: schemas/README.md, generated from schemas/*.yaml.

    python -m broadsheet.dictionary > schemas/README.md

A test fails when the file is not what this prints.
"""

from collections.abc import Iterator

from broadsheet.schema import SCHEMA_VERSION, Column, Table, tables

_ORDER = ("documents", "sources", "blocks", "articles", "metadata", "evidence", "sentences", "rejects")


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _column(column: Column, key: tuple[str, ...]) -> str:
    notes = [f"key {key.index(column.name) + 1} of {len(key)}" if len(key) > 1 else "key"] if column.name in key else []
    notes += [f"one of {column.references}"] if column.references else []
    kind = column.type + ("?" if column.nullable else "")
    return f"| `{column.name}` | {_cell(kind)} | {_cell(column.description)} | {', '.join(notes)} |"


def _table(table: Table) -> Iterator[str]:
    yield f"## {table.name}"
    yield ""
    yield table.description
    written = " and ".join(f"`{stage}`" for stage in table.stages)
    yield f"Written by {written}; sorted by {', '.join(table.order)}."
    yield ""
    yield "| column | type | what it is | notes |"
    yield "|---|---|---|---|"
    yield from (_column(column, table.key) for column in table.columns)
    yield ""
    if table.invariants:
        yield "Checked on every build:"
        yield ""
        for invariant in table.invariants:
            kind = " (warning)" if invariant.severity == "warning" else ""
            yield f"- `{invariant.name}`{kind}: {invariant.description}"
        yield ""


def dictionary() -> str:
    """The data dictionary of all tables, as Markdown."""
    lines = [
        "# Data dictionary",
        "",
        f"Schema version {SCHEMA_VERSION}. Generated from the YAML files beside it by `make dictionary`: do not edit.",
        "Types are Arrow's; `?` marks nullable columns. Offsets are Unicode code points, half-open.",
        "",
    ]
    for name in _ORDER:
        lines += _table(tables()[name])
    return "\n".join(lines).rstrip() + "\n"


if __name__ == "__main__":
    print(dictionary(), end="")
