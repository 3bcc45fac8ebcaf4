"""A small network over the lines of pages: each line sees those around it, and its page as a whole.

Residual layers of dilated convolution over lines (van den Oord et al., WaveNet, 2016; Bai et al., 2018), with one
layer in between that tells each line the mean and the highest of its page. What is multiplied are whole numbers,
held in float32 and never summed beyond 2**24, so sums are exact: scores are the same on any machine and in any batch.
Most lines of most pages are navigation, which a weighted sum of their features tells: networks do not see them.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from .lexicon import Lines

DILATIONS = (1, 2, 4, 8, 16, 1)
PAGE_AFTER = 3
# Steps of the whole numbers that stand for inputs (-4 to 4), and for what layers hand on (0 and more).
INPUT_STEP = 31
MOST_INPUT = 4 * INPUT_STEP
MOST_HIDDEN = 255
MARGIN_SCALE = 1_024
# How many lines from one that may be body networks still look, and up to how many a page has that they see whole.
REACH = 6
SHORT_PAGE = 32


@dataclass(frozen=True)
class Rectifier:
    """Scale and bias of values before they are cut at 0 and at the highest whole number."""

    scale: np.ndarray  # float32[channels, 1]
    bias: np.ndarray  # float32[channels, 1]

    def __call__(self, values: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
        """Whole numbers (float32, 0 to 255) for the next layer."""
        whole = np.multiply(values, self.scale, out=out)
        whole += self.bias
        np.rint(whole, out=whole)
        return np.clip(whole, 0, MOST_HIDDEN, out=whole)


@dataclass(frozen=True)
class Linear:
    """Whole-number weights, and for each output what turns sums into values."""

    weights: np.ndarray  # float32[outputs, inputs], whole numbers from -127 to 127
    scale: np.ndarray  # float32[outputs, 1]
    bias: np.ndarray  # float32[outputs, 1]

    def __call__(self, whole: np.ndarray) -> np.ndarray:
        """Values (float32[outputs, lines]) of whole numbers (float32[inputs, lines])."""
        values = self.weights @ whole
        values *= self.scale
        values += self.bias
        return values


@dataclass(frozen=True)
class Layer:
    """A residual layer: convolution over three lines, then a mix of channels.

    The convolution's own scale and bias are in `between`, and the mix's bias is in all that comes after it.
    """

    before: Rectifier
    convolution: np.ndarray  # float32[channels, 3 * channels], whole numbers from -127 to 127
    between: Rectifier
    mix: np.ndarray  # float32[channels, channels], whole numbers from -127 to 127
    scale: np.ndarray  # float32[channels, 1], of the mix

    def __call__(self, room: Room, pages: Pages, dilation: int) -> None:
        """Add to the values of a room what this layer says."""
        self.before(room.values, room.own)
        pages.spread(room.beside, dilation)
        np.matmul(self.convolution, room.beside, out=room.sums)
        # The lines' own whole numbers are needed no more.
        np.matmul(self.mix, self.between(room.sums, room.sums), out=room.spare)
        room.spare *= self.scale
        room.values += room.spare


class Room:
    """Arrays that networks work in, one after another: memory that is new each time costs as much as its sums."""

    def __init__(self, channels: int, lines: int) -> None:
        self.values = np.empty((channels, lines), np.float32)
        self.beside = np.empty((3 * channels, lines), np.float32)
        self.own = self.beside[channels : 2 * channels]
        self.sums = np.empty((channels, lines), np.float32)
        self.spare = np.empty((channels, lines), np.float32)


@dataclass(frozen=True)
class Inputs:
    """How features become whole numbers (-124 to 124): x / (|x| + half), shifted and scaled to what is usual on pages.

    That is done where the features are computed: see `broadsheet.labelling.features.LineFeatures`.
    """

    half: np.ndarray  # float32[features, 1]
    scale: np.ndarray  # float32[features, 1]
    bias: np.ndarray  # float32[features, 1]

    def of_nothing(self) -> np.ndarray:
        """Whole numbers (float32[features, 1]) of features that are 0."""
        return np.clip(np.rint(self.bias), -MOST_INPUT, MOST_INPUT)


@dataclass(frozen=True)
class Network:
    """The layers of one network."""

    first: np.ndarray  # float32[channels, inputs], whole numbers from -127 to 127
    first_bias: np.ndarray  # float32[channels, 1], whole numbers
    layers: tuple[Layer, ...]
    before_page: Rectifier
    page: Linear
    last_rectifier: Rectifier
    last: Linear

    def margins(self, sums: np.ndarray, room: Room, pages: Pages) -> np.ndarray:
        """Log odds (float32[lines]) from the exact sums of the first layer (float32[channels, lines])."""
        # A third of the time of `np.maximum`.
        np.clip(sums, 0, np.inf, out=room.values)
        for number, (layer, dilation) in enumerate(zip(self.layers, DILATIONS, strict=True)):
            layer(room, pages, dilation)
            if number == PAGE_AFTER:
                room.values += self.of_pages(self.before_page(room.values, room.spare), pages)
        return self.last(self.last_rectifier(room.values, room.spare))[0]

    def of_pages(self, whole: np.ndarray, pages: Pages) -> np.ndarray:
        """What the page as a whole says (float32[channels, lines])."""
        size = pages.past - pages.first
        mean = np.rint(np.add.reduceat(whole, pages.first, axis=1) / size.astype(np.float32))
        highest = np.maximum.reduceat(whole, pages.first, axis=1)
        said = np.maximum(self.page(np.concatenate((mean, highest))), np.float32(0))
        return np.repeat(said, size, axis=1)


@dataclass(frozen=True)
class Pages:
    """First line and line past the last (int64[pages]) of pages that lie one behind the other, each with a line."""

    first: np.ndarray
    past: np.ndarray

    @functools.cached_property
    def spans(self) -> list[tuple[int, int]]:
        """First line and line past the last of each page."""
        return list(zip(self.first.tolist(), self.past.tolist(), strict=True))

    def spread(self, beside: np.ndarray, dilation: int) -> None:
        """Fill the outer thirds of `beside` (float32[3 * channels, lines]) from the inner one, each line's own.

        The first third is of the line `dilation` before, the last of the one after; both 0 where the page ends.
        """
        channels = len(beside) // 3
        before, own, after = beside[:channels], beside[channels : 2 * channels], beside[2 * channels :]
        before[:, dilation:] = own[:, :-dilation]
        after[:, :-dilation] = own[:, dilation:]
        for first, past in self.spans:
            before[:, first : min(first + dilation, past)] = 0
            after[:, max(past - dilation, first) : past] = 0


@dataclass(frozen=True)
class Gate:
    """A first look at each line by itself: networks see only lines near those that may be body, and short pages.

    A line may be body by any of the sums: one of all its features, and one of how many words it has, as a line of
    prose is worth a look whatever stands around it. That is decided where the features are computed.
    """

    weights: np.ndarray  # float32[sums, inputs], whole numbers
    least: np.ndarray  # float32[sums], from which on a line may be body


@dataclass(frozen=True)
class Whole:
    """All inputs of lines in whole numbers."""

    table: np.ndarray  # float32[features, lines]
    rest: np.ndarray  # float32[features, 1], of those that come last and are the same for all lines

    def sums(self, weights: np.ndarray) -> np.ndarray:
        """Exact sums (float32[outputs, lines]) by weights (float32[outputs, inputs])."""
        sums: np.ndarray = weights[:, : len(self.table)] @ self.table
        sums += weights[:, len(self.table) :] @ self.rest
        return sums


@dataclass(frozen=True)
class Ensemble:
    """Networks over the same inputs; their log odds are averaged."""

    inputs: Inputs
    gate: Gate
    networks: tuple[Network, ...]

    def scores(self, whole: np.ndarray, near: np.ndarray, lines: Lines) -> np.ndarray:
        """Probabilities (float32[lines], 3 decimals) of lines; 0 for those not `near` (bool[lines]).

        `whole` are the whole numbers of the features of those that are (float32[features, near]). Those of marks, which
        come last, are left out where no page of the batch has any: the features are all 0 then.
        """
        scores = np.zeros(lines.count, np.float32)
        if whole.shape[1]:
            given = Whole(whole, self.inputs.of_nothing()[len(whole) :])
            scores[near] = to_probabilities(self.margins(given, pages_of(near, lines)))
        return scores

    def margins(self, whole: Whole, pages: Pages) -> np.ndarray:
        """Log odds (int64[lines], in 1/MARGIN_SCALE) of lines that make up pages."""
        sums = whole.sums(np.concatenate([network.first for network in self.networks]))
        sums += np.concatenate([network.first_bias for network in self.networks])
        room = Room(len(sums) // len(self.networks), sums.shape[1])
        total = np.zeros(sums.shape[1], np.float32)
        for network, own in zip(self.networks, np.split(sums, len(self.networks)), strict=True):
            total += network.margins(own, room, pages)
        return np.rint(total * np.float32(MARGIN_SCALE / len(self.networks))).astype(np.int64)


def pages_of(near: np.ndarray, lines: Lines) -> Pages:
    """The pages that the lines `near` (bool[lines]) make up when the others are left out."""
    number = np.concatenate(([0], np.cumsum(near)))
    first, past = number[lines.page_first], number[lines.page_past]
    some = past > first
    return Pages(first[some], past[some])


@functools.cache
def probabilities() -> np.ndarray:
    """Probability (float32, rounded to 3 decimals) of every log odds from -16 to 16."""
    margins = np.arange(-16 * MARGIN_SCALE, 16 * MARGIN_SCALE + 1) / MARGIN_SCALE
    return np.round(1 / (1 + np.exp(-margins)), 3).astype(np.float32)


def to_probabilities(margins: np.ndarray) -> np.ndarray:
    """Probabilities (float32[lines]) of log odds (int64[lines], in 1/MARGIN_SCALE)."""
    limit = 16 * MARGIN_SCALE
    return probabilities()[np.clip(margins, -limit, limit) + limit]


def network_of(arrays: Mapping[str, np.ndarray], prefix: str) -> Network:
    """A network from arrays as `training/network.py` names them."""

    def whole(name: str) -> np.ndarray:
        return arrays[f"{prefix}{name}.weights"].astype(np.float32)

    def column(name: str) -> np.ndarray:
        return arrays[f"{prefix}{name}"][:, None]

    def linear(name: str) -> Linear:
        return Linear(whole(name), column(f"{name}.scale"), column(f"{name}.bias"))

    def rectifier(name: str) -> Rectifier:
        return Rectifier(column(f"{name}.scale"), column(f"{name}.bias"))

    layers = tuple(
        Layer(
            rectifier(f"{i}.before"), whole(f"{i}.convolution"),
            rectifier(f"{i}.between"), whole(f"{i}.mix"), column(f"{i}.mix.scale"),
        )
        for i in range(len(DILATIONS))
    )  # fmt: skip
    return Network(
        whole("first"), column("first.bias"), layers, rectifier("before_page"), linear("page"),
        rectifier("last_rectifier"), linear("last"),
    )  # fmt: skip


def ensemble_of(arrays: Mapping[str, np.ndarray]) -> Ensemble:
    """The gate and the networks of a file of weights."""
    inputs = Inputs(*(arrays[f"inputs.{name}"][:, None] for name in ("half", "scale", "bias")))
    gate = Gate(arrays["gate.weights"].astype(np.float32), arrays["gate.least"])
    return Ensemble(inputs, gate, tuple(network_of(arrays, f"{i}.") for i in range(int(arrays["networks"]))))
