"""The network over lines: whole-number sums, neighbours, pages; worked out by hand."""

import numpy as np
import pytest

from broadsheet.labelling.body import shipped_model
from broadsheet.labelling.features import names
from broadsheet.labelling.lexicon import lay_out
from broadsheet.labelling.network import (
    DILATIONS,
    MARGIN_SCALE,
    MOST_HIDDEN,
    MOST_INPUT,
    PAGE_AFTER,
    Inputs,
    Layer,
    Linear,
    Networks,
    Rectifier,
    Whole,
    edges_of,
    to_probabilities,
)

# Every whole number up to here is a float32, so sums that stay below it are exact in any order.
EXACT = 1 << 24


def lines_of(*pages: str):
    """Lines of pages with a line a character, parted by newlines."""
    starts = [np.arange(0, len(page), 2) for page in pages]
    return lay_out(pages, starts, [first + 1 for first in starts])


def test_inputs_of_nothing_are_whole_and_bounded() -> None:
    inputs = Inputs(*(np.array([[value], [value]], np.float32) for value in (2.0, 60.0)), np.array([[-10.4], [1e6]]))
    assert inputs.of_nothing().tolist() == [[-10], [MOST_INPUT]]


def test_a_layer_sums_whole_numbers_then_scales() -> None:
    layer = Linear(np.array([[[2, -1]]], np.float32), np.array([[[0.5]]], np.float32), np.array([[[1]]], np.float32))
    assert layer(np.array([[[3, 4], [2, 0]]], np.float32)).tolist() == [[[3, 5]]]


def some_networks(networks: int, channels: int, features: int) -> Networks:
    """Networks of random weights, such that what they hand on is now and then cut at either end."""
    random = np.random.RandomState(5)

    def whole(outputs: int, inputs: int) -> np.ndarray:
        return random.randint(-127, 128, (networks, outputs, inputs)).astype(np.float32)

    def column(least: float, most: float, outputs: int = channels) -> np.ndarray:
        return random.uniform(least, most, (networks, outputs, 1)).astype(np.float32)

    def rectifier(scale: float) -> Rectifier:
        return Rectifier(column(scale / 2, scale), column(-9, 90))

    def layer() -> Layer:
        convolution, mix = whole(channels, 3 * channels), whole(channels, channels)
        return Layer(rectifier(0.1), convolution, rectifier(0.01), mix, column(0, 0.05))

    layers = tuple(layer() for _ in DILATIONS)
    page = Linear(whole(channels, 2 * channels), column(0, 0.02), column(-100, 9))
    last = Linear(whole(1, channels), column(0.0001, 0.0003, 1), column(-1, 1, 1))
    first_bias = np.rint(column(-2000, 2000))
    return Networks(whole(channels, features), first_bias, layers, rectifier(0.1), page, rectifier(0.1), last)


def handed_on(values: np.ndarray, rectifier: Rectifier, network: int) -> np.ndarray:
    return np.clip(np.rint(values * rectifier.scale[network] + rectifier.bias[network]), 0, MOST_HIDDEN)


def margins_of_page(networks: Networks, network: int, whole: np.ndarray) -> np.ndarray:
    """Log odds (float32[lines]) of one network from the whole numbers (float32[features, lines]) of one page."""
    values = np.maximum(networks.first[network] @ whole + networks.first_bias[network], np.float32(0))
    for number, (layer, dilation) in enumerate(zip(networks.layers, DILATIONS, strict=True)):
        own = np.pad(handed_on(values, layer.before, network), ((0, 0), (dilation, dilation)))
        beside = np.concatenate((own[:, : -2 * dilation], own[:, dilation:-dilation], own[:, 2 * dilation :]))
        between = handed_on(layer.convolution[network] @ beside, layer.between, network)
        values = values + layer.mix[network] @ between * layer.scale[network]
        if number == PAGE_AFTER:
            of_lines = handed_on(values, networks.before_page, network)
            both = np.concatenate((np.rint(of_lines.mean(axis=1)), of_lines.max(axis=1)))[:, None]
            said = networks.page.weights[network] @ both * networks.page.scale[network] + networks.page.bias[network]
            values = values + np.maximum(said, np.float32(0))
    last = networks.last.weights[network] @ handed_on(values, networks.last_rectifier, network)
    return (last * networks.last.scale[network] + networks.last.bias[network])[0]


@pytest.mark.parametrize("sizes", [[1], [70], [3, 1, 40, 17, 5, 16, 2]])
def test_networks_do_as_they_are_defined(sizes: list[int]) -> None:
    networks, edges = some_networks(2, 8, 6), np.cumsum([0, *sizes], dtype=np.int32)
    whole = np.random.RandomState(1).randint(-MOST_INPUT, MOST_INPUT, (6, edges[-1])).astype(np.float32)
    pages = np.split(whole, edges[1:-1], axis=1)
    expected = [margins_of_page(networks, 0, page) + margins_of_page(networks, 1, page) for page in pages]
    found = networks.margins(Whole(whole, np.zeros((0, 1), np.float32)), edges)
    assert np.array_equal(found, np.rint(np.concatenate(expected) * np.float32(MARGIN_SCALE / 2)))
    assert abs(found).max() > MARGIN_SCALE


def test_pages_score_the_same_in_every_batch() -> None:
    networks, sizes = some_networks(2, 8, 6), (9, 40, 3)
    whole = np.random.RandomState(2).randint(-MOST_INPUT, MOST_INPUT, (6, sum(sizes))).astype(np.float32)
    nothing = np.zeros((0, 1), np.float32)
    together = networks.margins(Whole(whole, nothing), np.cumsum([0, *sizes], dtype=np.int32))
    alone = [
        networks.margins(Whole(page, nothing), np.array([0, page.shape[1]], np.int32))
        for page in np.split(whole, np.cumsum(sizes)[:-1], axis=1)
    ]
    assert together.tolist() == np.concatenate(alone).tolist()


def test_lines_left_out_make_pages_shorter() -> None:
    lines = lines_of("a\na\na", "b\nb", "", "c")
    assert edges_of(np.array([1, 0, 1, 0, 0, 1], bool), lines).tolist() == [0, 2, 3]


def test_inputs_that_come_last_are_the_same_for_all_lines() -> None:
    whole = Whole(np.array([[1, 2, 3]], np.float32), np.array([[4], [1]], np.float32))
    weights, bias, sums = np.array([[[2, 1, -1]]], np.float32), np.array([[[10]]], np.float32), np.empty((1, 1, 3))
    whole.sum_up(weights, bias, sums)
    assert sums.tolist() == [[[15, 17, 19]]]


def test_probabilities_are_rounded_and_bounded() -> None:
    margins = np.array([0, MARGIN_SCALE, -MARGIN_SCALE, 10**6, -(10**6)])
    expected = np.array([0.5, 0.731, 0.269, 1.0, 0.0], np.float32)
    assert np.array_equal(to_probabilities(margins), expected)


def sums_are_exact(weights: np.ndarray, most: int, bias: np.ndarray | float = 0.0) -> bool:
    """Whether weights (float32[…, inputs]) are whole, and so few and small that sums are exact in any order."""
    highest = np.abs(weights).sum(axis=-1, dtype=np.float64).ravel() * most + np.abs(np.ravel(bias))
    return bool((weights == np.rint(weights)).all() and (bias == np.rint(bias)).all() and highest.max() < EXACT)


def test_shipped_weights_are_whole_and_their_sums_exact() -> None:
    ensemble = shipped_model().networks
    networks = ensemble.networks
    assert sums_are_exact(ensemble.gate.weights, MOST_INPUT, ensemble.gate.least)
    assert sums_are_exact(networks.first, MOST_INPUT, networks.first_bias)
    hidden = [networks.page.weights, networks.last.weights]
    hidden += [weights for layer in networks.layers for weights in (layer.convolution, layer.mix)]
    assert all(sums_are_exact(weights, MOST_HIDDEN) for weights in hidden)


def test_shipped_weights_are_of_these_features() -> None:
    ensemble = shipped_model().networks
    count = len(names()[0])
    assert len(ensemble.inputs.half) == ensemble.gate.weights.shape[1] == ensemble.networks.first.shape[2] == count


def test_lines_that_the_gate_keeps_out_score_nothing() -> None:
    lines, near = lines_of("a\na\na", "b"), np.array([False, True, False, True])
    scores = shipped_model().networks.scores(np.ones((names()[1], 2), np.float32), near, lines)
    assert scores[near].all() and not scores[~near].any()
    nothing = shipped_model().networks.scores(np.ones((names()[1], 0), np.float32), ~near & near, lines)
    assert nothing.tolist() == [0] * 4
