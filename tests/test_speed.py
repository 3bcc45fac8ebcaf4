"""Short cuts taken for speed: each gives what the plain way would."""

import gc
import hashlib
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from broadsheet.collection import no_search_for_cycles
from broadsheet.labelling.forest import Forest
from broadsheet.labelling.furniture import line_hash
from broadsheet.labelling.lexicon import numbered
from broadsheet.language import _identifier
from broadsheet.lines import Line, cut_lines
from tests.conftest import RAW

TEXTS = [path.read_text("utf-8", "ignore")[:600] for path in sorted(RAW.rglob("*.txt"))[::9]]


@settings(deadline=None)
@given(st.text() | st.text(st.characters(max_codepoint=127)))
def test_a_line_s_hash_is_that_of_its_folded_text(line: str) -> None:
    folded = " ".join(re.sub(r"\d", "0", line.casefold()).split())
    assert line_hash(line) == hashlib.sha256(folded.encode("utf-8", "surrogatepass")).hexdigest()[:16]


@settings(deadline=None)
@given(st.text(st.sampled_from("ab \t\n\u3000\u00a0\x1c")))
def test_lines_are_cut_as_they_are_stripped(text: str) -> None:
    place, blank, expected = 0, True, []
    for line in text.split("\n"):
        if line.strip():
            indent = len(line) - len(line.lstrip())
            expected.append(Line(place + indent, place + len(line.rstrip()), indent, blank))
        place, blank = place + len(line) + 1, not line.strip()
    found = cut_lines(text)
    assert found == expected and all(type(line) is Line for line in found)


@pytest.mark.parametrize("count", [1, 2, 33, 64])
def test_trees_two_by_two_sum_as_one_by_one(count: int) -> None:
    numbers = np.random.default_rng(count)
    trees = numbers.integers(0, 40, (count, 6)).astype(np.int16)
    leaves = numbers.integers(-9000, 9000, (count, 64)).astype(np.int16)
    features = np.sort(numbers.integers(0, 12, 40)).astype(np.int16)
    forest = Forest(features, numbers.normal(size=40).astype(np.float32), trees, leaves, 7)
    table = numbers.normal(size=(12, 5000)).astype(np.float32)
    answers = table[features] > forest.borders[:, None]
    expected = np.full(5000, 7)
    for questions, values in zip(trees, leaves, strict=True):
        expected += values[(answers[questions] * (1 << np.arange(5, -1, -1))[:, None]).sum(axis=0)]
    assert (forest.margins(table) == expected).all()
    assert (forest.margins(table[:, :3]) == expected[:3]).all() and len(forest.margins(table[:, :0])) == 0


def test_keys_are_numbered_in_order() -> None:
    numbers, count = numbered(np.array([7, 2, 7, 5]), 9)
    assert numbers.tolist() == [2, 0, 2, 1] and count == 3
    assert numbered(np.zeros(0, np.int64), 0)[1] == 0


@pytest.fixture(scope="module")
def library() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


@pytest.mark.parametrize("text", ["", "a", *TEXTS])
def test_a_language_is_scored_to_the_last_bit_as_the_library_does(text: str, library: LanguageIdentifier) -> None:
    assert _identifier().classify(text) == library.classify(text)


def test_the_search_for_cycles_goes_on_afterwards() -> None:
    @no_search_for_cycles()
    def fails() -> None:
        assert not gc.isenabled()
        with no_search_for_cycles():
            pass
        assert not gc.isenabled()
        raise ValueError

    for _ in range(2):
        with pytest.raises(ValueError):
            fails()
        assert gc.isenabled()
