"""Features of the lines of news pages, many pages at a time: of their text, and of the marks of HTML pages.

They are computed by native/features.c, a page after the other, so that they are the same in every batch. Each is
computed, and named, in one place there, and the gate decides there which lines networks see.
"""

from __future__ import annotations

import functools

import numpy as np

from broadsheet import native

from .lexicon import NAMES, Lines, character_addresses, lexicon
from .markup import ANCHORS, GROUPS, BatchMarks, anchor_table, no_marks
from .network import REACH, SHORT_PAGE, Ensemble
from .wording import Wording

ENDINGS = ("related", "comments", "popular", "newsletter", "biography", "topics", "share",
           "legal", "appeal")  # fmt: skip
NOISE = ("share", "newsletter", "legal", "video", "related", "advertisement", "cookies",
         "credit", "comments", "appeal", "navigation", "topics", "commerce", "popular")  # fmt: skip
HEADINGS = ("share", "newsletter", "related", "comments", "biography", "popular", "topics",
            "published", "legal", "appeal", "byline", "time")  # fmt: skip
_ROOM_FOR_NAMES = 1 << 16


def _bits(*names: str) -> int:
    return sum(1 << NAMES.index(name) for name in names)


@functools.cache
def tables() -> int:
    """Where all that never changes stands in the module's memory: `Tables` in native/features/words.h."""
    phrases = lexicon()
    keep = native.module("features").keep
    names = "".join(f"{name}\0" for name in (*NAMES, *GROUPS, *ANCHORS)).encode()
    kept = (
        phrases.keys, phrases.categories, phrases.first, phrases.taken, np.frombuffer(names, np.uint8), anchor_table(),
    )  # fmt: skip
    numbers = len(NAMES), len(GROUPS), len(ANCHORS), _bits(*NOISE), _bits(*HEADINGS), _bits(*ENDINGS), _bits("time")
    return keep(np.array([*character_addresses(), *map(keep, kept), *numbers], np.uint32))


@functools.cache
def names() -> tuple[tuple[str, ...], int]:
    """Names of all features, in order, and how many of them are of text; those of marks come last."""
    outputs: list[tuple[type, int]] = [(np.uint8, _ROOM_FOR_NAMES), (np.uint8, 0)]
    of_text, (found, _) = native.module("features").call("names", [], outputs, tables(), _ROOM_FOR_NAMES)
    return tuple(found.tobytes().rstrip(b"\0").decode().split("\0")), of_text


class LineFeatures:
    """The features of lines: of those that `networks` see, in whole numbers, or of all as they are, to train on."""

    def __init__(self, wording: Wording, networks: Ensemble | None = None) -> None:
        module = native.module("features")
        self._wording = module.keep(wording.packed())
        self._scaling = self._gate = 0
        if networks is not None:
            inputs, gate = networks.inputs, networks.gate
            self._scaling = module.keep(np.stack((inputs.half, inputs.scale, inputs.bias)))
            sizes, kept = gate.weights.shape, (module.keep(gate.weights), module.keep(gate.least))
            self._gate = module.keep(np.array([*sizes, *kept, REACH, SHORT_PAGE], np.uint32))

    def __call__(self, lines: Lines, marks: BatchMarks | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Features (float32[features, some lines]) of the lines that are flagged (bool[lines]); of marks only if there
        are any.

        Both are views of the module's memory, to be copied where they are to outlive the next call.
        """
        found, of_text = names()
        rows = of_text if marks is None else len(found)
        given = no_marks(lines.pages) if marks is None else marks
        module = native.module("features")
        inputs = [lines.codes, lines.spans, lines.original, lines.page_lines, lines.page_codes]
        address, (near, _) = module.call(
            "features", [*inputs, given.columns, given.page_marks], [(bool, lines.count), (np.uint8, 0)],
            tables(), self._wording, self._scaling, self._gate, lines.pages, lines.count, rows, len(found), given.tags,
        )  # fmt: skip
        table = module.view(address, np.float32, rows * lines.count).reshape(rows, lines.count)
        return table[:, : np.count_nonzero(near)], near
