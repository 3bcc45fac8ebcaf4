"""What the lines of a corpus add up to, part by part; of a part that is as it was, what the last build counted is kept.

Lines are most of a corpus: to go through those of all parts takes longer than all else of a report.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from broadsheet.stages.kept import code_key, key_of, read_entry, write_entry
from broadsheet.tables import read_part

LEAST_CERTAIN = 12


class Lines(NamedTuple):
    """Characters of lines by source and label, and of each part the `LEAST_CERTAIN` articles with their doubt."""

    characters: list[tuple[str, str, int]]
    doubts: list[list[tuple[str, float]]]


def part_digests(out: Path) -> dict[str, list[str]]:
    """SHA-256 of the files of each part by its file name, the same in all tables; of a finished build only."""
    found: dict[str, list[str]] = defaultdict(list)
    if (out / "manifest.json").is_file():
        for table in json.loads((out / "manifest.json").read_bytes())["tables"].values():
            for path, file in table["files"].items():
                found[path.rpartition("/")[2]].append(file["sha256"])
    return dict(found)


def _coded(texts: pa.ChunkedArray) -> tuple[pa.Array, np.ndarray]:
    """Repeated texts once each, and the place of each row's among them (int64[rows])."""
    coded = texts.combine_chunks().dictionary_encode()
    return coded.dictionary, coded.indices.to_numpy().astype(np.int64)


def _places(values: pa.Array, among: pa.ChunkedArray) -> np.ndarray:
    """Where each value stands among others (int64[values]), -1 where it does not."""
    places: np.ndarray = pc.index_in(values, among.combine_chunks()).fill_null(-1).to_numpy().astype(np.int64)
    return places


def _characters(sources: pa.Array, labels: pa.Array, pair: np.ndarray, lengths: np.ndarray) -> list[list[Any]]:
    """Source, label and characters of lines; `pair` is the place of each line's among those of source and label."""
    names = list(product(sources.to_pylist(), labels.to_pylist()))
    lines = np.bincount(pair, minlength=len(names))
    sums = np.bincount(pair, lengths, len(names)).astype(np.int64).tolist()
    return sorted([*names[place], sums[place]] for place in np.flatnonzero(lines).tolist())


def _doubts(ids: pa.ChunkedArray, own: np.ndarray, score: np.ndarray, lengths: np.ndarray) -> list[list[Any]]:
    """The least certain documents, each with its doubt: the expected share of its characters on the wrong side of the
    body, if the model's scores are what they say. `own` is the place of each line's document among `ids`.
    """
    wrong = np.bincount(own, lengths * np.minimum(score, 1 - score), len(ids))
    whole = np.bincount(own, lengths, len(ids))
    doubts = np.round(wrong[whole > 0] / whole[whole > 0], 6).tolist()
    found = zip(ids.filter(pa.array(whole > 0)).to_pylist(), doubts, strict=True)
    return sorted(map(list, found), key=lambda row: (-row[1], row[0]))[:LEAST_CERTAIN]


def _counted(out: Path, name: str) -> dict[str, Any]:
    """What the lines of the parts of a file name add up to."""
    documents = read_part(out / "documents" / name, ["document_id", "source"])
    articles = read_part(out / "articles" / name, ["article_id"])["article_id"]
    repeated = ["document_id", "label"]
    blocks = read_part(out / "blocks" / name, [*repeated, "start", "end", "score"], repeated)
    (sources, source), (ids, own) = _coded(documents["source"]), _coded(blocks["document_id"])
    labels, label = _coded(blocks["label"])
    document, article = (_places(ids, among)[own] for among in (documents["document_id"], articles))
    lengths = (blocks["end"].to_numpy() - blocks["start"].to_numpy()).astype(np.float64)
    score = blocks["score"].to_numpy().astype(np.float64)
    known = document >= 0  # a corpus whose checks failed may have lines of no document
    judged = known & (article >= 0) & ~np.isnan(score)
    pair = source[document[known]] * len(labels) + label[known]
    return {
        "characters": _characters(sources, labels, pair, lengths[known]),
        "doubts": _doubts(articles, article[judged], score[judged], lengths[judged]),
    }


def kept_by_part(out: Path, kind: str, names: Sequence[str], count: Callable[[Path, str], Any]) -> list[Any]:
    """What `count` gives of the parts that have these file names, as JSON can hold it; it is kept for the next build.

    Of a part that is as it was, what the last build counted of that `kind` is taken.
    """
    state, digests = out / ".state" / f"{kind}.json", part_digests(out)
    keys = {name: key_of(digests[name]) for name in names if name in digests}
    entry = read_entry(state)
    before = entry["parts"] if entry and entry["key"] == code_key() else {}
    parts = {name: before.get(keys.get(name)) or count(out, name) for name in names}
    now = {"key": code_key(), "parts": {key: parts[name] for name, key in keys.items()}}
    if keys and now != entry:
        write_entry(state, now)
    return list(parts.values())


def add_up_lines(out: Path, names: Sequence[str]) -> Lines:
    """What the lines of the parts add up to that have these file names."""
    parts = kept_by_part(out, "lines", names, _counted)
    return Lines(
        [tuple(row) for part in parts for row in part["characters"]],
        [[tuple(row) for row in part["doubts"]] for part in parts],
    )
