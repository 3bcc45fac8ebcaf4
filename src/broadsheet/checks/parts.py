"""The part files of a table: where they lie, and what their footers say."""

from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from broadsheet.schema import Table, arrow_schema
from broadsheet.stages import STAGES


@dataclass(frozen=True)
class Problem:
    """What is wrong with one part; `part` is a path below the corpus, POSIX."""

    part: str
    problem: str


@dataclass(frozen=True)
class Parts:
    """The parts of a table in order of their names; `readable` is False where one has no footer or there is none.

    `sizes` are the bytes of the rows of each part, decompressed, where its footer was read.
    """

    files: tuple[Path, ...]
    problems: tuple[Problem, ...]
    readable: bool
    sizes: dict[Path, int] = field(default_factory=dict)


def stages_until(table: Table, stage: str) -> tuple[str, ...]:
    """The stages that write `table` and do not come after `stage`.

    A table is read up to the stage that is checked, so that what a later stage left there in an earlier build
    does not change the report.
    """
    return tuple(name for name in STAGES if name in table.stages and STAGES.index(name) <= STAGES.index(stage))


def part_folders(folder: Path, table: Table, stage: str) -> tuple[Path, ...]:
    """Folders that hold the parts of `table` once `stage` has run."""
    if len(table.stages) == 1:
        return (folder / table.name,)
    return tuple(folder / table.name / name for name in stages_until(table, stage))


def find_parts(folder: Path, table: Table, stage: str, passed: Collection[str] = frozenset()) -> Parts:
    """The parts of `table` in the corpus `folder`, with what is wrong with them; raises nothing on bad files.

    The footers of parts whose names are in `passed` are not read again.
    """
    files: list[Path] = []
    problems: list[Problem] = []
    sizes: dict[Path, int] = {}
    readable = True
    for part_folder in part_folders(folder, table, stage):
        try:
            entries = sorted(part_folder.iterdir()) if part_folder.is_dir() else []
        except OSError as error:
            problems.append(Problem(f"{_below(part_folder, folder)}/", f"cannot be listed ({type(error).__name__})"))
            readable = False
            continue
        found = [entry for entry in entries if entry.suffix == ".parquet" and entry.is_file()]
        if not found:
            problems.append(Problem(f"{_below(part_folder, folder)}/", "there is no part file here"))
            readable = False
        strangers = [entry for entry in entries if entry not in found]
        problems += [Problem(_below(entry, folder), "is not a Parquet part") for entry in strangers]
        files += found
    for file in (each for each in files if each.name not in passed):
        try:
            footer = pq.read_metadata(file)
            schema = footer.schema.to_arrow_schema()
        except (pa.ArrowException, OSError) as error:
            # Arrow's text may hold the path of the machine; the kind of error says enough.
            problems.append(Problem(_below(file, folder), f"not readable as Parquet ({type(error).__name__})"))
            readable = False
            continue
        sizes[file] = sum(footer.row_group(index).total_byte_size for index in range(footer.num_row_groups))
        problems += [
            Problem(_below(file, folder), text) for text in schema_differences(schema, arrow_schema(table.name))
        ]
    return Parts(tuple(files), tuple(problems), readable, sizes)


def parts_by_name(parts: dict[str, Parts], except_for: str) -> dict[str, dict[str, Parts]]:
    """For each name of a file the parts of each table that have it: those of the same documents.

    Nothing where a table but `except_for` has other names than the rest, or something is wrong with a part.
    """
    by_folder: dict[Path, set[str]] = {}
    found: dict[str, dict[str, list[Path]]] = {}
    for table, own in parts.items():
        if own.problems or not own.readable:
            return {}
        for file in own.files if table != except_for else ():
            by_folder.setdefault(file.parent, set()).add(file.name)
            found.setdefault(file.name, {}).setdefault(table, []).append(file)
    if any(names != found.keys() for names in by_folder.values()):
        return {}
    return {
        name: {
            table: Parts(tuple(files), (), True, {file: parts[table].sizes.get(file, 0) for file in files})
            for table, files in tables.items()
        }
        for name, tables in found.items()
    }


def first_broken(files: tuple[Path, ...]) -> Path | None:
    """The first of the parts whose rows cannot be read, by reading them all, a row group at a time."""
    for file in files:
        try:
            with pq.ParquetFile(file) as part:
                for group in range(part.num_row_groups):
                    part.read_row_group(group)
        except (pa.ArrowException, OSError):
            return file
    return None


def schema_differences(found: pa.Schema, declared: pa.Schema) -> list[str]:
    """What differs between a part's schema and the declared one: columns, order, types, nullability, version."""
    if found.equals(declared, check_metadata=True):
        return []
    differences = [f"column {name} is missing" for name in declared.names if name not in found.names]
    differences += [f"column {name} is not declared" for name in found.names if name not in declared.names]
    if not differences and found.names != declared.names:
        differences.append(f"columns are in another order: {', '.join(found.names)}")
    for expected in declared:
        if len(found.get_all_field_indices(expected.name)) != 1:
            continue
        other = found.field(expected.name)
        if not other.type.equals(expected.type):
            differences.append(f"column {expected.name} is {other.type}, not {expected.type}")
        elif other.nullable != expected.nullable:
            differences.append(f"column {expected.name} is {_nullability(other)}, not {_nullability(expected)}")
    metadata = found.metadata or {}
    for key, value in sorted((declared.metadata or {}).items()):
        if metadata.get(key) != value:
            stated = repr(metadata[key].decode(errors="replace")) if key in metadata else "missing"
            differences.append(f"metadata {key.decode()} is {stated}, not {value.decode()!r}")
    return differences


def _nullability(field: pa.Field) -> str:
    return "nullable" if field.nullable else "not nullable"


def _below(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix()
