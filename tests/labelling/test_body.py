"""Scores of lines: determinism, hostile pages, marks."""

import numpy as np
import pytest
from test_features import JAPANESE, PAGE, spans

from broadsheet.labelling.body import MOST_LINES, body_lines, body_scores
from broadsheet.records import Mark


def scores_of(*texts):
    """Scores of pages handed over together."""
    found = [spans(text) for text in texts]
    return body_scores(texts, [first for first, _ in found], [last for _, last in found])


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
    scores = np.array([0.1, 0.9, 0.4], np.float32)
    assert body_lines(scores).tolist() == [False, True, False]
    assert body_lines(scores[:0]).tolist() == []


def test_a_page_without_marks_scores_the_same_beside_one_with_marks():
    starts, ends = spans(PAGE)
    marks = tuple(Mark(int(a), int(z), "p") for a, z in zip(starts, ends, strict=True))
    beside = body_scores([PAGE, PAGE], [starts, starts], [ends, ends], [(), marks])
    assert np.array_equal(beside[0], scores_of(PAGE)[0])
    assert not np.array_equal(beside[0], beside[1])
