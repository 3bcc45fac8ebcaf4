"""What the lines of a corpus add up to, part by part; of a part that is as it was, what the last build counted is kept.

Lines are most of a corpus: to go through those of all parts takes longer than all else of a report.
"""

import json
from collections import defaultdict
from collections.abc import Sequence
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
    """Characters of lines by source and label, and the `LEAST_CERTAIN` articles of each part with their doubt."""

    characters: list[tuple[str, str, int]]
    doubts: list[tuple[str, float]]


def part_digests(out: Path) -> dict[str, list[str]]:
    """SHA-256 of the files of each part by its file name, the same in all tables; of a finished build only."""
    found: dict[str, list[str]] = defaultdict(list)
    if (out / "manifest.json").is_file():
        for table in json.loads((out / "manifest.json").read_bytes())["tables"].values():
            for path, file in table["files"].items():
                found[path.rpartition("/")[2]].append(file["sha256"])
    return dict(found)


def _places(values: pa.ChunkedArray, among: pa.ChunkedArray) -> np.ndarray:
    """Where each value stands among others (int64[values]), -1 where it does not."""
    places: np.ndarray = pc.index_in(values, among.combine_chunks()).fill_null(-1).to_numpy().astype(np.int64)
    return places


def _characters(blocks: pa.Table, sources: pa.ChunkedArray, lengths: np.ndarray) -> list[list[Any]]:
    """Source, label and characters of lines, of which `sources` are those of their documents."""
    source, label = sources.combine_chunks().dictionary_encode(), blocks["label"].combine_chunks()
    names = list(product(source.dictionary.to_pylist(), label.dictionary.to_pylist()))
    pair = source.indices.to_numpy().astype(np.int64) * len(label.dictionary) + label.indices.to_numpy()
    lines = np.bincount(pair, minlength=len(names))
    sums = np.bincount(pair, lengths, len(names)).astype(np.int64).tolist()
    return sorted([*names[place], sums[place]] for place in np.flatnonzero(lines).tolist())


def _doubts(
    document: np.ndarray, ids: pa.ChunkedArray, scores: pa.ChunkedArray, lengths: np.ndarray
) -> list[list[Any]]:
    """The least certain documents, each with its doubt: the expected share of its characters on the wrong side of the
    body, if the model's scores are what they say.
    """
    judged = scores.is_valid().to_numpy()
    score = scores.drop_null().to_numpy().astype(np.float64)
    own, weights = document[judged], lengths[judged]
    wrong = np.bincount(own, weights * np.minimum(score, 1 - score), len(ids))
    whole = np.bincount(own, weights, len(ids))
    doubts = np.round(wrong[whole > 0] / whole[whole > 0], 6).tolist()
    found = zip(ids.filter(pa.array(whole > 0)).to_pylist(), doubts, strict=True)
    return sorted(map(list, found), key=lambda row: (-row[1], row[0]))[:LEAST_CERTAIN]


def _counted(out: Path, name: str) -> dict[str, Any]:
    """What the lines of the parts of a file name add up to."""
    documents = read_part(out / "documents" / name, ["document_id", "source"])
    articles = read_part(out / "articles" / name, ["article_id"])["article_id"]
    blocks = read_part(out / "blocks" / name, ["document_id", "start", "end", "label", "score"], ["label"])
    document = _places(blocks["document_id"], documents["document_id"])
    # A corpus whose checks failed may have lines of no document.
    blocks, document = blocks.filter(pa.array(document >= 0)), document[document >= 0]
    lengths = (blocks["end"].to_numpy() - blocks["start"].to_numpy()).astype(np.float64)
    article = _places(blocks["document_id"], articles)
    of_articles = article >= 0
    scores = blocks["score"].filter(pa.array(of_articles))
    return {
        "characters": _characters(blocks, documents["source"].take(pa.array(document)), lengths),
        "doubts": _doubts(article[of_articles], articles, scores, lengths[of_articles]),
    }


def add_up_lines(out: Path, names: Sequence[str]) -> Lines:
    """What the lines of the parts add up to that have these file names."""
    state, digests = out / ".state" / "lines.json", part_digests(out)
    keys = {name: key_of(digests[name]) for name in names if name in digests}
    entry = read_entry(state)
    before = entry["parts"] if entry and entry["key"] == code_key() else {}
    parts = {name: before.get(keys.get(name)) or _counted(out, name) for name in names}
    if keys:
        write_entry(state, {"key": code_key(), "parts": {key: parts[name] for name, key in keys.items()}})
    return Lines(
        [tuple(row) for part in parts.values() for row in part["characters"]],
        [tuple(row) for part in parts.values() for row in part["doubts"]],
    )
