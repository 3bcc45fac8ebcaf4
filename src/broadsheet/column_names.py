"""What the columns of others are called: column_names.toml."""

import tomllib
from functools import cache
from pathlib import Path


@cache
def column_names() -> dict[str, tuple[str, ...]]:
    """Names that others give each of our columns, in lower case, the likeliest first."""
    entries = tomllib.loads(Path(__file__).with_name("column_names.toml").read_text(encoding="utf-8"))
    return {ours: tuple(theirs) for ours, theirs in entries.items()}


def known_columns() -> tuple[str, ...]:
    """Our columns, which `columns` in a source.yaml may name another's."""
    return tuple(column_names())
