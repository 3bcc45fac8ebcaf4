"""source.yaml: what a source says that its dumps do not, in one place beside them."""

import zoneinfo
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from broadsheet.column_names import known_columns
from broadsheet.encodings import codec_name
from broadsheet.errors import UsageError
from broadsheet.languages import is_language_tag
from broadsheet.resources import parse_yaml
from broadsheet.storage import Place, read_file


@dataclass(frozen=True, slots=True)
class SourceFile:
    """What a source.yaml states, each part optional; `retrieved_at` is aware, in UTC."""

    title: str | None = None
    publisher: str | None = None
    url: str | None = None
    licence: str | None = None
    retrieved_at: datetime | None = None
    language: str | None = None
    timezone: str | None = None
    date_order: str | None = None
    encoding: str | None = None
    columns: tuple[tuple[str, str], ...] = ()
    furniture: tuple[str, ...] = ()


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("a text is needed")
    return value.strip()


def _time(value: Any) -> datetime:
    try:
        found = value if isinstance(value, datetime) else datetime.fromisoformat(_text(value))
    except ValueError:
        raise ValueError("a time such as 2024-05-01T12:00:00+02:00 is needed") from None
    if found.tzinfo is None:
        raise ValueError("a time with its zone is needed, such as 2024-05-01T12:00:00+02:00")
    return found.astimezone(UTC)


def _timezone(value: Any) -> str:
    name = _text(value)
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"{name!r} is no IANA time zone, such as Europe/Berlin") from None
    return name


def _language(value: Any) -> str:
    if not is_language_tag(_text(value)):
        raise ValueError(f"{value!r} is no BCP 47 language tag, such as de or pt-BR")
    return value.strip()


def _date_order(value: Any) -> str:
    if value not in ("day_month", "month_day"):
        raise ValueError("day_month or month_day is needed")
    return value


def _encoding(value: Any) -> str:
    name = codec_name(_text(value))
    if name is None:
        raise ValueError(f"{value!r} is no encoding that Python knows")
    return name


def _columns(value: Any) -> tuple[tuple[str, str], ...]:
    if not isinstance(value, dict):
        raise ValueError("a mapping of our column to theirs is needed")
    if unknown := [ours for ours in value if ours not in known_columns()]:
        raise ValueError(f"unknown column {unknown[0]!r}; known are {', '.join(known_columns())}")
    return tuple(sorted((_text(ours), _text(theirs)) for ours, theirs in value.items()))


def _furniture(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError("a list of lines is needed")
    return tuple(_text(line) for line in value)


_READERS = {
    "title": _text,
    "publisher": _text,
    "url": _text,
    "licence": _text,
    "retrieved_at": _time,
    "language": _language,
    "timezone": _timezone,
    "date_order": _date_order,
    "encoding": _encoding,
    "columns": _columns,
    "furniture": _furniture,
}


def read_source_file(raw: Place, source: str) -> SourceFile:
    """The source.yaml of a source below `raw`, or an empty one. Raises UsageError that names file, key and cure."""
    name = "source.yaml" if source == "." else f"{source}/source.yaml"
    path = f"{raw}/{name}"
    content = read_file(raw, name)
    if content is None:
        return SourceFile()
    entries = parse_yaml(content, path)
    if entries is None:
        return SourceFile()
    if not isinstance(entries, dict):
        raise UsageError(f"{path}: a mapping of keys is needed; known are {', '.join(_READERS)}")
    found: dict[str, Any] = {}
    for key, value in entries.items():
        if key not in _READERS:
            raise UsageError(f"{path}: unknown key {key!r}; known are {', '.join(_READERS)}")
        try:
            found[key] = _READERS[key](value)
        except ValueError as error:
            raise UsageError(f"{path}: {key}: {error}") from error
    return SourceFile(**found)
