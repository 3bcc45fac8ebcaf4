"""Which line is the headline."""

from collections.abc import Sequence

import numpy as np

_SHORTEST, _LONGEST = 8, 250
# Lines above the body's first that are looked at, and the body's own lines that are compared with.
_WINDOW, _COMPARED = 40, 8
_EXCLUDED = frozenset(("read_time", "byline", "date_published", "date_modified", "caption", "credit", "correction", "legal", "comments", "promo", "advertisement"))


def _words(text: str) -> set[str]:
    words = {word.strip(".,:;!?\"'“”‘’«»()[]") for word in text.casefold().split()}
    if any("\u3040" <= character <= "\u9fff" for character in text[:40]):
        return {text[index : index + 2] for index in range(len(text) - 1)}
    return {word for word in words if len(word) > 3}


def _score(line: str, distance: int, body_words: set[str], repeated: bool) -> float:
    words = line.split()
    own = _words(line)
    shared = len(own & body_words) / max(3, len(own))
    score = 2.2 * shared - 0.09 * distance
    characters = len(line)
    spaceless = any("\u3040" <= character <= "\u9fff" for character in line[:40])
    if spaceless:
        score += 0.5 if 8 <= characters <= 60 else -0.5
    else:
        score += 0.7 if 4 <= len(words) <= 20 else -0.6
        score += 0.4 if 30 <= characters <= 130 else 0.0
    if line[-1] in ".。:…":
        score -= 0.7
    if line[0] in "•*-–—·●▪|»›":
        score -= 1.0
    if "|" in line or " » " in line or " › " in line:
        score -= 0.6
    if repeated:
        score += 0.3
    return score


def choose_headline(
    lines: Sequence[str], body: np.ndarray, labels: Sequence[str | None], first: int
) -> int | None:
    """Index of the headline among the lines above the body's first line, or None where none is likely.

    `body` marks lines of the body, `labels` what rules have decided already. A headline is near, shares words
    with the body, has the length of one and does not end as a sentence does.
    """
    window = [index for index in range(max(0, first - _WINDOW), first) if labels[index] not in _EXCLUDED]
    # The model may take a long headline or a deck for body.
    chosen = [int(index) for index in np.flatnonzero(body)[:_COMPARED]]
    body_words = set().union(*(_words(lines[index]) for index in chosen)) if chosen else set()
    best, best_score = None, 0.9
    seen = [line.casefold() for line in lines[:first]]
    for place, index in enumerate(reversed(window)):
        line = lines[index]
        if not _SHORTEST <= len(line) <= _LONGEST:
            continue
        repeated = seen.count(line.casefold()) > 1
        score = _score(line, place, body_words, repeated)
        if score > best_score:
            best, best_score = index, score
    return best
