"""What the manifest and the metrics say of a part, worked out where its rows are at hand.

Who writes a part leaves this in `.state/described/` for publish, which takes it from there and keeps it; what is not
there it works out itself. It is known by the SHA-256 of the part's file and by the code that worked it out.
"""

import contextlib
import hashlib
import json
import shutil
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from broadsheet.schema import tables
from broadsheet.tables import content_hash, write_text

_FILLED = ("date_published", "byline", "article_section", "time_required_minutes", "dateline")


class Described(NamedTuple):
    """What the manifest says of a part, and the part's counts for the metrics."""

    sha256: str
    content: str
    rows: int
    bytes: int
    counts: dict[str, int]


def _of_values(kind: str, column: Any) -> dict[str, int]:
    """How often each value stands in a column of texts."""
    return {f"{kind}:{each['values'] or 'unknown'}": each["counts"] for each in column.value_counts().to_pylist()}


def _counts(name: str, part: pa.Table) -> dict[str, int]:
    """Figures of a part that add up over parts."""
    counts: Counter[str] = Counter()
    if name == "articles":
        counts["words"] = pc.sum(part["word_count"]).as_py() or 0
        counts["with_headline"] = part.num_rows - part["headline"].null_count
        counts["with_description"] = part.num_rows - part["description"].null_count
        counts.update(_of_values("language", part["in_language"]))
    elif name == "metadata":
        counts.update({f"with_{column}": part.num_rows - part[column].null_count for column in _FILLED})
        counts["with_authors"] = pc.sum(pc.greater(pc.list_value_length(part["authors"]), 0)).as_py() or 0
    elif name == "rejects":
        counts.update(_of_values("reason", part["reason"]))
    elif name == "blocks":
        counts.update(_of_values("label", part["label"]))
    return dict(counts)


def described(name: str, rows: pa.Table, path: Path, digest: str) -> Described:
    """What is said of a part of the table `name`: its `rows`, its file and the file's SHA-256."""
    return Described(digest, content_hash(rows), rows.num_rows, path.stat().st_size, _counts(name, rows))


def key_of_part(name: str, digest: str) -> str:
    """What a part is known by: its table and the SHA-256 of its file."""
    return f"{name} {digest}"


def _folder(out: Path) -> Path:
    return out / ".state" / "described"


def leave(out: Path, code: str, written: Mapping[str, tuple[pa.Table, Path, str]]) -> None:
    """Leave for publish what is said of parts that were written: rows, file and SHA-256 by folder of their table.

    `code` is a name for what works it out. What is no table of the corpus is passed over.
    """
    found = {}
    for folder, (rows, path, digest) in written.items():
        name = folder.partition("/")[0]
        if name in tables():
            found[key_of_part(name, digest)] = described(name, rows, path, digest)._asdict()
    if found:
        name = hashlib.sha256("\n".join(sorted(found)).encode()).hexdigest()
        # With indents json takes four times as long.
        write_text(_folder(out) / f"{name}.json", json.dumps({"code": code, "parts": found}))


def left(out: Path, code: str) -> dict[str, dict[str, Any]]:
    """What has been left for publish by the same code, by what parts are known by."""
    found: dict[str, dict[str, Any]] = {}
    for path in _folder(out).glob("*.json"):
        with contextlib.suppress(ValueError):
            entry = json.loads(path.read_bytes())
            found |= entry["parts"] if entry["code"] == code else {}
    return found


def take_away(out: Path) -> None:
    """Remove what has been left, once it is kept elsewhere."""
    shutil.rmtree(_folder(out), ignore_errors=True)
