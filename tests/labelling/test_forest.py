"""Scores of lines: forests worked out by hand, determinism, hostile pages."""

import numpy as np
import pytest
from test_features import JAPANESE, PAGE, spans

from broadsheet.labelling.forest import (
    LEAF_SCALE,
    MOST_LINES,
    Forest,
    Wording,
    body_lines,
    body_scores,
    to_probabilities,
)


def scores_of(*texts):
    """Scores of pages handed over together."""
    found = [spans(text) for text in texts]
    return body_scores(texts, [first for first, _ in found], [last for _, last in found])


def test_a_forest_worked_out_by_hand():
    forest = Forest(
        features=np.array([0, 0, 1], np.int16),
        borders=np.array([1.5, 4.0, 0.0], np.float32),
        trees=np.array([[0, 2], [1, 0]], np.int16),
        leaves=np.array([[10, 20, 30, 40], [1, 2, 3, 4]], np.int16),
        bias=100,
    )
    table = np.array([[1.0, 2.0, 5.0, 1.5], [0.0, 1.0, -1.0, 3.0]], np.float32)
    # First tree: (x > 1.5, y > 0) gives leaves 0, 3, 2, 1; second: (x > 4, x > 1.5) 0, 1, 3, 0.
    assert forest.margins(table).tolist() == [111, 142, 134, 121]


def test_probabilities_are_rounded_and_bounded():
    margins = np.array([0, LEAF_SCALE, -LEAF_SCALE, 10**6, -(10**6)])
    expected = np.array([0.5, 0.731, 0.269, 1.0, 0.0], np.float32)
    assert np.array_equal(to_probabilities(margins), expected)


def test_wording_that_is_not_known_weighs_nothing():
    known = np.array([(5 << 47) | 3], np.uint64)
    fingerprints, weights = np.zeros(1 << 17, np.uint8), np.zeros(1 << 17, np.int8)
    fingerprints[5], weights[5] = 3, -7
    wording = Wording(fingerprints, weights)
    assert wording.weights_of(np.append(known, known + np.uint64(2))).tolist() == [-7, 0]


def test_prose_scores_above_furniture():
    scores = scores_of(PAGE)[0]
    assert scores.dtype == np.float32
    assert np.array_equal(scores, np.round(scores, 3))
    assert scores[3:5].min() > scores[[0, 1, 5, 6]].max()


@pytest.mark.parametrize("others", [[JAPANESE], ["x " * 9_000, "", PAGE[::-1]] * 20])
def test_scores_do_not_depend_on_the_batch(others):
    alone = scores_of(PAGE)[0]
    beside = scores_of(*others, PAGE, *others)[len(others)]
    assert np.array_equal(alone, beside)
    assert np.array_equal(alone, scores_of(PAGE)[0])


@pytest.mark.parametrize("text", ["", "\n \n", "\ud800\udfff", "\0", "•\n" * 50, "\U0001f600"])
def test_hostile_pages(text):
    starts, _ = spans(text)
    scores = scores_of(text)[0]
    assert len(scores) == len(starts) and np.isfinite(scores).all()


def test_pages_beyond_all_bounds():
    long_line, many_lines = scores_of("word " * 2_000_000, "a b\n" * (MOST_LINES + 5))
    assert len(long_line) == 1
    assert len(many_lines) == MOST_LINES + 5 and not many_lines[MOST_LINES:].any()


def test_body_lines_are_those_that_score_enough():
    scores, lengths = np.array([0.1, 0.9, 0.4], np.float32), np.array([10, 200, 50])
    assert body_lines(scores, lengths).tolist() == [False, True, False]
    assert body_lines(scores[:0], lengths[:0]).tolist() == []
