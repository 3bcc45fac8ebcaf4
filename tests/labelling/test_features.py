"""Line features: worked out by hand, the same in every batch, and for hostile pages."""

from itertools import pairwise

import numpy as np
import pytest
import wasmtime

from broadsheet.labelling.features import LineFeatures, names, tables
from broadsheet.labelling.lexicon import PAGE_CHARACTERS, Lines, hashes_of, lay_out
from broadsheet.labelling.markup import marks_of
from broadsheet.labelling.network import MOST_INPUT, REACH, SHORT_PAGE, Ensemble, Gate, Inputs
from broadsheet.labelling.wording import WORDING_BITS, Wording, no_wording
from broadsheet.records import Mark

NAMES, OF_TEXT = names()
FEATURES = LineFeatures(no_wording())
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


def laid_out(*texts):
    """Pages as one batch."""
    found = [spans(text) for text in texts]
    return lay_out(texts, [first for first, _ in found], [last for _, last in found])


def features_of(*texts, features=FEATURES):
    """Features (float32[lines, features]) of pages as one batch."""
    table, near = features(laid_out(*texts))
    assert near.all() and len(near) == table.shape[1]
    return table.T.copy()


def column(table, name):
    """One feature of all lines."""
    return table[:, NAMES.index(name)].tolist()


def test_counts_of_a_page():
    table = features_of(PAGE)
    assert table.shape == (7, OF_TEXT) and table.dtype == np.float32
    assert column(table, "words") == [1, 1, 4, 15, 14, 2, 1]
    assert column(table, "indentation")[:3] == [2, 2, 0]
    assert column(table, "blank lines before") == [9, 0, 1, 1, 1, 1, 0]


def test_names_are_unique():
    assert len(set(NAMES)) == len(NAMES)


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
    assert len(laid_out(text, PAGE).codes) < PAGE_CHARACTERS
    assert column(features_of(text), "last kind") == column(features_of("end."), "last kind")
    assert column(features_of(text), "characters") == [4_000]


def test_a_wide_gap_is_cut_and_what_stands_around_it_is_not():
    assert np.array_equal(features_of("a\n" + " " * 999 + "b"), features_of("a\n" + " " * 300 + "b"))
    assert len(laid_out("a" + "\n" * 999 + "b").codes) == 204


def test_lexicon_finds_phrases_whatever_their_case():
    table = features_of("READ More\nPhotograph\nzygote")
    assert column(table, "related words") == [1, 0, 0]
    assert column(table, "related at head") == [1, 0, 0]
    assert column(table, "credit words") == [0, 1, 0]
    assert column(table, "noise words at -1") == [-1, 1, 1]


def test_characters_and_words_of_a_line():
    table = features_of('NEW "bridge", 1,234\u00a0m: 漢字かな  (opens)..')
    expected = {
        "characters": 38, "words": 8, "longest word": 6, "commas": 2, "quotes": 2, "brackets": 2, "colons": 1,
        "stops": 2, "digits": 4, "number words": 2, "wide blanks": 2, "ellipsis": 1, "indentation": 0,
    }  # fmt: skip
    found = {name: column(table, name)[0] for name in expected}
    assert found == expected
    assert column(table, "word length")[0] == np.float32((3 + 6 + 1 + 3 + 1 + 4 + 5) / 10)
    assert column(table, "share of raised words")[0] == column(table, "words in capitals")[0] == np.float32(0.1)
    assert column(table, "words a comma")[0] == 4


def test_neighbours_and_sums_stop_at_the_page():
    first, second = "a b c\nd\ne f", "g h i j"
    table = features_of(first, second)
    assert column(table, "words at -1") == [-1, 3, 1, -1]
    assert column(table, "words at +2") == [2, -1, -1, -1]
    assert column(table, "words in 4 before") == [0, 3, 4, 0]
    assert column(table, "words in 4 after") == [3, 2, 0, 0]
    assert column(table, "lines before") == [0, 1, 2, 0] and column(table, "words of page") == [6, 6, 6, 4]
    assert column(table, "share of words before") == [0, 0.5, np.float32(4 / 6), 0]
    assert column(table, "blank lines after") == [0, 0, 9, 9]


def test_lines_since_and_until_prose():
    table = features_of(f"a\n{PROSE}\nb\nc\n{PROSE}", "d")
    assert column(table, "lines since prose") == [99, 99, 0, 1, 2, 99]
    assert column(table, "lines until prose") == [0, 2, 1, 0, 99, 99]
    assert column(table, "prose words before") == [0, 0, 15, 15, 15, 0]
    assert column(table, "prose words after") == [30, 15, 15, 15, 0, 0]


def test_the_main_run_of_prose():
    table = features_of(f"Home\n{PROSE}\n{PROSE}\nHome\nSport")
    assert column(table, "lines after start of middle run") == [-1, 0, 1, 2, 3]
    assert column(table, "lines before end of middle run") == [2, 1, 0, -1, -2]
    assert column(table, "words of middle run") == [30] * 5
    assert column(table, "words after start of middle run") == [-1, 0, 15, 30, 31]
    assert column(table, "words before end of middle run") == [30, 15, 0, -1, -2]


def test_wording_that_comes_again():
    table = features_of("Bridge engineers\nnobody\nthe engineers built the bridge\nnobody", "engineers nobody")
    assert column(table, "words seen 3 lines ahead") == [1, 1, 0, 0, 0]
    # "nobody" has been seen, of the third line two words of three.
    assert column(table, "words seen 3 lines back") == [0, 0, np.float32(2 / 3), 1, 0]
    assert column(table, "same line in page") == [1, 2, 1, 2, 1]
    assert column(table, "lines since the same making") == [99, 99, 99, 2, 99]
    assert column(table, "names") == [0] * 5


def test_triples_that_come_again():
    table = features_of("red green blue\nred green blue black\nred green", "red green blue")
    assert column(table, "share of repeated triples") == [1, 0.5, 0, 0]


def test_lines_made_alike():
    table = features_of("alpha: 1\nbeta: 2\nx\ngamma: 3", "delta: 4")
    assert column(table, "lines of the same making") == [3, 3, 1, 3, 1]
    assert column(table, "lines until the same making") == [1, 2, 99, 99, 99]
    assert column(table, "lines of a making in 4 before") == [0, 1, 2, 2, 0]


def test_lines_that_begin_and_end_articles():
    table = features_of(f"15 hours ago\n{PROSE}\nRead more\nHome", "Home")
    assert column(table, "lines since dated line") == [99, 0, 1, 2, 99]
    assert column(table, "words since dated line")[:3] == [0, 3, 18]
    assert column(table, "endings before") == [0, 0, 0, 1, 0]
    assert column(table, "endings since run began") == [0, 0, 0, 1, 0]


def wording_of(weights):
    """A table with a weight for each of some hashes."""
    wording = no_wording()
    for hashed, weight in weights.items():
        slot = hashed >> (64 - WORDING_BITS)
        wording.fingerprints[slot], wording.weights[slot] = hashed & 255, weight
    return wording


def test_learned_weights_of_wording():
    pages = "green\nred green", "red"
    lines = laid_out(*pages)
    hashes = hashes_of(lines, tables(), in_roles=True)
    assert hashes.line.tolist() == [0, 1, 1, 2] and hashes.inside.shape == (4, 4)
    word, pair = int(hashes.inside[0, 0]), int(hashes.inside[2, 1])
    assert not hashes.inside[2, [0, 2, 3]].any() and not hashes.inside[3].any()
    assert hashes.inside[0, 2] == word and hashes.edges[0, 0] != word and hashes.edges[4, 1] == hashes.edges[4, 0]
    features = LineFeatures(wording_of({word: -7, pair: 4, int(hashes.edges[4, 0]): 3}))
    table = features_of(*pages, features=features)
    assert column(table, "wording in sum") == [-7, -3, 0]
    assert column(table, "wording a word") == [-112, -24, 0]
    assert column(table, "wording a root of words") == [-7, np.float32(-3 / np.sqrt(2)), 0]
    assert column(table, "wording at edges") == [3, 3, 0]
    assert column(table, "highest wording") == [-7, 4, 0] and column(table, "lowest wording") == [-7, -7, 0]
    assert column(table, "wording a word at -1") == [-1, -112, -1]


def test_wording_that_is_not_known_weighs_nothing():
    lines = laid_out("green")
    word = int(hashes_of(lines, tables(), in_roles=True).inside[0, 0])
    other = Wording(*(table.copy() for table in vars(wording_of({word ^ 2: -7})).values()))
    assert column(features_of("green", features=LineFeatures(other)), "wording in sum") == [0]


def test_words_hash_the_same_wherever_they_stand():
    hashes = hashes_of(laid_out("Bridge\nthe BRIDGE\nbridges", "bridge 漢字"), tables(), in_roles=False)
    word, stem = hashes.inside[:2]
    assert word[0] == word[2] == word[4] != word[3] and stem[0] == stem[3]
    assert hashes.line.tolist() == [0, 1, 1, 2, 3, 3, 3]
    assert (hashes.edges[5] == [word[0], word[1] + word[2], word[3], word[4:].sum()]).all()


def random_inputs(low: float = -60) -> Inputs:
    """Scaling of all features, whose whole numbers reach both ends."""
    random = np.random.RandomState(1)
    bounds = (0.1, 9), (-900, 900), (low, 60)
    return Inputs(*(random.uniform(*each, (len(NAMES), 1)).astype(np.float32) for each in bounds))


def gate_of(weights: np.ndarray, *least: float) -> Gate:
    """A gate with some weights (float[sums, features])."""
    return Gate(weights.astype(np.float32), np.array(least, np.float32))


def only(name: str, weight: float = 1) -> np.ndarray:
    """Weights (float[features]) of one feature."""
    return weight * (np.array(NAMES) == name)


def as_they_are() -> Inputs:
    """Scaling that brings features nearly as they are, up to some tens: x / (x + 10,000) times 10,000."""
    same = np.full((len(NAMES), 1), 10_000, np.float32)
    return Inputs(same, same, np.zeros_like(same))


def passing(gate: Gate, *texts: str) -> list[int]:
    """Lines of pages that a gate lets through."""
    table, near = LineFeatures(no_wording(), Ensemble(as_they_are(), gate, None))(laid_out(*texts))
    assert table.shape == (OF_TEXT, np.count_nonzero(near))
    return np.flatnonzero(near).tolist()


def test_whole_numbers_for_a_network():
    raw = features_of(PAGE, JAPANESE)
    inputs = random_inputs()
    everything = gate_of(np.zeros((1, len(NAMES))), 0)
    whole = features_of(PAGE, JAPANESE, features=LineFeatures(no_wording(), Ensemble(inputs, everything, None)))
    half, scale, bias = (values[:OF_TEXT, 0] for values in (inputs.half, inputs.scale, inputs.bias))
    expected = np.clip(np.rint(raw / (np.abs(raw) + half) * scale + bias), -MOST_INPUT, MOST_INPUT)
    assert np.array_equal(whole, expected) and whole.min() == -MOST_INPUT and whole.max() == MOST_INPUT


def test_the_gate_lets_lines_near_pass_and_stops_at_the_page():
    page = ["one two"] * 41
    other = list(page)
    page[20], other[0] = "one two three", "one two three four five"
    gate = gate_of(np.stack([only("words"), only("stop words", -1)]), 3, 1)
    assert passing(gate, "\n".join(page)) == [*range(20 - REACH, 21 + REACH)]
    assert passing(gate, "\n".join(page[:40]), "\n".join(other)) == [
        *range(20 - REACH, 21 + REACH), *range(40, 41 + REACH)
    ]  # fmt: skip


def test_the_gate_lets_short_pages_pass_whole():
    gate = gate_of(np.zeros((1, len(NAMES))), 1)
    assert passing(gate, "a\n" * SHORT_PAGE + "a", "", "b\n" * (SHORT_PAGE - 1) + "b") == [
        *range(SHORT_PAGE + 1, 2 * SHORT_PAGE + 1)
    ]


def test_any_sum_of_the_gate_opens_it():
    page = ["blue boat"] * 41
    page[8], page[40] = "boat 2", "the boat"
    gate = gate_of(np.stack([only("number words"), only("stop words")]), 1, 1)
    assert passing(gate, "\n".join(page)) == [*range(8 - REACH, 9 + REACH), *range(40 - REACH, 41)]


@pytest.mark.parametrize("marked", [False, True])
def test_the_gate_sums_all_features_exactly(marked):
    """Those of marks too, where a batch has none; and what passes is what networks would have seen of all lines."""
    page = "\n".join(f"Line {i} of {i * i}, which says {'word ' * (i % 17)}." for i in range(300))
    lines, inputs = laid_out(page, PAGE * 9, JAPANESE * 20), random_inputs()
    marks = marks_of([(Mark(3, 9, "a"),), (), ()]) if marked else None
    weights = np.random.RandomState(2).randint(-500, 500, (2, len(NAMES)))
    table, _ = LineFeatures(no_wording(), Ensemble(inputs, gate_of(np.zeros((1, len(NAMES))), 0), None))(lines, marks)
    whole = np.repeat(inputs.of_nothing(), lines.count, axis=1)
    whole[: len(table)] = table
    sums = weights @ whole
    least = np.sort(sums, axis=1)[:, -3]
    may = (sums >= least[:, None]).any(axis=0)
    edges = lines.page_lines
    expected = [
        may[max(line - REACH, first) : min(line + REACH + 1, past)].any() or past - first <= SHORT_PAGE
        for first, past in pairwise(edges.tolist()) for line in range(first, past)
    ]  # fmt: skip
    found, near = LineFeatures(no_wording(), Ensemble(inputs, gate_of(weights, *least), None))(lines, marks)
    assert near.tolist() == expected and 0 < near.sum() < lines.count
    assert np.array_equal(found, whole[: len(found), near])


@pytest.mark.parametrize("spans", [[[1], [99]], [[-5], [2]], [[2], [1]], [[0], [1]]])
def test_spans_outside_the_page_are_refused(spans):
    codes = np.array([10, 97, 98, 10], np.uint32)
    bounds = np.array([0, 1], np.int32), np.array([0, 3], np.int32)
    span = np.array(spans, np.int32)
    with pytest.raises(wasmtime.Trap):
        FEATURES(Lines(codes, span, span, *bounds))
