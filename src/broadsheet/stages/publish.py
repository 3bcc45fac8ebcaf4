"""publish: manifest and metrics of tables that have passed their checks."""

import hashlib
from collections import Counter
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pyarrow.compute as pc

from broadsheet.parameters import Corpus
from broadsheet.schema import SCHEMA_VERSION, tables
from broadsheet.stages.workers import map_parts
from broadsheet.tables import content_hash, read_part, table_parts, unpublish, write_json, write_text

# The libraries that the values in the tables depend on.
_LIBRARIES = (
    "chardet", "duckdb", "great-expectations", "icu4py", "numpy", "pandas", "py3langid", "pyarrow",
)  # fmt: skip
UNNAMED = Corpus(None, None, None)
_FILLED = ("date_published", "byline", "article_section", "time_required_minutes", "dateline")


@dataclass(frozen=True, slots=True)
class _Part:
    """What the manifest says of a part, and the part's counts for the metrics."""

    sha256: str
    content: str
    rows: int
    bytes: int
    counts: dict[str, int]


def _counts(name: str, part: Any) -> dict[str, int]:
    """Figures of a part that add up over parts."""
    counts: Counter[str] = Counter()
    if name == "articles":
        counts["words"] = pc.sum(part["word_count"]).as_py() or 0
        counts["with_headline"] = part.num_rows - part["headline"].null_count
        counts["with_description"] = part.num_rows - part["description"].null_count
        counts.update(f"language:{language or 'unknown'}" for language in part["in_language"].to_pylist())
    elif name == "metadata":
        counts.update({f"with_{column}": part.num_rows - part[column].null_count for column in _FILLED})
        counts["with_authors"] = sum(bool(authors) for authors in part["authors"].to_pylist())
    elif name == "rejects":
        counts.update(f"reason:{reason}" for reason in part["reason"].to_pylist())
    elif name == "blocks":
        counts.update(f"label:{label}" for label in part["label"].to_pylist())
    return dict(counts)


def _describe_part(task: tuple[str, Path]) -> _Part:
    name, path = task
    content, table = path.read_bytes(), read_part(path)
    return _Part(
        hashlib.sha256(content).hexdigest(), content_hash(table), table.num_rows, len(content), _counts(name, table)
    )


def _table_entry(out: Path, paths: list[Path], parts: list[_Part]) -> dict[str, Any]:
    joined = "\n".join(part.content for part in parts)
    return {
        "rows": sum(part.rows for part in parts),
        "content_sha256": hashlib.sha256(joined.encode()).hexdigest(),
        "files": {
            path.relative_to(out).as_posix(): {"sha256": part.sha256, "bytes": part.bytes, "rows": part.rows}
            for path, part in zip(paths, parts, strict=True)
        },
    }


def _grouped(counts: Counter[str], prefix: str) -> dict[str, int]:
    return {key.removeprefix(prefix): counts[key] for key in sorted(counts) if key.startswith(prefix)}


def _write_plot(path: Path, header: tuple[str, str], counts: Any) -> None:
    """What `dvc plots` draws: a file of names and numbers; the names are ours and have no comma."""
    write_text(path, "".join(f"{name},{count}\n" for name, count in (header, *counts.items())))


def summary_of(metrics: dict[str, Any]) -> str:
    """The line that a build ends with: where every raw record went."""
    rejects = ", ".join(f"{count} {reason}" for reason, count in metrics["rejects_by_reason"].items())
    return (
        f"{metrics['raw_records']} raw records = {metrics['articles']} articles + {metrics['rejects']} rejects"
        + (f" ({rejects})" if rejects else "")
        + f"; {metrics['sentences']} sentences, {metrics['words']} words"
        + f", {len(metrics['articles_by_language'])} languages, {metrics['sources']} sources"
    )


def publish(out: Path, workers: int = 1, corpus: Corpus = UNNAMED) -> dict[str, Any]:
    """Write metrics.json, the figures of `dvc plots`, then manifest.json, the mark of a finished build; the metrics."""
    unpublish(out)
    entries, counts = {}, Counter[str]()
    for name in sorted(tables()):
        paths = table_parts(out, name)
        parts = list(
            map_parts(_describe_part, ((name, path) for path in paths), workers, f"publish {name}", len(paths))
        )
        entries[name] = _table_entry(out, paths, parts)
        for part in parts:
            counts.update(part.counts)
    rows = {name: entry["rows"] for name, entry in entries.items()}
    articles = max(1, rows["articles"])
    metrics = {
        "raw_records": rows["articles"] + rows["rejects"],
        **rows,
        "words": counts["words"],
        "articles_by_language": _grouped(counts, "language:"),
        "rejects_by_reason": _grouped(counts, "reason:"),
        "blocks_by_label": _grouped(counts, "label:"),
        "share_filled": {key: round(count / articles, 4) for key, count in _grouped(counts, "with_").items()},
    }
    write_json(out / "metrics.json", metrics)
    _write_plot(out / "plots" / "labels.csv", ("label", "lines"), metrics["blocks_by_label"])
    _write_plot(out / "plots" / "rejects.csv", ("reason", "records"), metrics["rejects_by_reason"])
    joined = "\n".join(f"{name} {entry['content_sha256']}" for name, entry in entries.items())
    manifest = {
        "corpus_version": corpus.version,
        "corpus_title": corpus.title,
        "corpus_creators": [name.strip() for name in (corpus.creators or "").split(";") if name.strip()],
        "project": "broadsheet",
        "project_version": version("broadsheet"),
        "schema_version": SCHEMA_VERSION,
        "content_sha256": hashlib.sha256(joined.encode()).hexdigest(),
        "libraries": {name: version(name) for name in _LIBRARIES},
        "tables": entries,
    }
    write_json(out / "manifest.json", manifest)
    return metrics
