"""Rows of JSON, CSV, Parquet and feeds: which column is what, and the row's payload."""

import base64
import json
import math
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from broadsheet.column_names import column_names
from broadsheet.readers.payloads import Failure, Found, Payload, Reading

# What looks like an element of a page, at the beginning of a column.
_MARKUP = re.compile(r"<(?:!doctype html|/?(?:html|head|body|p|div|br|h[1-6]|a|span|article|section|ul|img)\b)", re.I)
_MARKUP_CHARACTERS = 4000
_STATED_LISTS = ("authors", "keywords")
_DEEPEST = 64
_STATED = (
    "headline", "description", "date_published", "date_modified", "authors", "in_language", "url", "publisher",
    "article_section", "keywords",
)  # fmt: skip


def canonical_json(row: Any, errors: str = "strict") -> bytes:
    """JSON with sorted keys, no blanks, in UTF-8. Raises ValueError on what cannot be written so."""
    try:
        text = json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
        return text.encode("utf-8", errors)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def plain_value(value: Any) -> Any:
    """A value of Arrow or XML as one of JSON: times in ISO 8601, bytes as UTF-8 or else base64, NaN as null."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, str | int | bool):
        return value
    if isinstance(value, dict):
        return {str(key): plain_value(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [plain_value(entry) for entry in value]
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError:
            return base64.b64encode(value).decode()
    return str(value) if isinstance(value, Decimal) else repr(value)


def _entry(row: dict[str, Any], name: str) -> Any:
    """The value under a name, or under a path of names."""
    if name in row:
        return row[name]
    first, _, rest = name.partition(".")
    inner = row.get(first)
    if rest and isinstance(inner, dict):
        return _entry({str(key).lower(): value for key, value in inner.items()}, rest)
    return None


def _paragraphs(value: Any, depth: int = 0) -> Iterator[str]:
    """The strings of a text that comes as a list or as sections, in the order in which they are read."""
    if isinstance(value, str):
        if value.strip():
            yield value
    elif isinstance(value, list) and depth < _DEEPEST:
        for entry in value:
            yield from _paragraphs(entry, depth + 1)
    elif isinstance(value, dict) and depth < _DEEPEST:
        for key in ("summary", "headline", "text", "paragraphs", "sections"):
            yield from _paragraphs(value.get(key), depth + 1)


def _strings(value: Any) -> list[str]:
    """What a field states, as strings: of a list its entries, of a record its name."""
    if isinstance(value, dict):
        value = value.get("name")
    if isinstance(value, list):
        return [text for entry in value[:1000] if not isinstance(entry, list) for text in _strings(entry)]
    text = "" if value is None or isinstance(value, bool | dict) else str(value).strip()
    return [text] if text else []


def _time(text: str) -> datetime | None:
    """A time of retrieval in UTC, which one without a zone is taken to be in; None where it is none."""
    if text.isdigit() and len(text) == 14:  # as archives of the web write it
        text = f"{text[:8]}T{text[8:]}"
    try:
        found = datetime.fromisoformat(text)
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def _lists(text: str) -> list[str]:
    """Entries of a cell that holds a list: JSON's, or one of Python, as pandas writes it."""
    if text.startswith("[") and text.endswith("]"):
        try:
            return _strings(json.loads(text))
        except (ValueError, RecursionError):
            entries = re.findall(r"'([^']*)'|\"([^\"]*)\"", text)
            return [one or other for one, other in entries if one or other]
    return [text]


def _named(row: dict[str, Any], ours: str, columns: dict[str, str]) -> Any:
    if ours in columns:
        return _entry(row, columns[ours].lower())
    for theirs in column_names()[ours]:
        value = _entry(row, theirs)
        if value not in (None, "", [], {}):
            return value
    return None


def _visible(row: dict[str, Any], columns: dict[str, str]) -> tuple[str, str]:
    """The text or HTML of a row and its media type; an empty text where no column has any."""
    wanted = ("text",) if "text" in columns and "html" not in columns else ("html", "text")
    for ours in wanted:
        text = "\n\n".join(_paragraphs(_named(row, ours, columns)))
        if text:
            markup = _MARKUP.search(text, 0, _MARKUP_CHARACTERS)
            return text, "text/html" if markup else "text/plain"
    return "", "text/plain"


def read_row(row: dict[str, Any], content: bytes, encoding: str, reading: Reading, **context: Any) -> Found:
    """A row as a payload, `content` being its line or canonical JSON; `context` is what its container states."""
    columns = dict(reading.columns)
    folded = {str(key).strip().lower(): value for key, value in row.items()}
    visible, media_type = _visible(folded, columns)
    if not visible:
        known = {columns.get("html"), columns.get("text"), *column_names()["html"], *column_names()["text"]}
        if not known.isdisjoint(folded):
            return Failure("empty", "the column of the text is empty", content, reading.member)
        names = ", ".join(sorted(str(key) for key in row)[:12])[:200]
        detail = f"no column of text is known among: {names}; name it in source.yaml under columns: text"
        return Failure("unsupported", detail, content, reading.member)
    stated: dict[str, Any] = dict(context)
    for ours in _STATED:
        found = _strings(_named(folded, ours, columns))
        if found and ours in _STATED_LISTS:
            stated[ours] = [entry for text in found for entry in _lists(text)]
        elif found:
            stated[ours] = found[0]
    retrieved = _strings(_named(folded, "retrieved_at", columns))
    return Payload(
        content=content,
        member=reading.member,
        media_type=media_type,
        encoding=encoding,
        url=stated.get("url"),
        retrieved_at=_time(retrieved[0]) if retrieved else None,
        visible=visible,
        stated=stated,
    )
