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
from enum import IntEnum
from typing import NamedTuple

import numpy as np

from broadsheet import native

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
# Bytes of the record of native/network.c that are handed over, and where those end that are made.
_GIVEN, _MADE = 28, 44


@dataclass(frozen=True)
class Rectifier:
    """Scale and bias of values before they are cut at 0 and at the highest whole number."""

    scale: np.ndarray  # float32[networks, channels, 1]
    bias: np.ndarray  # float32[networks, channels, 1]


@dataclass(frozen=True)
class Linear:
    """Whole-number weights, and for each output what turns sums into values."""

    weights: np.ndarray  # float32[networks, outputs, inputs], whole numbers from -127 to 127
    scale: np.ndarray  # float32[networks, outputs, 1]
    bias: np.ndarray  # float32[networks, outputs, 1]

    def __call__(self, whole: np.ndarray) -> np.ndarray:
        """Values (float32[networks, outputs, lines]) of whole numbers (float32[networks, inputs, lines])."""
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
    convolution: np.ndarray  # float32[networks, channels, 3 * channels], whole numbers from -127 to 127
    between: Rectifier
    mix: np.ndarray  # float32[networks, channels, channels], whole numbers from -127 to 127
    scale: np.ndarray  # float32[networks, channels, 1], of the mix


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

    def sum_up(self, weights: np.ndarray, bias: np.ndarray, out: np.ndarray) -> None:
        """Put exact sums by weights (float32[networks, outputs, inputs]) and a bias into `out`, a row an output."""
        some, outputs = len(self.table), weights.shape[0] * weights.shape[1]
        flat = weights.reshape(outputs, -1)
        np.matmul(flat[:, :some], self.table, out=out.reshape(outputs, -1))
        out += bias + weights[..., some:] @ self.rest


class _Kind(IntEnum):
    """What values are made whole for; as in native/network.c."""

    CONVOLUTION, MIX, OTHERS = range(3)


class Room(NamedTuple):
    """Arrays that networks work in, float32[networks, channels, lines]: views of the memory of native/network.c."""

    values: np.ndarray  # what layers add to
    sums: np.ndarray  # of a convolution, and whole numbers for the mix
    spare: np.ndarray  # of a mix, or whole numbers for what sees no neighbours
    beside: np.ndarray  # [networks, 3 * channels, lines]: the line before, the line itself, the line after


@functools.cache
def _record() -> int:
    """Where native/network.c looks for what to do: its `Record`."""
    return native.module("network").call("where", (), ())[0]


@dataclass(frozen=True)
class Networks:
    """Networks over the same inputs, which go from layer to layer together; their log odds are averaged.

    Products of matrices are numpy's; what comes between them is written in C (native/network.c), a step after the
    other, over the same arrays.
    """

    first: np.ndarray  # float32[networks, channels, inputs], whole numbers from -127 to 127
    first_bias: np.ndarray  # float32[networks, channels, 1], whole numbers
    layers: tuple[Layer, ...]
    before_page: Rectifier
    page: Linear
    last_rectifier: Rectifier
    last: Linear

    @functools.cached_property
    def _steps(self) -> int:
        """Where all steps between products stand in the module's memory, in order."""
        keep, steps, mixed = native.module("network").keep, [], 0

        def add(kind: _Kind, rectifier: Rectifier, mixed: int = 0, dilation: int = 0) -> None:
            steps.append([keep(rectifier.scale), keep(rectifier.bias), mixed, kind, dilation])

        for number, (layer, dilation) in enumerate(zip(self.layers, DILATIONS, strict=True)):
            add(_Kind.CONVOLUTION, layer.before, mixed, dilation)
            add(_Kind.MIX, layer.between)
            mixed = keep(layer.scale)
            if number == PAGE_AFTER:
                add(_Kind.OTHERS, self.before_page, mixed)
                mixed = 0
        add(_Kind.OTHERS, self.last_rectifier, mixed)
        return keep(np.array(steps, np.uint32))

    def _room(self, edges: np.ndarray) -> Room:
        """Room for the lines of pages, with the first step to come."""
        (networks, channels, _), count, place = self.first.shape, int(edges[-1]), _record()
        numbers = self._steps, networks, channels, count, len(edges) - 1
        memory = native.module("network").call_with_record("make_room", place, [edges], *numbers)

        def view(address: int, rows: int) -> np.ndarray:
            past = address + 4 * networks * rows * count
            return memory[address:past].view(np.float32).reshape(networks, rows, count)

        values, sums, spare, beside = memory[place + _GIVEN : place + _MADE].view(np.uint32).tolist()
        return Room(view(values, channels), view(sums, channels), view(spare, channels), view(beside, 3 * channels))

    def margins(self, whole: Whole, edges: np.ndarray) -> np.ndarray:
        """Log odds (int64[lines], in 1/MARGIN_SCALE) of lines that make up pages between `edges` (int32[pages + 1])."""
        room, module = self._room(edges), native.module("network")
        whole.sum_up(self.first, self.first_bias, room.values)
        np.clip(room.values, 0, np.inf, out=room.values)  # a third of the time of `np.maximum`
        for number, layer in enumerate(self.layers):
            module.call_again("step")
            np.matmul(layer.convolution, room.beside, out=room.sums)
            module.call_again("step")
            np.matmul(layer.mix, room.sums, out=room.spare)
            if number == PAGE_AFTER:
                module.call_again("step")
                np.add(room.values, self._of_pages(room.spare, edges), out=room.values)
        module.call_again("step")
        total = self.last(room.spare)[:, 0].sum(axis=0)
        return np.rint(total * np.float32(MARGIN_SCALE / len(self.first))).astype(np.int64)

    def _of_pages(self, whole: np.ndarray, edges: np.ndarray) -> np.ndarray:
        """What the page as a whole says (float32[networks, channels, lines])."""
        size = np.diff(edges)
        mean = np.rint(np.add.reduceat(whole, edges[:-1], axis=2) / size.astype(np.float32))
        highest = np.maximum.reduceat(whole, edges[:-1], axis=2)
        said = np.maximum(self.page(np.concatenate((mean, highest), axis=1)), np.float32(0))
        return np.repeat(said, size, axis=2)


@dataclass(frozen=True)
class Ensemble:
    """All that tells body lines by whole numbers: how they are made, which lines networks see, and networks."""

    inputs: Inputs
    gate: Gate
    networks: Networks

    def scores(self, whole: np.ndarray, near: np.ndarray, lines: Lines) -> np.ndarray:
        """Probabilities (float32[lines], 3 decimals) of lines; 0 for those not `near` (bool[lines]).

        `whole` are the whole numbers of the features of those that are (float32[features, near]). Those of marks, which
        come last, are left out where no page of the batch has any: the features are all 0 then.
        """
        scores = np.zeros(lines.count, np.float32)
        if whole.shape[1]:
            given = Whole(whole, self.inputs.of_nothing()[len(whole) :])
            scores[near] = to_probabilities(self.networks.margins(given, edges_of(near, lines)))
        return scores


def edges_of(near: np.ndarray, lines: Lines) -> np.ndarray:
    """Lines before each page (int32[pages + 1]) that the lines `near` (bool[lines]) make up without the others."""
    number = np.zeros(lines.count + 1, np.int32)
    np.cumsum(near, out=number[1:])
    return np.unique(number[lines.page_lines])


@functools.cache
def probabilities() -> np.ndarray:
    """Probability (float32, rounded to 3 decimals) of every log odds from -16 to 16."""
    margins = np.arange(-16 * MARGIN_SCALE, 16 * MARGIN_SCALE + 1) / MARGIN_SCALE
    return np.round(1 / (1 + np.exp(-margins)), 3).astype(np.float32)


def to_probabilities(margins: np.ndarray) -> np.ndarray:
    """Probabilities (float32[lines]) of log odds (int64[lines], in 1/MARGIN_SCALE)."""
    limit = 16 * MARGIN_SCALE
    return probabilities()[np.clip(margins, -limit, limit) + limit]


def networks_of(arrays: Mapping[str, np.ndarray], count: int) -> Networks:
    """Networks from arrays as `training/network.py` names them."""

    def stacked(name: str) -> np.ndarray:
        return np.stack([arrays[f"{number}.{name}"] for number in range(count)])

    def whole(name: str) -> np.ndarray:
        return stacked(f"{name}.weights").astype(np.float32)

    def column(name: str) -> np.ndarray:
        return stacked(name)[..., None]

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
    return Networks(
        whole("first"), column("first.bias"), layers, rectifier("before_page"), linear("page"),
        rectifier("last_rectifier"), linear("last"),
    )  # fmt: skip


def ensemble_of(arrays: Mapping[str, np.ndarray]) -> Ensemble:
    """The gate and the networks of a file of weights."""
    inputs = Inputs(*(arrays[f"inputs.{name}"][:, None] for name in ("half", "scale", "bias")))
    gate = Gate(arrays["gate.weights"].astype(np.float32), arrays["gate.least"])
    return Ensemble(inputs, gate, networks_of(arrays, int(arrays["networks"])))
