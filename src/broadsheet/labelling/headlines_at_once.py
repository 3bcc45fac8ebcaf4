"""The headlines of many pages at once, by native/lines/headlines.h: the rule of `broadsheet.labelling.headlines` again.

It leaves pages with characters that take tables, and what it cannot tell in bounded time, to the rule there.
"""

import math
from collections.abc import Sequence
from enum import IntFlag
from functools import cache
from itertools import chain, repeat

import numpy as np

from broadsheet import native
from broadsheet.labelling.headlines import LEFT_OUT, NEVER, HeadView, heaviest, is_of_picture, shipped_weights

# Logarithms that are handed over, and answers for a page without a headline and one that is not told quickly; as in
# native/lines/headlines.h.
_LOGARITHMS, _NO_HEADLINE, _UNSURE = 4096, -1, -2


def main_starts(scores: Sequence[np.ndarray], lengths: Sequence[np.ndarray]) -> list[int]:
    """Index of the line with which the main run of body of each of one or more pages begins.

    By the model's scores (float32[lines]), weighed by the lengths of the lines (int32[lines]).
    """
    edges = np.cumsum([0, *map(len, scores)], dtype=np.int32)
    inputs = [np.concatenate(scores, dtype=np.float32), np.concatenate(lengths), edges]
    _, (begins,) = native.module("lines").call("runs", inputs, [(np.int32, len(scores))], len(scores))
    found: list[int] = begins.tolist()
    return found


class _Mark(IntFlag):
    """What is said of a line; as in native/lines/headlines.h."""

    LABELLED = 1
    SHARING = 2
    OF_PICTURE = 4
    WORDED = 8
    LANDMARK = 16
    EXCLUDED = 32


_MARKS = {None: 0, "share": int(_Mark.LABELLED | _Mark.SHARING)}
_MARKS |= dict.fromkeys(("caption", "credit"), int(_Mark.LABELLED | _Mark.OF_PICTURE))
_MARKS |= dict.fromkeys(NEVER, int(_Mark.LABELLED | _Mark.EXCLUDED))


def _marks(view: HeadView) -> bytearray:
    """Marks of the lines of a page that are looked at, but for those by their methods and phrases."""
    labels = view.page.labels[view.start : view.past]
    marks = bytearray(map(_MARKS.get, labels, repeat(int(_Mark.LABELLED))))
    for index in view.landmarks:
        marks[index - view.start] |= _Mark.LANDMARK
    return marks


@cache
def _packed_weights() -> int:
    """Where the weights stand in the module's memory: `Weights` in native/lines/headlines.h."""
    weights = shipped_weights()
    of_features = (*weights.standing, *weights.numbers, *weights.shared, *weights.copies)
    logarithms = map(math.log1p, range(_LOGARITHMS))
    return native.module("lines").keep(np.array([*of_features, weights.none, weights.most_copied, *logarithms]))


def _quickly_chosen(views: Sequence[HeadView]) -> list[int]:
    """Index of the headline of each page, _NO_HEADLINE, or _UNSURE where that takes a closer look."""
    pages = [view.page for view in views]
    content = b"\n".join([page.glance.content for page in pages])
    marks = np.frombuffer(b"".join(map(_marks, views)), np.uint8)
    looked_at = [slice(view.start, view.past) for view in views]
    excluded = [map(LEFT_OUT.__contains__, page.methods[lines]) for page, lines in zip(pages, looked_at, strict=True)]
    worded = [map(bool, page.phrases[lines]) for page, lines in zip(pages, looked_at, strict=True)]
    for mark, those in ((_Mark.EXCLUDED, excluded), (_Mark.WORDED, worded)):
        marks = marks | np.frombuffer(b"".join(map(bytes, those)), np.uint8) * np.uint8(mark)
    inputs: list[native.Input] = [
        content,
        np.cumsum([0, *(page.count for page in pages)], dtype=np.int32),
        np.fromiter(chain.from_iterable(page.words for page in pages), np.int32),
        np.concatenate([page.page.scores for page in pages], dtype=np.float32),
        b"".join(bytes(page.body) for page in pages),
        marks,
        np.array([(view.main, view.first, view.prose, view.start, view.past) for view in views], np.int32),
    ]
    outputs: list[native.Output] = [(np.int32, len(pages)), (np.uint8, 0)]
    module = native.module("lines")
    _, (found, _) = module.call("headlines", inputs, outputs, _packed_weights(), len(content), len(pages))
    chosen: list[int] = found.tolist()
    return chosen


def choose_headlines(views: Sequence[HeadView]) -> list[int | None]:
    """Index of the headline of each page, or None where none is likely."""
    chosen: list[int | None] = []
    for view, index in zip(views, _quickly_chosen(views) if views else [], strict=True):
        page = view.page
        # The newlines inside of lines that were wrapped in a script without blanks are blanks to the module.
        if index == _UNSURE or page.glance.is_wrapped or (index >= 0 and is_of_picture(page.lines[index])):
            chosen.append(heaviest(view))
        else:
            chosen.append(None if index == _NO_HEADLINE else index)
    return chosen
