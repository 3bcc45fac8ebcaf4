"""Probability that a line of a page belongs to the article's body."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources

import numpy as np

from broadsheet.records import Mark, Marks

from .features import LineFeatures
from .lexicon import lay_out
from .markup import marks_of
from .network import Ensemble, ensemble_of
from .wording import Wording

BATCH_CHARACTERS = 400_000
BATCH_PAGES = 64
MOST_LINES = 20_000
THRESHOLD = 0.62


@dataclass(frozen=True)
class Model:
    """Everything learned from gold pages."""

    networks: Ensemble
    wording: Wording


@functools.cache
def shipped_model() -> Model:
    """The weights that come with the package."""
    with (resources.files(__package__) / "data" / "body.npz").open("rb") as file, np.load(file) as arrays:
        kept = dict(arrays)
    return Model(ensemble_of(kept), Wording(kept["wording.fingerprints"], kept["wording.weights"]))


@functools.cache
def shipped_features() -> LineFeatures:
    """The features that the shipped networks read."""
    model = shipped_model()
    return LineFeatures(model.wording, model.networks)


def batches(texts: Sequence[str]) -> list[tuple[int, int]]:
    """First page and page past the last of each batch, bounded in pages and characters."""
    cuts, first, size = [], 0, 0
    for index, text in enumerate(texts):
        if index > first and (index - first >= BATCH_PAGES or size + len(text) > BATCH_CHARACTERS):
            cuts.append((first, index))
            first, size = index, 0
        size += len(text)
    if len(texts) > first:
        cuts.append((first, len(texts)))
    return cuts


def body_scores(
    texts: Sequence[str],
    starts: Sequence[np.ndarray],
    ends: Sequence[np.ndarray],
    marks: Sequence[Marks | Sequence[Mark]] | None = None,
) -> list[np.ndarray]:
    """Probability (float32, 3 decimals) that a line is body, an array a page.

    `texts[i][starts[i][k]:ends[i][k]]` is line k of page i, trimmed; blank lines are left out. `marks[i]` are
    the marks of page i, in order of their starts, outer before inner; none for text dumps.
    Lines past the first 20,000 of a page are not looked at and get 0.
    """
    scores = [np.zeros(len(lines), np.float32) for lines in starts]
    for first, past in batches(texts):
        part = slice(first, past)
        short_starts = [lines[:MOST_LINES] for lines in starts[part]]
        short_ends = [lines[:MOST_LINES] for lines in ends[part]]
        lines = lay_out(texts[part], short_starts, short_ends)
        own_marks = marks[part] if marks is not None else ()
        whole, near = shipped_features()(lines, marks_of(own_marks) if any(own_marks) else None)
        found = shipped_model().networks.scores(whole, near, lines)
        cuts = np.cumsum([len(lines) for lines in short_starts])[:-1]
        for page, values in zip(scores[part], np.split(found, cuts), strict=True):
            page[: len(values)] = values
    return scores


def body_lines(scores: np.ndarray) -> np.ndarray:
    """Which lines (bool[lines]) of a page are body, from their scores."""
    return scores >= np.float32(THRESHOLD)
