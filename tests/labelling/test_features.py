"""Line features: the same in every batch, and for hostile pages."""

import numpy as np
import pytest

from broadsheet.labelling.features import FEATURE_NAMES, line_features
from broadsheet.labelling.lexicon import (
    NAMES,
    PAGE_CHARACTERS,
    categories_of,
    following_hashes,
    lay_out,
    split_words,
)

PROSE = "The council said on Monday that it would rebuild the bridge, which closed in spring."
PAGE = f"  • Home\n  • Sport\n\nBridge to be rebuilt\n\n{PROSE}\n\n{PROSE[4:]}\n\nRead more\nHome"
JAPANESE = "市議会は月曜日、橋を再建すると発表した。\n関連記事\n写真：市提供"


def spans(text):
    """Starts and ends of the lines of a page, trimmed of blanks."""
    starts, ends, position = [], [], 0
    for line in text.split("\n"):
        if line.strip():
            starts.append(position + len(line) - len(line.lstrip()))
            ends.append(position + len(line.rstrip()))
        position += len(line) + 1
    return np.array(starts, np.int64), np.array(ends, np.int64)


def features_of(*texts):
    """Features of pages as one batch."""
    found = [spans(text) for text in texts]
    return line_features(texts, [first for first, _ in found], [last for _, last in found])


def column(table, name):
    """One feature of all lines."""
    return table[:, FEATURE_NAMES.index(name)].tolist()


def test_counts_of_a_page():
    table = features_of(PAGE)
    assert table.shape == (7, len(FEATURE_NAMES)) and table.dtype == np.float32
    assert column(table, "words") == [1, 1, 4, 15, 14, 2, 1]
    assert column(table, "indentation")[:3] == [2, 2, 0]
    assert column(table, "blank lines before") == [9, 0, 1, 1, 1, 1, 0]


def test_names_are_unique():
    assert len(set(FEATURE_NAMES)) == len(FEATURE_NAMES)


@pytest.mark.parametrize("others", [(), (JAPANESE,), ("x " * 5_000, PAGE[::-1], "")])
def test_features_do_not_depend_on_the_batch(others):
    alone = features_of(PAGE)
    beside = features_of(*others, PAGE, *others)
    first = sum(len(spans(text)[0]) for text in others)
    assert np.array_equal(beside[first : first + len(alone)], alone)


@pytest.mark.parametrize(
    "text",
    ["", "\n \n", "\ud800 a\udfff", "\0\0", "•", "a\n" * 3_000, "\U0001f600 \u3000漢", "́"],
)
def test_hostile_pages(text):
    table = features_of(PAGE, text, JAPANESE)
    assert np.isfinite(table).all()


def test_a_very_long_line_is_cut_before_it_is_looked_at():
    text = "word " * 2_000_000 + "end."
    starts, ends = spans(text)
    lines = lay_out([text, PAGE], [starts, spans(PAGE)[0]], [ends, spans(PAGE)[1]])
    assert len(lines.codes) < PAGE_CHARACTERS
    assert column(features_of(text), "last kind") == column(features_of("end."), "last kind")


def test_lexicon_finds_phrases_whatever_their_case():
    text = "READ More\nPhotograph\nzygote"
    starts, ends = spans(text)
    words = split_words(lay_out([text], [starts], [ends]))
    pairs, _ = following_hashes(words)
    found = categories_of(words.hashes) | categories_of(pairs)
    related, credit = (1 << NAMES.index(name) for name in ("related", "credit"))
    assert found[0] & related and found[2] & credit and not found[3]
