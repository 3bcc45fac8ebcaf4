"""What the cards say, gathered once from a built corpus."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow.compute as pc

from broadsheet.errors import UsageError
from broadsheet.tables import check_folder, read_part, table_parts


@dataclass(frozen=True, slots=True)
class Facts:
    """A corpus in figures; `sources` are rows of the table, `first` and `last` dates of publication."""

    title: str
    creators: tuple[str, ...]
    version: str | None
    manifest: dict[str, Any]
    metrics: dict[str, Any]
    sources: tuple[dict[str, Any], ...]
    first: datetime | None
    last: datetime | None
    checks: dict[str, tuple[int, int]]

    @property
    def licences(self) -> tuple[str, ...]:
        """Licences that sources state, each once."""
        return tuple(sorted({source["licence"] for source in self.sources if source["licence"]}))

    @property
    def licence(self) -> str | None:
        """The licence of the whole, where every source states the same."""
        stated = {source["licence"] for source in self.sources}
        return next(iter(stated)) if len(stated) == 1 else None

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(name for name in self.metrics["articles_by_language"] if name != "unknown")

    @property
    def summary(self) -> str:
        """The corpus in a sentence."""
        span = f", published from {self.first:%Y-%m-%d} to {self.last:%Y-%m-%d}" if self.first and self.last else ""
        rows = self.metrics
        return (
            f"{rows['articles']:,} news articles ({rows['sentences']:,} sentences, {rows['words']:,} words) of"
            f" {rows['sources']:,} sources in {len(self.languages):,} languages{span}: tables of articles, sentences"
            " and metadata, each value traced to its place in the raw page."
        )

    def files(self, table: str) -> dict[str, dict[str, Any]]:
        """The parts of a table by path, with hash, bytes and rows."""
        return dict(self.manifest["tables"][table]["files"])


def read_facts(out: Path) -> Facts:
    """The facts of a finished corpus. Raises UsageError where it is not finished."""
    check_folder(out, "name one that `broadsheet build RAW OUT` has made")
    if not (out / "manifest.json").is_file():
        raise UsageError(f"{out}: no manifest.json here; name a corpus whose build was finished and passed its checks")
    manifest, metrics = (
        json.loads((out / name).read_text(encoding="utf-8")) for name in ("manifest.json", "metrics.json")
    )
    dates = [
        pc.min_max(read_part(part, ["date_published"])["date_published"]).as_py()
        for part in table_parts(out, "metadata")
    ]
    checks = {}
    for path in sorted((out / "checks").glob("*.json")):
        report = json.loads(path.read_text(encoding="utf-8"))
        checks[path.stem] = (report["expectations"], report["warnings"])
    return Facts(
        title=manifest["corpus_title"] or "A corpus of news articles",
        creators=tuple(manifest["corpus_creators"] or ()),
        version=manifest["corpus_version"],
        manifest=manifest,
        metrics=metrics,
        sources=tuple(row for part in table_parts(out, "sources") for row in read_part(part).to_pylist()),
        first=min((date["min"] for date in dates if date["min"]), default=None),
        last=max((date["max"] for date in dates if date["max"]), default=None),
        checks=checks,
    )
