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
    Neighbours,
    Rectifier,
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
    lines = lines_of("a\nb\nc\nd\ne", "", "f", "g\nh\ni")
    values = np.arange(1, 10, dtype=np.float32)[None]
    before, own, after = Neighbours(lines).beside(values, dilation)
    pages = [[1, 2, 3, 4, 5], [6], [7, 8, 9]]
    assert own.tolist() == values[0].tolist()
    assert before.tolist() == [page[i - dilation] if i >= dilation else 0 for page in pages for i in range(len(page))]
    assert after.tolist() == [
        page[i + dilation] if i + dilation < len(page) else 0 for page in pages for i in range(len(page))
    ]


def test_probabilities_are_rounded_and_bounded() -> None:
    margins = np.array([0, MARGIN_SCALE, -MARGIN_SCALE, 10**6, -(10**6)])
    expected = np.array([0.5, 0.731, 0.269, 1.0, 0.0], np.float32)
    assert np.array_equal(to_probabilities(margins), expected)


def test_shipped_weights_are_whole_and_their_sums_exact() -> None:
    for network in shipped_model().networks.networks:
        hidden = [network.page, network.last]
        hidden += [linear for layer in network.layers for linear in (layer.convolution, layer.mix)]
        for linear, most in [(network.first, MOST_INPUT), *((linear, MOST_HIDDEN) for linear in hidden)]:
            assert (linear.weights == np.rint(linear.weights)).all()
            assert np.abs(linear.weights).sum(axis=1).max() * most < EXACT


def test_shipped_weights_are_of_these_features() -> None:
    model = shipped_model()
    count = len(names()[0])
    assert len(model.networks.inputs.half) == count
    assert all(network.first.weights.shape[1] == count for network in model.networks.networks)
