"""py3langid's classifier over many texts at once, with the probabilities of the library to the last bit.

The library walks its automaton in Python, byte by byte. Here the texts of a batch walk in step: one look-up of
NumPy takes all of them a byte further, until few are left.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np

# Texts that walk together: enough for NumPy, few enough for the cache.
_BATCH = 256
# So few walk on faster each alone: those in scripts of two or three bytes a letter, when the others have arrived.
_FEW = 16


@dataclass(frozen=True, slots=True)
class _Model:
    """The library's model: an automaton over bytes, some states of which stand for a feature, and naive Bayes.

    Of state `s` the moves are `moves[first_move[s]:][:256]`, one a byte, and the feature is `features[s]`, -1 for
    none. `weights` are float16[features, classes] and `priors` float32[classes]; `aliases` are pairs of
    classes of the same language.
    """

    moves: np.ndarray
    first_move: np.ndarray
    features: np.ndarray
    weights: np.ndarray
    priors: np.ndarray
    classes: tuple[str, ...]
    aliases: tuple[tuple[int, int], ...]


@cache
def _model() -> _Model:
    from py3langid.langid import MODEL_DIR, MODEL_FILE
    from py3langid.modelio import load_model

    weights, priors, classes, moves, rows, features = load_model(MODEL_DIR / MODEL_FILE)
    first = {code: index for index, code in reversed(list(enumerate(classes)))}
    return _Model(
        moves=np.asarray(moves),
        first_move=np.asarray(rows).astype(np.intp) << 8,
        features=np.array(features, np.int32),
        weights=weights,
        priors=priors,
        classes=tuple(classes),
        aliases=tuple((first[code], index) for index, code in enumerate(classes) if first[code] != index),
    )


# What `_small_singles` have yet to be multiplied by: the difference of the exponents' biases of float32 and float16.
_SCALE = np.float32(2.0**112)


def _small_singles(halves: np.ndarray) -> np.ndarray:
    """Finite float16 as float32 divided by `_SCALE`; NumPy itself converts number by number.

    Sign, exponent and fraction go to their places in the wider number, where the exponent means less.
    """
    bits = halves.view(np.int16).astype(np.int32)
    bits <<= 13
    bits &= ~0x70000000
    return bits.view(np.float32)


def _states_alone(content: bytes, state: int, model: _Model) -> list[int]:
    """The states that the bytes of a content lead to from a state."""
    moves, first_move, states = model.moves.data, model.first_move.data, []
    for byte in content:
        state = moves[first_move[state] + byte]
        states.append(state)
    return states


def _states(contents: Sequence[bytes], walking: np.ndarray, steps: np.ndarray, model: _Model) -> np.ndarray:
    """The states of contents, the longest first: those behind the first byte of each, then those behind the second …

    `walking` is how many contents have a byte at each step, and `steps` where its states begin.
    """
    letters = np.zeros((len(contents), len(walking)), np.uint8)
    for row, content in zip(letters, contents, strict=True):
        row[: len(content)] = np.frombuffer(content, np.uint8)
    states = np.zeros(int(walking.sum()), np.uint32)
    before = np.zeros(len(contents), np.uint32)
    together = int(np.count_nonzero(walking > _FEW))
    rows = np.ascontiguousarray(letters.T[:together])
    for column, first, count in zip(rows, steps.tolist(), walking.tolist(), strict=False):
        moves = model.first_move.take(before[:count])
        moves += column[:count]
        before = states[first : first + count]
        model.moves.take(moves, out=before, mode="wrap")  # which needs no buffer as the default does
    left = contents[: walking[together]] if together < len(walking) else ()
    for place, content in enumerate(left):
        states[steps[together : len(content)] + place] = _states_alone(content[together:], int(before[place]), model)
    return states


def _features(contents: Sequence[bytes], model: _Model) -> list[np.ndarray]:
    """The features of each content, in the order in which its bytes come upon them."""
    lengths = np.array([len(content) for content in contents])
    order = np.argsort(-lengths, kind="stable")
    # The longest stand first, so that those which have a byte left are always the first ones.
    walking = len(contents) - np.searchsorted(lengths[order[::-1]], np.arange(lengths.max()), side="right")
    steps = np.cumsum(walking) - walking
    found = model.features.take(_states([contents[index] for index in order.tolist()], walking, steps, model))
    telling = np.flatnonzero(found >= 0)
    ranks = (telling - np.repeat(steps, walking)[telling]).astype(np.uint16)  # of which a sort is quick
    flat = found[telling[np.argsort(ranks, kind="stable")]]
    cuts = [0, *np.cumsum(np.bincount(ranks, minlength=len(contents))).tolist()]
    by_rank = [flat[first:past] for first, past in pairwise(cuts)]
    return [by_rank[rank] for rank in np.argsort(order).tolist()]


def _encoded(text: str) -> bytes:
    from py3langid.langid import LanguageIdentifier

    content: bytes = LanguageIdentifier._encode(text)
    return content


def _visits(features: np.ndarray, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each feature of a text once, in the order in which the text comes upon them, and how often it does.

    `places`, intp[features of the model], is room to work in: in it lies where each feature came first.
    """
    backwards = np.arange(len(features) - 1, -1, -1)
    places[features[backwards]] = backwards  # of what is written to one place the last stays
    counts = np.bincount(places[features])
    first = np.flatnonzero(counts)
    return features[first], counts[first]


def _probabilities(texts: Sequence[str], model: _Model) -> np.ndarray:
    contents = [_encoded(text) for text in texts]
    scores = np.zeros((len(texts), len(model.classes)), np.float32)
    places = np.empty(len(model.weights), np.intp)
    for row, visited in zip(scores, _features(contents, model), strict=True):
        if len(visited):
            features, counts = _visits(visited, places)
            weights = _small_singles(model.weights.take(features, axis=0))
            row[:] = (np.log1p(counts.astype(np.float32)) * _SCALE) @ weights  # a power of two rounds nothing
            row += model.priors
    # Divided by the root of the length, the probabilities mean the same for short and for long texts.
    scores *= (1.0 / np.sqrt([len(content) or 1 for content in contents])).astype(np.float32)[:, None]
    np.exp(scores - scores.max(axis=1, keepdims=True), out=scores)
    scores /= scores.sum(axis=1, keepdims=True)
    for first, other in model.aliases:
        scores[:, first] += scores[:, other]
        scores[:, other] = 0.0
    return scores


def languages() -> tuple[str, ...]:
    """The model's languages, as it writes them; one may stand twice, and the second time always has probability 0."""
    return _model().classes


def probabilities(texts: Sequence[str]) -> np.ndarray:
    """How likely each text is in each of `languages()`: float32[texts, languages]; all alike where nothing tells."""
    model = _model()
    batches = (texts[first : first + _BATCH] for first in range(0, len(texts), _BATCH))
    found = [_probabilities(batch, model) for batch in batches]
    return np.concatenate(found) if found else np.zeros((0, len(model.classes)), np.float32)
