"""A small network over the lines of pages: each line sees those around it, and its page as a whole.

Residual layers of dilated convolution over lines (van den Oord et al., WaveNet, 2016; Bai et al., 2018), with one
layer in between that tells each line the mean and the highest of its page. What is multiplied are whole numbers,
held in float32 and never summed beyond 2**24, so sums are exact: scores are the same on any machine and in any batch.
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


@dataclass(frozen=True)
class Linear:
    """Whole-number weights, and for each output what turns sums into values."""

    weights: np.ndarray  # float32[outputs, inputs], whole numbers from -127 to 127
    scale: np.ndarray  # float32[outputs, 1]
    bias: np.ndarray  # float32[outputs, 1]

    def __call__(self, whole: np.ndarray) -> np.ndarray:
        """Values (float32[outputs, lines]) of whole numbers (float32[inputs, lines])."""
        return self.values(self.weights @ whole)

    def values(self, sums: np.ndarray) -> np.ndarray:
        """Values of exact sums, in their place."""
        sums *= self.scale
        sums += self.bias
        return sums


@dataclass(frozen=True)
class Rectifier:
    """Scale and bias of values before they are cut at 0 and at the highest whole number."""

    scale: np.ndarray  # float32[channels, 1]
    bias: np.ndarray  # float32[channels, 1]

    def __call__(self, values: np.ndarray) -> np.ndarray:
        """Whole numbers (float32, 0 to 255) for the next layer."""
        whole = values * self.scale
        whole += self.bias
        np.rint(whole, out=whole)
        return np.clip(whole, 0, MOST_HIDDEN, out=whole)


@dataclass(frozen=True)
class Layer:
    """A residual layer: convolution over three lines, then a mix of channels."""

    before: Rectifier
    convolution: Linear
    between: Rectifier
    mix: Linear


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

    first: Linear
    layers: tuple[Layer, ...]
    before_page: Rectifier
    page_mean: Rectifier
    page: Linear
    last_rectifier: Rectifier
    last: Linear

    def margins(self, sums: np.ndarray, lines: Lines, neighbours: Neighbours) -> np.ndarray:
        """Log odds (float32[lines]) from the exact sums of the first layer (float32[channels, lines])."""
        values = np.maximum(self.first.values(sums), np.float32(0))
        for number, (layer, dilation) in enumerate(zip(self.layers, DILATIONS, strict=True)):
            convolved = layer.convolution(neighbours.beside(layer.before(values), dilation))
            values += layer.mix(layer.between(convolved))
            if number == PAGE_AFTER:
                values += self.of_pages(values, lines)
        return self.last(self.last_rectifier(values))[0]

    def of_pages(self, values: np.ndarray, lines: Lines) -> np.ndarray:
        """What the page as a whole says (float32[channels, lines])."""
        whole = self.before_page(values)
        some = np.flatnonzero(lines.page_past > lines.page_first)
        first = lines.page_first[some]
        count = (lines.page_past[some] - first).astype(np.float32)
        mean = self.page_mean(np.add.reduceat(whole, first, axis=1) / count)
        highest = np.maximum.reduceat(whole, first, axis=1)
        said = np.maximum(self.page(np.concatenate((mean, highest))), np.float32(0))
        return np.repeat(said, lines.page_past[some] - first, axis=1)


class Neighbours:
    """Columns of the lines some way before and after each line, nothing where the page ends."""

    def __init__(self, lines: Lines) -> None:
        here = np.arange(lines.count)
        self.before = {d: np.flatnonzero(here - d < lines.first) for d in set(DILATIONS)}
        self.after = {d: np.flatnonzero(here + d >= lines.past) for d in set(DILATIONS)}

    def beside(self, whole: np.ndarray, dilation: int) -> np.ndarray:
        """float32[3 * channels, lines]: of the line `dilation` before, of the line, of the one after."""
        channels = len(whole)
        out = np.empty((3 * channels, whole.shape[1]), np.float32)
        out[:channels, dilation:] = whole[:, :-dilation]
        out[:channels, self.before[dilation]] = 0
        out[channels : 2 * channels] = whole
        out[2 * channels :, :-dilation] = whole[:, dilation:]
        out[2 * channels :, self.after[dilation]] = 0
        return out


@dataclass(frozen=True)
class Ensemble:
    """Networks over the same inputs; their log odds are averaged."""

    inputs: Inputs
    networks: tuple[Network, ...]

    def scores(self, whole: np.ndarray, lines: Lines) -> np.ndarray:
        """Probabilities (float32[lines], 3 decimals) of lines.

        `whole` are the whole numbers of their features (float32[features, lines]). Those of marks, which come last,
        are left out where no page of the batch has any: the features are all 0 then.
        """
        if not lines.count:
            return np.zeros(0, np.float32)
        weights = np.concatenate([network.first.weights for network in self.networks])
        sums = weights[:, : len(whole)] @ whole
        sums += weights[:, len(whole) :] @ self.inputs.of_nothing()[len(whole) :]
        neighbours = Neighbours(lines)
        total = np.zeros(lines.count, np.float32)
        for network, own in zip(self.networks, np.split(sums, len(self.networks)), strict=True):
            total += network.margins(own, lines, neighbours)
        return to_probabilities(np.rint(total * np.float32(MARGIN_SCALE / len(self.networks))).astype(np.int64))


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

    def linear(name: str) -> Linear:
        weights = arrays[f"{prefix}{name}.weights"].astype(np.float32)
        return Linear(weights, arrays[f"{prefix}{name}.scale"][:, None], arrays[f"{prefix}{name}.bias"][:, None])

    def rectifier(name: str) -> Rectifier:
        return Rectifier(arrays[f"{prefix}{name}.scale"][:, None], arrays[f"{prefix}{name}.bias"][:, None])

    layers = tuple(
        Layer(rectifier(f"{i}.before"), linear(f"{i}.convolution"), rectifier(f"{i}.between"), linear(f"{i}.mix"))
        for i in range(len(DILATIONS))
    )
    return Network(
        linear("first"), layers, rectifier("before_page"), rectifier("page_mean"), linear("page"),
        rectifier("last_rectifier"), linear("last"),
    )  # fmt: skip


def ensemble_of(arrays: Mapping[str, np.ndarray]) -> Ensemble:
    """The networks of a file of weights."""
    inputs = Inputs(*(arrays[f"inputs.{name}"][:, None] for name in ("half", "scale", "bias")))
    return Ensemble(inputs, tuple(network_of(arrays, f"{i}.") for i in range(int(arrays["networks"]))))
