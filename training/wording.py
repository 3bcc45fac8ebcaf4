"""Weights of hashed words and phrases, learned by logistic regression over many domains."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse
from corpus import Corpus
from sklearn.linear_model import LogisticRegression

from broadsheet.labelling.features import tables
from broadsheet.labelling.lexicon import hashes_of, lay_out
from broadsheet.labelling.wording import WORDING_BITS, Wording

LEAST_DOMAINS = 5
MOST_PHRASES = 45_000
STRENGTH = 0.3


@dataclass(frozen=True)
class Phrases:
    """Every hashed phrase of a corpus with its place."""

    hashes: np.ndarray  # uint64[phrases]
    line: np.ndarray  # int32[phrases]
    values: np.ndarray  # float32[phrases], 1 at the edges, 1 / root of the line's words inside


def read_phrases(corpus: Corpus) -> Phrases:
    """The hashed phrases of all lines."""
    parts, offset = [], 0
    for batch in corpus.batches(64):
        lines = lay_out(list(batch.text), list(batch.starts), list(batch.ends))
        found = hashes_of(lines, tables(), in_roles=True)
        inner, edges = found.inside, found.edges
        hashes = np.concatenate((inner.ravel(), edges.ravel()))
        line = np.concatenate((np.tile(found.line, len(inner)), np.tile(np.arange(lines.count), len(edges))))
        inside = 1 / np.sqrt(np.bincount(found.line, minlength=lines.count)[found.line])
        values = np.concatenate((np.tile(inside, len(inner)), np.ones(edges.size)))
        some = hashes > 0
        parts.append((hashes[some], (line[some] + offset).astype(np.int32), values[some]))
        offset += lines.count
    hashes, line, values = (np.concatenate(part) for part in zip(*parts, strict=True))
    return Phrases(hashes, line, values.astype(np.float32))


def vocabulary(corpus: Corpus, phrases: Phrases, rows: np.ndarray) -> np.ndarray:
    """Sorted hashes that stand in enough domains among the lines `rows` (bool[lines])."""
    inside = rows[phrases.line]
    hashes, domain = phrases.hashes[inside], corpus.domain[phrases.line[inside]]
    # A phrase counts once a domain, so that no site's standing phrases are learned by heart.
    mixed = hashes ^ (domain.astype(np.uint64) * np.uint64(0x4A9ED89C9E9BBA3A))
    _, once = np.unique(mixed, return_index=True)
    found, counts = np.unique(hashes[once], return_counts=True)
    return found[counts >= LEAST_DOMAINS]


def learn_wording(corpus: Corpus, phrases: Phrases, rows: np.ndarray, weights: np.ndarray) -> Wording:
    """Table of weights learned from the lines `rows` (bool[lines])."""
    known = vocabulary(corpus, phrases, rows)
    inside = rows[phrases.line]
    place = np.minimum(np.searchsorted(known, phrases.hashes[inside]), len(known) - 1)
    is_known = known[place] == phrases.hashes[inside]
    number = np.cumsum(rows) - 1
    table = scipy.sparse.csr_matrix(
        (
            phrases.values[inside][is_known],
            (number[phrases.line[inside][is_known]], place[is_known]),
        ),
        shape=(int(rows.sum()), len(known)),
    )
    model = LogisticRegression(C=STRENGTH, max_iter=60, tol=1e-3)
    model.fit(table, corpus.labels[rows], sample_weight=weights[rows] / weights[rows].mean())
    return packed(known, model.coef_[0])


def packed(hashes: np.ndarray, coefficients: np.ndarray) -> Wording:
    """The strongest weights in a table of slots; of two for one slot the stronger stays."""
    strongest = np.argsort(-np.abs(coefficients), kind="stable")[:MOST_PHRASES]
    scale = 120 / np.quantile(np.abs(coefficients[strongest]), 0.995)
    fingerprints = np.zeros(1 << WORDING_BITS, np.uint8)
    weights = np.zeros(1 << WORDING_BITS, np.int8)
    whole = np.clip(np.rint(coefficients * scale), -127, 127)
    for index in strongest:
        slot = int(hashes[index]) >> (64 - WORDING_BITS)
        if not fingerprints[slot]:
            fingerprints[slot], weights[slot] = int(hashes[index]) & 255, whole[index]
    return Wording(fingerprints, weights)
