"""Trains the first look at lines (`broadsheet.labelling.network.Gate`), and leaves out the lines that it rules out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from corpus import FOLDS, Corpus
from network import INPUT_STEP, Scaling
from sklearn.linear_model import LogisticRegression

from broadsheet.labelling.features import names
from broadsheet.labelling.network import REACH, SHORT_PAGE

STRENGTH = 0.1
MOST_WEIGHT = 500
# Share of wanted lines that pass; most of the others have one that passes near them.
PASSING = 0.98
# Of the lines that are not wanted one in so many teaches enough.
SPARSE = 8
# Words from which on a line is always looked at.
LONG_LINE = 20


def gate_arrays(
    corpus: Corpus, whole: np.ndarray, wanted: np.ndarray, scaling: Scaling, rows: np.ndarray
) -> dict[str, np.ndarray]:
    """The gate in whole numbers, learned from whether lines are `wanted` (bool[lines]), of the lines `rows` alike."""
    kept = np.arange(len(rows)) % SPARSE == 0
    some = np.flatnonzero(rows & (corpus.weights > 0) & (wanted | kept))
    inputs, target = whole[some].astype(np.float32), wanted[some]
    stands_for = np.where(target, 1.0, SPARSE)
    model = LogisticRegression(C=STRENGTH, max_iter=100, tol=1e-3)
    model.fit(inputs / INPUT_STEP, target, sample_weight=stands_for / stands_for.mean())
    exact = model.coef_[0]
    weights = np.rint(exact * (MOST_WEIGHT / np.abs(exact).max()))
    least = np.floor(np.quantile(inputs[target] @ weights.astype(np.float32), 1 - PASSING))
    words = np.arange(len(weights)) == names()[0].index("words")
    return {
        "gate.weights": np.stack((weights, words)).astype(np.int16),
        "gate.least": np.array([least, long_line(scaling)], np.float32),
    }


def long_line(scaling: Scaling) -> int:
    """The whole number that stands for so many words that a line is always looked at."""
    line = np.zeros((1, len(scaling.half)), np.float32)
    column = names()[0].index("words")
    line[0, column] = LONG_LINE
    return int(scaling.whole(line)[0, column])


def may_be_body(gate: dict[str, np.ndarray], whole: np.ndarray) -> np.ndarray:
    """Lines (bool[lines]) that a gate lets through."""
    weights = gate["gate.weights"].astype(np.float32).T
    parts = [whole[first : first + 20_000].astype(np.float32) @ weights for first in range(0, len(whole), 20_000)]
    return (np.concatenate(parts) >= gate["gate.least"]).any(axis=1)


def near(corpus: Corpus, may: np.ndarray) -> np.ndarray:
    """Lines (bool[lines]) that networks see, as native/features/gate.h has them."""
    number, here = np.concatenate(([0], np.cumsum(may))), np.arange(len(may))
    sizes = (corpus.pages.past - corpus.pages["first"]).to_numpy()
    first = np.maximum(here - REACH, np.repeat(corpus.pages["first"].to_numpy(), sizes))
    past = np.minimum(here + REACH + 1, np.repeat(corpus.pages.past.to_numpy(), sizes))
    return (number[past] > number[first]) | np.repeat(sizes <= SHORT_PAGE, sizes)


def out_of_fold_near(corpus: Corpus, whole: np.ndarray, wanted: np.ndarray, scaling: Scaling) -> np.ndarray:
    """Lines (bool[lines]) that networks look at, by gates that have not seen their domains."""
    may = np.zeros(len(whole), bool)
    for fold in range(FOLDS):
        own = corpus.fold == fold
        may[own] = may_be_body(gate_arrays(corpus, whole, wanted, scaling, ~own), whole[own])
    return near(corpus, may)


def only(corpus: Corpus, lines: np.ndarray) -> Corpus:
    """The corpus of some lines (bool[lines]) of its pages."""
    pages = corpus.pages
    own = [lines[first:past] for first, past in zip(pages["first"], pages.past, strict=True)]
    starts = [values[keep] for values, keep in zip(pages.starts, own, strict=True)]
    ends = [values[keep] for values, keep in zip(pages.ends, own, strict=True)]
    past = np.cumsum([len(values) for values in starts])
    first = past - [len(values) for values in starts]
    return replace(
        corpus, pages=pages.assign(starts=starts, ends=ends, first=first, past=past), labels=corpus.labels[lines],
        weights=corpus.weights[lines], fold=corpus.fold[lines], domain=corpus.domain[lines],
    )  # fmt: skip
