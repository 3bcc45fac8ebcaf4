"""What stages keep from build to build, so that only what changed is made again.

`OUT/.state/<stage>/<place>.json` says of one part from what it was made (`key`, and of parts `inputs`) and which files
it became. What is kept is decided by content alone: a part is taken over when its key is the same and its files have
the stated SHA-256; of a part with another key the rows of those documents are taken over whose own keys are the same,
and `TakenOver` says of which files they are, so that a check need not ask them again. All of it may be deleted at any
time, which costs the time to make it again and never changes a byte of the tables.
"""

import contextlib
import hashlib
import json
import os
import platform
import re
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

import broadsheet
from broadsheet.collection import no_search_for_cycles
from broadsheet.resources import resource_path
from broadsheet.stages.described import leave
from broadsheet.tables import file_sha256, former_folders, least_text, part_name, read_part, write_part, write_text

_DIGITS = 16  # of a document's key
NOTHING_KNOWN: Mapping[str, str] = MappingProxyType({})
# Share of a part's documents that are made anew, above which what it took over is not told.
_MOST_FRESH = 0.25


def key_of(*values: Any) -> str:
    """A name for values, by their `repr`: the same for the same values."""
    return hashlib.sha256("\n".join(map(repr, values)).encode("utf-8", "surrogatepass")).hexdigest()[:32]


@cache
def code_key() -> str:
    """A name for all that decides what is made of the same input: code, schemas, libraries and Python."""
    found: list[tuple[str, str]] = [("python", platform.python_version())]
    for root in (Path(broadsheet.__file__).parent, resource_path("schemas")):
        files = (path for path in root.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
        found += [(path.relative_to(root).as_posix(), file_sha256(path)) for path in sorted(files)]
    # Extras are no part of it: where a part is made changes nothing in it.
    for requirement in (each for each in requires("broadsheet") or () if "extra ==" not in each):
        name = re.split(r"[^A-Za-z0-9._-]", requirement, maxsplit=1)[0]
        with contextlib.suppress(PackageNotFoundError):
            found.append((name, version(name)))
    return key_of(found)


def entry_path(out: Path, stage: str, place: str) -> Path:
    """Where the entry of a part lies; `place` is what a part is known by when its content changes."""
    return out / ".state" / stage / f"{place}.json"


def read_entry(path: Path) -> dict[str, Any] | None:
    """The entry of a part, or None where there is none that can be read."""
    try:
        entry = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    return entry if isinstance(entry, dict) and "key" in entry else None


def write_entry(path: Path, entry: dict[str, Any]) -> None:
    """Write the entry of a part, unless it is already there."""
    # With indents, as in files that people read, json takes ten times as long.
    text = json.dumps(entry, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"
    with contextlib.suppress(OSError):
        if path.read_bytes() == text.encode():
            return
    write_text(path, text)


def keep_only(out: Path, stage: str, names: Iterable[str]) -> None:
    """Remove what the state of a stage holds beside the files `names`."""
    wanted = set(names)
    for path in list((out / ".state" / stage).glob("*")):
        if path.name not in wanted:
            path.unlink()


def _kept_file(out: Path, table: str, file: dict[str, str]) -> Path | None:
    """Where the file of an entry lies unchanged, or None."""
    for folder in former_folders(out / table):
        path = folder / file["name"]
        with contextlib.suppress(OSError):
            if file_sha256(path) == file["sha256"]:
                return path
    return None


def kept_files(out: Path, entry: dict[str, Any]) -> dict[str, Path] | None:
    """The files of an entry by table, or None where one is missing or changed."""
    found = {table: _kept_file(out, table, file) for table, file in entry["files"].items()}
    return None if None in found.values() else {table: path for table, path in found.items() if path}


def _link(path: Path, place: Path) -> None:
    """The same file at another place, without a second copy where the file system can."""
    # A link to a symbolic one, which DVC may have put there, would be no file.
    path = path.resolve() if path.is_symlink() else path
    place.unlink(missing_ok=True)
    try:
        os.link(path, place)
    except OSError:
        shutil.copyfile(path, place)


def put(files: dict[str, Path], folders: dict[str, Path], name: str) -> None:
    """Put kept files into the new folders of their tables, under a name."""
    for table, path in files.items():
        _link(path, folders[table] / name)


def take_over(out: Path, entry: dict[str, Any] | None, key: str, folders: dict[str, Path], index: int) -> bool:
    """Put a kept part into new folders as part `index`; False where it was made from something else or is gone."""
    if entry is None or entry["key"] != key or not (files := kept_files(out, entry)):
        return False
    put(files, folders, part_name(index))
    return True


@dataclass(frozen=True, slots=True)
class TakenOver:
    """What a part has of an earlier one: of all its documents but those that are `fresh`, the rows of some `tables`.

    `earlier` and `now` are the SHA-256 of the files of both by table, and of the files that they were made from.
    """

    tables: frozenset[str]
    earlier: dict[str, str]
    now: dict[str, str]
    fresh: frozenset[str]


@dataclass(frozen=True, slots=True)
class Made:
    """A part as a stage's worker hands it back: its place, its index, and the SHA-256 of its files by table.

    `groups` has a key of all that was made of each group of its documents; `taken_over` is there where most of its rows
    are those of an earlier part.
    """

    place: str
    index: int
    digests: dict[str, str]
    groups: dict[str, str]
    taken_over: TakenOver | None = None

    @property
    def files(self) -> dict[str, str]:
        """SHA-256 of each file by its path below OUT."""
        return {f"{table}/{part_name(self.index)}": digest for table, digest in self.digests.items()}


@dataclass(frozen=True, slots=True)
class Written:
    """What a stage has written: SHA-256 of its files by path below OUT, and by file name what parts took over."""

    files: dict[str, str]
    taken_over: Mapping[str, TakenOver] = field(default_factory=dict)


def written(parts: Sequence[Made]) -> Written:
    """All parts of a stage together."""
    return Written(
        {path: digest for part in parts for path, digest in part.files.items()},
        {part_name(part.index): part.taken_over for part in parts if part.taken_over},
    )


def part_files(index: int, digests: dict[str, str]) -> dict[str, dict[str, str]]:
    """Files of an entry: name and SHA-256 of part `index` by table."""
    return {table: {"name": part_name(index), "sha256": digest} for table, digest in digests.items()}


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a stage that makes rows document by document.

    `folders` are the new folders of its tables, `inputs` the SHA-256 of the part of each table that it is made from,
    `key` names these and all else that it is made from, `place` is empty where it has no document. With `complete`
    False a document did not get its due, and nothing is kept for the next build. `covered` are those inputs of which
    a document's key covers all that they have of it.
    """

    out: Path
    stage: str
    index: int
    folders: dict[str, Path]
    inputs: dict[str, str]
    key: str
    place: str
    complete: bool
    covered: frozenset[str] = frozenset()


def known_of(out: Path, part: Path, known_files: Mapping[str, str]) -> str:
    """The SHA-256 of a part among `known_files`, which are those by path below `out`; empty where it is not known."""
    return known_files.get(part.relative_to(out).as_posix(), "")


def place_of(part: Path, ids: str) -> str:
    """The place of a part of documents: the least of its `ids`, a column, which seldom changes when a document does."""
    return least_text(part, ids) or ""


def _no_groups() -> dict[str, str]:
    return {}


def bring_up_to_date(
    part: Part,
    keys: Callable[[], dict[str, str]],
    make: Callable[[set[str]], dict[str, pa.Table]],
    groups: Callable[[], dict[str, str]] = _no_groups,
) -> Made:
    """Take over a kept part, or make it with the kept rows of unchanged documents.

    `keys()` gives the key of each document by its id, in order of the rows and each with all that it is made
    from; `make(ids)` the tables of these documents; `groups()` the group of documents by id, as far as they are in one.
    """
    path = entry_path(part.out, part.stage, part.place)
    before = read_entry(path) if part.place else None
    if take_over(part.out, before, part.key, part.folders, part.index):
        assert before is not None
        made = Made(part.place, part.index, _digests(before), before["groups"])
        entry = before | {"files": part_files(part.index, made.digests)}
    else:
        made, entry = _made_again(part, before, keys, make, groups)
    if part.place and entry != before:
        write_entry(path, entry)
    return made


def _digests(entry: dict[str, Any]) -> dict[str, str]:
    return {table: file["sha256"] for table, file in entry["files"].items()}


@no_search_for_cycles()
def _made_again(
    part: Part,
    entry: dict[str, Any] | None,
    keys: Callable[[], dict[str, str]],
    make: Callable[[set[str]], dict[str, pa.Table]],
    groups: Callable[[], dict[str, str]],
) -> tuple[Made, dict[str, Any]]:
    """Write a part, with the rows of documents that the part of an earlier `entry` has; and its new entry."""
    by_id = keys()
    kept = _kept_rows(part, entry, by_id)
    fresh = frozenset(by_id.keys() - kept.ids)
    tables = {
        name: _in_order(name, table, kept.tables.get(name), list(by_id)) for name, table in make(set(fresh)).items()
    }
    paths = {name: part.folders[name] / part_name(part.index) for name in tables}
    digests = {name: write_part(paths[name], table) for name, table in tables.items()}
    leave(part.out, code_key(), {name: (tables[name], paths[name], digests[name]) for name in tables})
    taken_over = None
    if entry and part.complete and len(fresh) <= _MOST_FRESH * len(by_id) and _has_rows(tables, kept):
        same = frozenset({*tables, *part.covered})
        taken_over = TakenOver(same, entry["inputs"] | _digests(entry), part.inputs | digests, fresh)
    keys_of_groups = _keys_of_groups(by_id if part.complete else dict.fromkeys(by_id, str(digests)), groups())
    return Made(part.place, part.index, digests, keys_of_groups, taken_over), {
        "key": part.key if part.complete else "",
        "inputs": part.inputs,
        "groups": keys_of_groups,
        "documents": "".join(id_ + key for id_, key in by_id.items()) if part.complete else "",
        "files": part_files(part.index, digests),
    }


def _keys_of_groups(keys: dict[str, str], groups: dict[str, str]) -> dict[str, str]:
    """A key of each group of documents, by the `keys` of its documents."""
    members: dict[str, list[str]] = {}
    for document_id, group in groups.items():
        members.setdefault(group, []).append(keys[document_id])
    return {group: key_of(own) for group, own in members.items()}


@dataclass(frozen=True, slots=True)
class _Rows:
    """Rows of documents by table."""

    ids: frozenset[str]
    tables: dict[str, pa.Table]


def _kept_rows(part: Part, entry: dict[str, Any] | None, keys: dict[str, str]) -> _Rows:
    """The rows of an earlier part that belong to documents whose keys are the same."""
    text = entry.get("documents", "") if entry else ""
    width = 20 + _DIGITS
    earlier = {text[at : at + 20]: text[at + 20 : at + width] for at in range(0, len(text), width)}
    ids = frozenset(id_ for id_, key in keys.items() if earlier.get(id_) == key)
    files = kept_files(part.out, entry) if entry and ids else None
    if not files:
        return _Rows(frozenset(), {})
    wanted = pa.array(sorted(ids))
    tables = {}
    for name, path in files.items():
        table = read_part(path)
        tables[name] = table.filter(pc.is_in(_document_ids(name, table), wanted))
    return _Rows(ids, tables)


def _has_rows(tables: Mapping[str, pa.Table], kept: _Rows) -> bool:
    """Whether the rows that tables have of kept documents are those that were kept: none more, less, or in between."""
    wanted = pa.array(sorted(kept.ids))
    return kept.tables.keys() == tables.keys() and all(
        table.filter(pc.is_in(_document_ids(name, table), wanted)).equals(kept.tables[name])
        for name, table in tables.items()
    )


def _document_ids(name: str, table: pa.Table) -> pa.ChunkedArray:
    """Which document each row of a table is about."""
    if name.startswith("rejects"):
        return pc.utf8_slice_codeunits(table["raw_sha256"], 0, 20)
    return table["document_id" if "document_id" in table.column_names else "article_id"]


def _in_order(name: str, fresh: pa.Table, kept: pa.Table | None, ids: Sequence[str]) -> pa.Table:
    """Fresh and kept rows together, in order of their documents."""
    if kept is None:
        return fresh
    table = pa.concat_tables([kept.cast(fresh.schema), fresh])
    rank = pc.index_in(_document_ids(name, table), pa.array(ids, pa.string())).to_numpy()
    return table.take(np.argsort(rank, kind="stable"))


def document_key(*values: Any) -> str:
    """The key of one document: as `key_of`, and quicker for texts and bytes."""
    digest = hashlib.sha256()
    for value in values:
        content = value
        if not isinstance(content, (bytes, memoryview)):
            content = (value if isinstance(value, str) else repr(value)).encode("utf-8", "surrogatepass")
        digest.update(len(content).to_bytes(8, "little"))
        digest.update(content)
    return digest.hexdigest()[:_DIGITS]
