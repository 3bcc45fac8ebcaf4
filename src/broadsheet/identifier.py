"""py3langid's classifier over many texts at once, with the probabilities of the library to the last bit.

The library walks its automaton in Python, byte by byte. Here all pieces of the texts of a batch walk in step: one
look-up of NumPy takes all of them a byte further.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

# Texts that walk together: enough for NumPy, few enough for the cache.
_BATCH = 256
# Bytes of a piece of a text, and of the longest n-gram of the model: a state knows no more of what went before.
_PIECE = 48
_LONGEST_GRAM = 6


@dataclass(frozen=True, slots=True)
class _Model:
    """The library's model: an automaton over bytes, some states of which stand for a feature, and naive Bayes.

    Of state `s` the moves are `moves[first_move[s]:][:256]`, one a byte, and the feature is `features[s]`, -1 for
    none. `weights` are float32[features, classes] and `priors` float32[classes]; `aliases` are pairs of
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
        weights=np.asarray(weights, np.float32),  # float16 in the file
        priors=priors,
        classes=tuple(classes),
        aliases=tuple((first[code], index) for index, code in enumerate(classes) if first[code] != index),
    )


def _states(letters: np.ndarray, begins: np.ndarray, model: _Model) -> np.ndarray:
    """The states behind each byte of pieces (uint32[bytes, pieces]); `letters` has as many more bytes before as tell
    the first state (uint8[more bytes, pieces]), but where a text `begins` with the piece (bool[pieces])."""
    states = np.zeros(letters.shape, np.uint32)
    before = states[0]
    for number, (own, column) in enumerate(zip(states, letters, strict=True)):
        if number == _LONGEST_GRAM:
            before[begins] = 0
        moves = model.first_move.take(before)
        moves += column
        model.moves.take(moves, out=own, mode="wrap")  # which needs no buffer as the default does
        before = own
    return states[_LONGEST_GRAM:]


def _features(contents: Sequence[bytes], model: _Model) -> list[np.ndarray]:
    """The features of each content, in the order in which its bytes come upon them."""
    lengths = np.array([len(content) for content in contents])
    pieces = -(-lengths // _PIECE)
    of_content = np.repeat(np.arange(len(contents)), pieces)
    begins_at = (np.arange(len(of_content)) - np.repeat(np.cumsum(pieces) - pieces, pieces)) * _PIECE
    joined = np.frombuffer(b"".join([bytes(_LONGEST_GRAM), *contents, bytes(_PIECE)]), np.uint8)
    windows = sliding_window_view(joined, _LONGEST_GRAM + _PIECE)
    letters = np.ascontiguousarray(windows[(np.cumsum(lengths) - lengths)[of_content] + begins_at].T)
    found = model.features.take(_states(letters, begins_at == 0, model).T)
    telling = (found >= 0) & (np.arange(_PIECE) < (lengths[of_content] - begins_at)[:, None])
    cuts = np.cumsum(np.bincount(of_content, np.count_nonzero(telling, axis=1), len(contents))).astype(np.intp)
    return np.split(found[telling], cuts[:-1])


def _encoded(text: str) -> bytes:
    from py3langid.langid import LanguageIdentifier

    content: bytes = LanguageIdentifier._encode(text)
    return content


def _visits(features: np.ndarray, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each feature of a text once, in the order in which the text comes upon them, and how often it does.

    `places`, intp[features of the model], is room to work in: in it lies where each feature came first.
    """
    places.put(features[::-1], np.arange(len(features) - 1, -1, -1))  # of what is put to one place the last stays
    counts = np.bincount(places.take(features))
    first = counts.nonzero()[0]
    return features.take(first), counts.take(first)


def _probabilities(texts: Sequence[str], model: _Model) -> np.ndarray:
    contents = [_encoded(text) for text in texts]
    scores = np.zeros((len(texts), len(model.classes)), np.float32)
    places = np.empty(len(model.weights), np.intp)
    features = _features(contents, model)
    most = max(map(len, features))
    by_count = np.log1p(np.arange(most + 1, dtype=np.float32))
    for row, visited in zip(scores, features, strict=True):
        if len(visited):
            distinct, counts = _visits(visited, places)
            row[:] = by_count.take(counts) @ model.weights.take(distinct, axis=0)
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
