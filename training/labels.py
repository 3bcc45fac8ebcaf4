"""Line labels for training: the set of lines that best matches the gold body of a page."""

from __future__ import annotations

import collections
import re
from collections.abc import Sequence

import numpy as np

WORD = re.compile(r"\w+")
SHINGLE = 4
Shingles = collections.Counter


def line_spans(text: str) -> tuple[np.ndarray, np.ndarray]:
    """Start and end (code points) of every line with a character that is not blank, trimmed."""
    starts, ends, position = [], [], 0
    for line in text.split("\n"):
        content = line.strip()
        if content:
            start = position + len(line) - len(line.lstrip())
            starts.append(start)
            ends.append(start + len(content))
        position += len(line) + 1
    return np.array(starts, np.int64), np.array(ends, np.int64)


def shingles(tokens: Sequence[str]) -> Shingles:
    """Multiset of word 4-grams, as the scorer counts them."""
    count = max(1, len(tokens) - SHINGLE + 1)
    return Shingles(tuple(tokens[i : i + SHINGLE]) for i in range(count) if tokens[i : i + SHINGLE])


def f1(gold: Shingles, tokens: Sequence[str]) -> float:
    """Harmonic mean of shingle precision and recall of `tokens` against the gold."""
    found = shingles(tokens)
    common = sum((gold & found).values())
    total = sum(gold.values()) + sum(found.values())
    return 2 * common / total if total else 1.0


def first_choice(lines: Sequence[Sequence[str]], gold: Shingles, body: str) -> np.ndarray:
    """Lines whose own shingles mostly stand in the gold; short ones must be a gold line whole.

    Returns the share of the line's shingles that stand in the gold, in [0, 1].
    """
    whole = {" ".join(WORD.findall(line)) for line in body.split("\n")}
    share = np.zeros(len(lines))
    for index, tokens in enumerate(lines):
        if not tokens:
            continue
        if len(tokens) < SHINGLE:
            share[index] = float(" ".join(tokens) in whole)
            continue
        own = shingles(tokens)
        share[index] = sum((gold & own).values()) / sum(own.values())
    return share


def joined(lines: Sequence[Sequence[str]], chosen: np.ndarray) -> list[str]:
    """Tokens of the chosen lines, in order."""
    return [token for index in np.flatnonzero(chosen) for token in lines[index]]


def best_lines(texts: Sequence[str], body: str, passes: int = 2) -> tuple[np.ndarray, float]:
    """Choice of lines (bool each) that best matches `body`, and its shingle F1.

    Starts from lines contained in the gold, then toggles single doubtful lines while that
    raises F1. Doubtful are partly contained lines, short ones and repeated ones.
    """
    lines = [WORD.findall(text) for text in texts]
    gold = shingles(WORD.findall(body))
    share = first_choice(lines, gold, body)
    chosen = share >= 0.5
    keys = [" ".join(tokens) for tokens in lines]
    seen = collections.Counter(key for key, is_in in zip(keys, share > 0, strict=True) if is_in)
    where = np.flatnonzero(chosen)
    low, high = (where[0] - 3, where[-1] + 3) if len(where) else (0, -1)
    doubtful = [
        index
        for index, tokens in enumerate(lines)
        if tokens
        and (
            0.02 < share[index] < 0.98
            or seen[keys[index]] > 1
            or (len(tokens) < 2 * SHINGLE and (share[index] > 0 or low <= index <= high))
        )
    ]
    best = f1(gold, joined(lines, chosen))
    for _ in range(passes):
        changed = False
        for index in doubtful[:400]:
            chosen[index] ^= True
            value = f1(gold, joined(lines, chosen))
            # A tie keeps the line as it was: no label without evidence.
            if value > best + 1e-9:
                best, changed = value, True
            else:
                chosen[index] ^= True
        if not changed:
            break
    return chosen, best
