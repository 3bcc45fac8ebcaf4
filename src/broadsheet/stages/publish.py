"""publish: manifest and metrics of tables that have passed their checks."""

import hashlib
from collections import Counter
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType
from typing import Any

from broadsheet.parameters import Corpus
from broadsheet.schema import SCHEMA_VERSION, tables
from broadsheet.stages.described import Described, described, key_of_part, left, take_away
from broadsheet.stages.kept import code_key, read_entry, write_entry
from broadsheet.stages.workers import IN_THIS_PROCESS, Care, Workers
from broadsheet.tables import file_sha256, read_part, table_parts, unpublish, write_json, write_text

# The libraries that the values in the tables depend on.
_LIBRARIES = (
    "chardet", "duckdb", "great-expectations", "icu4py", "numpy", "pandas", "py3langid", "pyarrow", "turbohtml",
    "wasmtime",
)  # fmt: skip
UNNAMED = Corpus(None, None, None)
NOTHING_KNOWN: Mapping[str, str] = MappingProxyType({})


def _hash_part(path: Path, care: Care) -> str:
    return file_sha256(path)


def _describe_part(task: tuple[str, Path, str], care: Care) -> Described:
    name, path, digest = task
    return described(name, read_part(path), path, digest)


def _described(
    out: Path, paths: dict[Path, str], known_files: Mapping[str, str], workers: Workers
) -> dict[Path, Described]:
    """What the manifest says of each part; `paths` have their table's name. Files of which it is known are not read."""
    state = out / ".state" / "publish.json"
    known = read_entry(state) or {"key": ""}
    parts = (known["parts"] if known["key"] == code_key() else {}) | left(out, code_key())
    digests = {path: known_files.get(path.relative_to(out).as_posix(), "") for path in paths}
    unknown = [path for path, digest in digests.items() if not digest]
    digests.update(zip(unknown, workers.run(_hash_part, unknown, "publish: files"), strict=True))
    keys = {path: key_of_part(name, digests[path]) for path, name in paths.items()}
    new = [(name, path, digests[path]) for path, name in paths.items() if keys[path] not in parts]
    found = dict(zip((path for _, path, _ in new), workers.run(_describe_part, new, "publish"), strict=True))
    for path, key in keys.items():
        if path not in found:
            found[path] = Described(**parts[key])
    write_entry(state, {"key": code_key(), "parts": {key: found[path]._asdict() for path, key in keys.items()}})
    take_away(out)
    return found


def _table_entry(out: Path, paths: list[Path], parts: list[Described]) -> dict[str, Any]:
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


def publish(
    out: Path, workers: Workers = IN_THIS_PROCESS, corpus: Corpus = UNNAMED, files: Mapping[str, str] = NOTHING_KNOWN
) -> dict[str, Any]:
    """Write metrics.json, the figures of `dvc plots`, then manifest.json, the mark of a finished build; the metrics.

    `files` are SHA-256 of the tables' files by path below `out`, as far as they are known.
    """
    unpublish(out)
    paths = {name: table_parts(out, name) for name in sorted(tables())}
    known = _described(out, {path: name for name, found in paths.items() for path in found}, files, workers)
    entries = {name: _table_entry(out, found, [known[path] for path in found]) for name, found in paths.items()}
    counts = Counter[str]()
    for part in known.values():
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
