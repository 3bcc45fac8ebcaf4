"""Parameters: params.yaml, whose keys and types are those of the default file."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_type_hints

from broadsheet.errors import UsageError
from broadsheet.resources import read_yaml, resource_path

# What can stand behind corpus-v in a git tag.
_VERSION = re.compile(r"[0-9A-Za-z](?:[0-9A-Za-z.+-]*[0-9A-Za-z])?")


@dataclass(frozen=True, slots=True)
class Ingest:
    """Sizes in bytes; `encoding_confidence` from 0 to 1; few parts have more than twice `part_records`.

    `maximum_ratio` is of expanded to compressed bytes, `maximum_depth` the number of containers in containers.
    """

    maximum_bytes: int
    maximum_ratio: int
    maximum_depth: int
    encoding_confidence: float
    part_records: int
    part_bytes: int
    piece_bytes: int


@dataclass(frozen=True, slots=True)
class Survey:
    """A line is furniture from this share (0 to 1) and number of a source's pages on."""

    furniture_share: float
    furniture_pages: int


@dataclass(frozen=True, slots=True)
class Extract:
    """`minimum_words` of a body that stands alone; whether list items are part of a body."""

    minimum_words: int
    keep_list_items: bool


@dataclass(frozen=True, slots=True)
class Corpus:
    """What cards say of the corpus: its version, apart from the software's, its title, and who made it.

    `creators` are names joined by semicolons. Each is None where the corpus has none yet.
    """

    version: str | None
    title: str | None
    creators: str | None


@dataclass(frozen=True, slots=True)
class Parameters:
    """All parameters, by stage."""

    ingest: Ingest
    survey: Survey
    extract: Extract
    corpus: Corpus


def _section(path: Path, name: str, kind: type, entries: Any) -> Any:
    if not isinstance(entries, dict):
        raise UsageError(f"{path}: {name}: a mapping of parameters is needed")
    wanted = get_type_hints(kind)
    if unknown := [key for key in entries if key not in wanted]:
        raise UsageError(f"{path}: {name}: unknown parameter {unknown[0]!r}; known are {', '.join(wanted)}")
    if missing := [key for key in wanted if key not in entries]:
        raise UsageError(f"{path}: {name}: parameter {missing[0]!r} is missing")
    for key, value in entries.items():
        if wanted[key] == str | None:
            if value is not None and not (isinstance(value, str) and value.strip()):
                raise UsageError(
                    f"{path}: {name}: {key} is {value!r}, but a text in quotation marks is needed, or null"
                )
            if key == "version" and value is not None and not _VERSION.fullmatch(value):
                raise UsageError(f"{path}: {name}: {key} is {value!r}, but one such as 1.0.0 is needed, or null")
            continue
        number = isinstance(value, int | float) and not isinstance(value, bool)
        fits = {bool: isinstance(value, bool), int: number and isinstance(value, int), float: number}[wanted[key]]
        if not fits:
            raise UsageError(f"{path}: {name}: {key} is {value!r}, but {wanted[key].__name__} is needed")
        if number and value < 0:
            raise UsageError(f"{path}: {name}: {key} is {value!r}, but it cannot be negative")
    if kind is Ingest and min(entries[key] for key in ("part_records", "part_bytes", "piece_bytes")) < 1:
        raise UsageError(f"{path}: {name}: part_records, part_bytes and piece_bytes are at least 1")
    return kind(**entries)


def read_parameters(path: Path | None = None) -> Parameters:
    """Parameters of a file, by default those that the package carries. Raises UsageError with file and key."""
    path = path or resource_path("params.yaml")
    if not path.is_file():
        raise UsageError(f"{path}: there is no such file of parameters")
    entries = read_yaml(path)
    kinds = get_type_hints(Parameters)
    if not isinstance(entries, dict) or set(entries) != set(kinds):
        raise UsageError(f"{path}: sections are exactly {', '.join(kinds)}")
    return Parameters(**{name: _section(path, name, kinds[name], entries[name]) for name in kinds})
