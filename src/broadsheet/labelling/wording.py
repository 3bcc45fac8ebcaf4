"""What learned weights of words and phrases say about lines."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .features import Analysis, Columns
from .lexicon import cumulative, scramble

WORDING_BITS = 17


@dataclass(frozen=True)
class Wording:
    """Learned weights of hashed words and phrases, a slot each."""

    fingerprints: np.ndarray  # uint8[2**WORDING_BITS], 0 where the slot is free
    weights: np.ndarray  # int8[2**WORDING_BITS]

    def weights_of(self, hashes: np.ndarray) -> np.ndarray:
        """Weight (int8) of each hash (uint64), 0 where it is not known."""
        slots = (hashes >> np.uint64(64 - WORDING_BITS)).astype(np.int64)
        known = self.fingerprints[slots] == (hashes & np.uint64(255)).astype(np.uint8)
        return np.where(known, self.weights[slots], np.int8(0))


def wording_hashes(analysis: Analysis) -> tuple[np.ndarray, np.ndarray]:
    """Hashes of what a line is worded with, 0 where a phrase would cross the line's end.

    Returns uint64[4, words] for each word, its stem, and the pair and the triple that begin with
    it, and uint64[6, lines] for the first word, pair and triple, the last pair and word, and the
    whole line. The same words hash differently in each of these roles.
    """
    words, lines = analysis.words, analysis.lines
    inner = np.stack([words.hashes, words.stems, analysis.pairs, analysis.triples])
    some = words.past > words.first
    edges = np.zeros((6, lines.count), np.uint64)
    first, last = words.first[some], words.past[some] - 1
    edges[:3, some] = inner[[0, 2, 3]][:, first]
    edges[3, some] = np.where(last > first, analysis.pairs[last - 1], np.uint64(0))
    edges[4, some] = words.hashes[last]
    sums = cumulative(words.hashes, np.uint64)
    edges[5] = sums[words.past] - sums[words.first]
    roles = np.arange(1, 11, dtype=np.uint64)[:, None] * np.uint64(0x9E3779B97F4A7C15)
    # A fingerprint is never 0: that marks a free slot.
    inner, edges = (
        np.where(values != 0, scramble(values ^ role) | np.uint64(1), np.uint64(0))
        for values, role in ((inner, roles[:4]), (edges, roles[4:]))
    )
    return inner, edges


def wording_features(analysis: Analysis, wording: Wording) -> Columns:
    """Learned weights of the wording of each line and its neighbours."""
    lines, words = analysis.lines, analysis.words
    inner, edges = wording_hashes(analysis)
    by_word = wording.weights_of(inner).sum(axis=0, dtype=np.int64)
    edge = wording.weights_of(edges).sum(axis=0, dtype=np.int64)
    total, number = words.sums(by_word), words.past - words.first
    mean = total * 16 // np.maximum(number, 1)
    out = Columns()
    out.add("wording in sum", total)
    out.add("wording a word", mean)
    out.add("wording a root of words", total / np.sqrt(np.maximum(number, 1)))
    out.add("wording at edges", edge)
    some = number > 0
    for name, reduce in (("highest", np.maximum), ("lowest", np.minimum)):
        extreme = np.zeros(lines.count, np.int64)
        if some.any():
            extreme[some] = reduce.reduceat(by_word, words.first[some])
        out.add(f"{name} wording", extreme)
    out.beside("wording a word", lines, mean, (-2, -1, 1, 2))
    out.beside("wording at edges", lines, edge, (-1, 1))
    out.around("wording in sum", lines, total, (4,))
    out.around("wording at edges", lines, edge, (4, 12))
    return out
