"""A release: a folder that can be uploaded as it is, and the check that a downloaded one is whole."""

import csv
import hashlib
import io
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa

from broadsheet.checks.database import ACCOUNTING
from broadsheet.dictionary import dictionary
from broadsheet.errors import UsageError
from broadsheet.schema import tables
from broadsheet.stages import STAGES
from broadsheet.tables import PAGES, check_folder, read_part, replaced_folder, table_parts, write_text

SUMS, LICENCES = "SHA256SUMS", "LICENCES.csv"
_LICENCE_COLUMNS = ("source", "title", "publisher", "licence", "url")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def licences(out: Path) -> str:
    """LICENCES.csv: what each source states of its licence."""
    text = io.StringIO()
    writer = csv.DictWriter(text, _LICENCE_COLUMNS, lineterminator="\n")
    writer.writeheader()
    for part in table_parts(out, "sources"):
        writer.writerows(read_part(part, _LICENCE_COLUMNS).to_pylist())
    return text.getvalue()


def _check_tag(out: Path, version: str | None) -> None:
    """Raise UsageError where git has a corpus tag here that is not that of the version."""
    command = ["git", "tag", "--points-at", "HEAD", "--list", "corpus-v*"]
    try:
        done = subprocess.run(command, cwd=out, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return
    tags = done.stdout.split() if done.returncode == 0 else []
    if tags and f"corpus-v{version}" not in tags:
        raise UsageError(
            f"{out}: its version is {version}, but git's tag here is {tags[0]}; set `corpus: version` in params.yaml,"
            " build again, commit, and tag that"
        )


def _contents(out: Path) -> Iterator[str]:
    """The files of a corpus that go into its release, relative to it."""
    yield from ("manifest.json", "metrics.json", ACCOUNTING, *PAGES)
    yield from (f"checks/{stage}.json" for stage in STAGES)
    for name in sorted(tables()):
        yield from (part.relative_to(out).as_posix() for part in table_parts(out, name))


def release(out: Path, folder: Path) -> list[str]:
    """Make the release of a finished corpus; the sources that state no licence.

    Raises UsageError where the corpus is not finished or not what its manifest says, the folder holds something
    else already, or git's corpus tag is another.
    """
    from broadsheet.cards import CARDS, read_facts
    from broadsheet.verify import manifest_failures

    facts = read_facts(out)
    if wrong := manifest_failures(out):
        raise UsageError(f"{out}: {wrong[0]}; build it again")
    if folder.exists():
        check_folder(folder, "name an empty or a new folder")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / SUMS).is_file():
        raise UsageError(f"{folder}: there is something else here; name an empty or a new folder")
    if out.resolve() == folder.resolve() or out.resolve() in folder.resolve().parents:
        raise UsageError(f"{folder}: a release cannot lie in the corpus {out}; name another folder")
    _check_tag(out, facts.version)
    with replaced_folder(folder) as beside:
        for name in _contents(out):
            if not (out / name).is_file():
                raise UsageError(f"{out}: {name} is missing; build it again")
            (beside / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(out / name, beside / name)
        for name, card in CARDS.items():
            write_text(beside / name, card(facts))
        write_text(beside / "DICTIONARY.md", dictionary())
        write_text(beside / LICENCES, licences(out))
        sums = [f"{_digest(path)}  {path.relative_to(beside).as_posix()}\n" for path in _files(beside)]
        write_text(beside / SUMS, "".join(sums))
    return [source["source"] for source in facts.sources if not source["licence"]]


def _stated_sums(path: Path) -> dict[str, str]:
    rows = (line.partition("  ") for line in path.read_text(encoding="utf-8").splitlines())
    return {name: digest for digest, _, name in rows}


def _wrong_rows(folder: Path, manifest: dict[str, Any]) -> Iterator[str]:
    for name, entry in sorted(manifest["tables"].items()):
        rows = sum(read_part(part, []).num_rows for part in table_parts(folder, name))
        if rows != entry["rows"]:
            yield f"{name} has {rows:,} rows, but the manifest says {entry['rows']:,}"


def release_failures(folder: Path, manifest: dict[str, Any]) -> list[str]:
    """What of a downloaded release is not as it was made, a line each; none of what is no release."""
    if not (folder / SUMS).is_file():
        return []
    stated = _stated_sums(folder / SUMS)
    found = {path.relative_to(folder).as_posix(): path for path in _files(folder)}
    found.pop(SUMS)
    lines = [f"{name} is in {SUMS} but not there" for name in sorted(stated.keys() - found.keys())]
    lines += [f"{name} is there but not in {SUMS}" for name in sorted(found.keys() - stated.keys())]
    lines += [
        f"{name} is not the file that {SUMS} names"
        for name in sorted(stated.keys() & found.keys())
        if _digest(found[name]) != stated[name]
    ]
    try:
        lines += _wrong_rows(folder, manifest)
        if (folder / LICENCES).is_file() and (folder / LICENCES).read_text(encoding="utf-8") != licences(folder):
            lines.append(f"{LICENCES} is not what the table sources states")
    except (pa.ArrowException, OSError) as error:
        lines.append(f"tables cannot be read ({type(error).__name__})")
    return lines
