"""The network over lines: whole-number sums, neighbours, pages; worked out by hand."""

import numpy as np
import pytest

from broadsheet.labelling.body import shipped_model
from broadsheet.labelling.features import names
from broadsheet.labelling.lexicon import lay_out
from broadsheet.labelling.network import (
    MARGIN_SCALE,
    MOST_HIDDEN,
    MOST_INPUT,
    Inputs,
    Linear,
    Pages,
    Rectifier,
    Whole,
    pages_of,
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
    layer = Linear(np.array([[2, -1]], np.float32), np.array([[0.5]], np.float32), np.array([[1]], np.float32))
    assert layer(np.array([[3, 4], [2, 0]], np.float32)).tolist() == [[3, 5]]


def test_what_layers_hand_on_is_cut_at_both_ends() -> None:
    rectifier = Rectifier(np.array([[10]], np.float32), np.array([[1]], np.float32))
    assert rectifier(np.array([[-5, 0, 1.26, 1e6]], np.float32)).tolist() == [[0, 1, 14, MOST_HIDDEN]]


@pytest.mark.parametrize("dilation", [1, 2, 4, 16])
def test_neighbours_stop_at_the_page(dilation: int) -> None:
    pages = Pages(np.array([0, 5, 6]), np.array([5, 6, 9]))
    beside = np.full((6, 9), np.nan, np.float32)
    beside[2:4] = np.arange(1, 10)
    pages.spread(beside, dilation)
    values = [[1, 2, 3, 4, 5], [6], [7, 8, 9]]
    before = [page[i - dilation] if i >= dilation else 0 for page in values for i in range(len(page))]
    after = [page[i + dilation] if i + dilation < len(page) else 0 for page in values for i in range(len(page))]
    assert beside.tolist() == [before, before, [*range(1, 10)], [*range(1, 10)], after, after]


def test_lines_left_out_make_pages_shorter() -> None:
    lines = lines_of("a\na\na", "b\nb", "", "c")
    kept = pages_of(np.array([1, 0, 1, 0, 0, 1], bool), lines)
    assert kept.spans == [(0, 2), (2, 3)]


def test_inputs_that_come_last_are_the_same_for_all_lines() -> None:
    whole = Whole(np.array([[1, 2, 3]], np.float32), np.array([[4], [1]], np.float32))
    weights = np.array([[2, 1, -1]], np.float32)
    assert whole.sums(weights).tolist() == [[5, 7, 9]]


def test_probabilities_are_rounded_and_bounded() -> None:
    margins = np.array([0, MARGIN_SCALE, -MARGIN_SCALE, 10**6, -(10**6)])
    expected = np.array([0.5, 0.731, 0.269, 1.0, 0.0], np.float32)
    assert np.array_equal(to_probabilities(margins), expected)


def sums_are_exact(weights: np.ndarray, most: int, bias: np.ndarray | float = 0.0) -> bool:
    """Whether weights (float32[outputs, inputs]) are whole, and so few and small that sums are exact in any order."""
    highest = np.abs(weights).sum(axis=1, dtype=np.float64) * most + np.abs(np.ravel(bias))
    return bool((weights == np.rint(weights)).all() and (bias == np.rint(bias)).all() and highest.max() < EXACT)


def test_shipped_weights_are_whole_and_their_sums_exact() -> None:
    ensemble = shipped_model().networks
    assert sums_are_exact(ensemble.gate.weights, MOST_INPUT, ensemble.gate.least)
    for network in ensemble.networks:
        assert sums_are_exact(network.first, MOST_INPUT, network.first_bias)
        hidden = [network.page.weights, network.last.weights]
        hidden += [weights for layer in network.layers for weights in (layer.convolution, layer.mix)]
        assert all(sums_are_exact(weights, MOST_HIDDEN) for weights in hidden)


def test_shipped_weights_are_of_these_features() -> None:
    model = shipped_model()
    count = len(names()[0])
    assert len(model.networks.inputs.half) == model.networks.gate.weights.shape[1] == count
    assert all(network.first.shape[1] == count for network in model.networks.networks)


def test_lines_that_the_gate_keeps_out_score_nothing() -> None:
    lines, near = lines_of("a\na\na", "b"), np.array([False, True, False, True])
    scores = shipped_model().networks.scores(np.ones((names()[1], 2), np.float32), near, lines)
    assert scores[near].all() and not scores[~near].any()
    nothing = shipped_model().networks.scores(np.ones((names()[1], 0), np.float32), ~near & near, lines)
    assert nothing.tolist() == [0] * 4
