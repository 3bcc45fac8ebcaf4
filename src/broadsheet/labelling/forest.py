"""Probability that a line of a page belongs to the article's body.

Two forests of oblivious trees (every node of a level asks the same question) are applied one
after the other: the first sees the line features, the second also what the first made of the
page. Leaves are whole numbers, so the sums are exact, on any machine and in any batch.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources

import numpy as np

from .features import (
    ENDINGS,
    Analysis,
    Columns,
    analyse,
    feature_columns,
    repeated_triples,
    shared_vocabulary,
)
from .lexicon import Kind, Lines, cumulative, scramble, share

BATCH_CHARACTERS = 400_000
BATCH_PAGES = 64
MOST_LINES = 20_000
BLOCK_ROWS = 4_096
TREES_AT_ONCE = 32
LEAF_SCALE = 1_024
WORDING_BITS = 17
THRESHOLD = 0.48
LONGEST_PARAGRAPH = 400
BLOCK_CATEGORIES = ("address", "self", "appeal", "newsletter", "comments", "reporting",
                    "biography", "legal", "commerce", "time")  # fmt: skip


@dataclass(frozen=True)
class Forest:
    """Oblivious trees of one depth, as arrays."""

    features: np.ndarray  # int16[questions], column that is asked, in any order but in runs
    borders: np.ndarray  # float32[questions], a value above it is a yes
    trees: np.ndarray  # int16[trees, depth], numbers of questions
    leaves: np.ndarray  # int16[trees, 2**depth], in 1/LEAF_SCALE of a log odds
    bias: int  # in 1/LEAF_SCALE of a log odds

    def margins(self, table: np.ndarray) -> np.ndarray:
        """Log odds (int32[lines], in 1/LEAF_SCALE) of features (float32[features, lines])."""
        count = table.shape[1]
        margins = np.full(count, self.bias, np.int32)
        # Blocks of one size: a small one costs nearly as much as a large one.
        size = -(-count // max(1, -(-count // BLOCK_ROWS)))
        for first in range(0, count, size or 1):
            margins[first : first + size] += self.block_margins(table[:, first : first + size])
        return margins

    @functools.cached_property
    def pair_sums(self) -> np.ndarray:
        """Sums of each two leaves of trees 2i and 2i + 1 (int32[pairs, 4**depth]): one look-up for two trees."""
        leaves = self.leaves.astype(np.int32)
        if len(leaves) % 2:
            leaves = np.concatenate((leaves, np.zeros_like(leaves[:1])))
        return (leaves[0::2, :, None] + leaves[1::2, None, :]).reshape(len(leaves) // 2, -1)

    def block_margins(self, block: np.ndarray) -> np.ndarray:
        """Sums of leaves for a block of lines small enough to stay in the cache."""
        answers = np.empty((len(self.borders), block.shape[1]), bool)
        cuts = np.flatnonzero(np.diff(self.features, prepend=-1, append=-1))
        for first, past in zip(cuts[:-1].tolist(), cuts[1:].tolist(), strict=True):
            borders = self.borders[first:past, None]
            np.greater(block[self.features[first]], borders, out=answers[first:past])
        answers = answers.view(np.uint8)
        total = np.zeros(block.shape[1], np.int32)
        value = np.empty(block.shape[1], np.int32)
        depth = self.trees.shape[1]
        for first in range(0, len(self.trees), TREES_AT_ONCE):
            trees = self.trees[first : first + TREES_AT_ONCE]
            leaf = answers.take(trees[:, 0], axis=0)
            for level in range(1, depth):
                leaf += leaf
                leaf += answers.take(trees[:, level], axis=0)
            pairs = leaf[0::2].astype(np.uint16) << depth
            pairs[: len(leaf) // 2] += leaf[1::2]
            for sums, pair in zip(self.pair_sums[first // 2 :], pairs, strict=False):
                # Out of bounds cannot be; "clip" spares the copy that the check would need.
                total += sums.take(pair, out=value, mode="clip")
        return total


@functools.cache
def probabilities() -> np.ndarray:
    """Probability (float32, rounded to 3 decimals) of every log odds from -16 to 16."""
    margins = np.arange(-16 * LEAF_SCALE, 16 * LEAF_SCALE + 1) / LEAF_SCALE
    return np.round(1 / (1 + np.exp(-margins)), 3).astype(np.float32)


def to_probabilities(margins: np.ndarray) -> np.ndarray:
    """Probabilities (float32[lines]) of log odds (int32[lines], in 1/LEAF_SCALE)."""
    limit = 16 * LEAF_SCALE
    return probabilities()[np.clip(margins, -limit, limit) + limit]


@dataclass(frozen=True)
class Wording:
    """Learned weights of hashed words and phrases, a slot each."""

    fingerprints: np.ndarray  # uint8[2**WORDING_BITS], 0 where the slot is free
    weights: np.ndarray  # int8[2**WORDING_BITS]

    def weights_of(self, hashes: np.ndarray) -> np.ndarray:
        """Weight (int8) of each hash (uint64), 0 where it is not known."""
        slots = (hashes >> np.uint64(64 - WORDING_BITS)).astype(np.int64)
        known = self.fingerprints[slots] == (hashes & np.uint64(255)).astype(np.uint8)
        return np.where(known, self.weights[slots], np.int8(0))


def wording_hashes(analysis: Analysis) -> tuple[np.ndarray, np.ndarray]:
    """Hashes of what a line is worded with, 0 where a phrase would cross the line's end.

    Returns uint64[4, words] for each word, its stem, and the pair and the triple that begin with
    it, and uint64[6, lines] for the first word, pair and triple, the last pair and word, and the
    whole line. The same words hash differently in each of these roles.
    """
    words, lines = analysis.words, analysis.lines
    inner = np.stack([words.hashes, words.stems, analysis.pairs, analysis.triples])
    some = words.past > words.first
    edges = np.zeros((6, lines.count), np.uint64)
    first, last = words.first[some], words.past[some] - 1
    edges[:3, some] = inner[[0, 2, 3]][:, first]
    edges[3, some] = np.where(last > first, analysis.pairs[last - 1], np.uint64(0))
    edges[4, some] = words.hashes[last]
    sums = cumulative(words.hashes, np.uint64)
    edges[5] = sums[words.past] - sums[words.first]
    roles = np.arange(1, 11, dtype=np.uint64)[:, None] * np.uint64(0x9E3779B97F4A7C15)
    # A fingerprint is never 0: that marks a free slot.
    inner, edges = (
        np.where(values != 0, scramble(values ^ role) | np.uint64(1), np.uint64(0))
        for values, role in ((inner, roles[:4]), (edges, roles[4:]))
    )
    return inner, edges


def wording_features(analysis: Analysis, wording: Wording) -> Columns:
    """Learned weights of the wording of each line and its neighbours."""
    lines, words = analysis.lines, analysis.words
    inner, edges = wording_hashes(analysis)
    by_word = wording.weights_of(inner).sum(axis=0, dtype=np.int64)
    edge = wording.weights_of(edges).sum(axis=0, dtype=np.int64)
    total, number = words.sums(by_word), words.past - words.first
    mean = total * 16 // np.maximum(number, 1)
    out = Columns()
    out.add("wording in sum", total)
    out.add("wording a word", mean)
    out.add("wording a root of words", total / np.sqrt(np.maximum(number, 1)))
    out.add("wording at edges", edge)
    some = number > 0
    for name, reduce in (("highest", np.maximum), ("lowest", np.minimum)):
        extreme = np.zeros(lines.count, np.int64)
        if some.any():
            extreme[some] = reduce.reduceat(by_word, words.first[some])
        out.add(f"{name} wording", extreme)
    out.beside("wording a word", lines, mean, (-2, -1, 1, 2))
    out.beside("wording at edges", lines, edge, (-1, 1))
    out.around("wording in sum", lines, total, (4,))
    out.around("wording at edges", lines, edge, (4, 12))
    return out


def second_look(analysis: Analysis, scores: np.ndarray) -> Columns:
    """Features from the first forest's scores (float32[lines]) of the line and of its page."""
    out = Columns()
    permille = np.rint(scores * 1_000).astype(np.int64)
    likely = permille > 500
    neighbour_features(out, analysis, permille, likely)
    mass_features(out, analysis, permille)
    run_features(out, analysis, permille, likely)
    likeness_features(out, analysis, likely)
    block_features(out, analysis, find_blocks(analysis, permille, likely))
    return out


def neighbour_features(out: Columns, analysis: Analysis, permille: np.ndarray, likely: np.ndarray) -> None:
    """Scores of the line and of those around it."""
    lines = analysis.lines
    out.add("score", permille)
    out.beside("score", lines, permille, (-4, -3, -2, -1, 1, 2, 3, 4))
    out.around("score", lines, permille, (3, 8, 25))
    sure = permille > 850
    for name, flags in (("likely", likely), ("sure", sure), ("unlikely", permille < 200)):
        out.add(f"lines since {name}", lines.since(flags))
        out.add(f"lines until {name}", lines.until(flags))


def mass_features(out: Columns, analysis: Analysis, permille: np.ndarray) -> None:
    """Words weighted by score, before and after the line and in its page."""
    lines = analysis.lines
    number = np.minimum(analysis.basics.words, 400)
    for name, weight in (("body", permille * number), ("other", (1_000 - permille) * number)):
        sums, here = cumulative(weight), np.arange(lines.count)
        total = lines.page_sums(weight)
        before = sums[here] - sums[lines.first]
        out.add(f"{name} words of page", total)
        out.add(f"{name} words before", before)
        out.add(f"{name} words after", total - before - weight)
        out.add(f"share of {name} words before", share(before, total))
        out.around(f"{name} words", lines, weight, (2, 6, 20))
    expected = lines.page_sums(permille * number)
    out.add("share of body in page", share(expected, lines.page_sums(number * 1_000)))
    doubt = np.minimum(permille, 1_000 - permille) * number
    out.add("doubtful words of page", lines.page_sums(doubt))
    out.add("share of doubtful words", share(lines.page_sums(doubt), expected))


def run_features(out: Columns, analysis: Analysis, permille: np.ndarray, likely: np.ndarray) -> None:
    """Place of the line against the runs of likely lines."""
    lines, here = analysis.lines, np.arange(analysis.lines.count)
    number = np.minimum(analysis.basics.words, 200) + 2
    sums = cumulative(number)
    for name, level in (("narrow", 600), ("wide", 250)):
        first, past = lines.best_run((permille - level) * number)
        out.add(f"lines after start of {name} run", np.clip(here - first, -60, 200))
        out.add(f"lines before end of {name} run", np.clip(past - 1 - here, -60, 200))
        out.add(f"words after start of {name} run", sums[here] - sums[first])
        out.add(f"words before end of {name} run", sums[past] - sums[here + 1])
    number_likely = cumulative(likely)
    out.add("likely lines before", number_likely[here] - number_likely[lines.first])
    out.add("likely lines after", number_likely[lines.past] - number_likely[here + 1])
    likely_words = np.where(likely, number, 0)
    out.add("words since likely", since_sum(lines, likely, number))
    out.add("mean words of likely", share(lines.page_sums(likely_words), lines.page_sums(likely)))


@dataclass(frozen=True)
class Blocks:
    """Blocks of likely lines: each begins where the last likely line is some way back."""

    of_line: np.ndarray  # int64[lines], number of the block
    first: np.ndarray  # int64[blocks], first line
    main: np.ndarray  # int64[lines], the block with the most likely words in the line's page
    mass: np.ndarray  # float64[blocks], words in likely lines
    likely: np.ndarray  # bool[lines]
    permille: np.ndarray  # int64[lines], score
    ending: np.ndarray  # bool[lines], unlikely lines that head what follows articles
    begins: np.ndarray  # bool[lines]

    def sums(self, values: np.ndarray) -> np.ndarray:
        """Sum (float64[blocks], exact for whole numbers) of a value of the likely lines."""
        inside = np.where(self.likely, values, 0)
        return np.bincount(self.of_line, inside, minlength=len(self.first))


def find_blocks(analysis: Analysis, permille: np.ndarray, likely: np.ndarray) -> Blocks:
    """Blocks parted by two unlikely lines, or by one that heads what follows articles."""
    lines, basics = analysis.lines, analysis.basics
    ending = ~likely & (basics.words < 9) & (analysis.hits(*ENDINGS) > 0)
    far = lines.since(likely)
    parted = (far >= 2) | lines.shifted(ending, -1) & (far == 1)
    begins = (likely & (parted | (far == 99))) | (np.arange(lines.count) == lines.first)
    block, first = np.cumsum(begins) - 1, np.flatnonzero(begins)
    words = np.where(likely, np.minimum(basics.words, LONGEST_PARAGRAPH), 0)
    mass = np.bincount(block, words, minlength=len(first))
    main = np.zeros(lines.pages, np.int64)
    for page, (start, past) in enumerate(zip(lines.page_first, lines.page_past, strict=True)):
        if past > start:
            main[page] = block[start] + mass[block[start] : block[past - 1] + 1].argmax()
    return Blocks(block, first, main[lines.page], mass, likely, permille, ending, begins)


def block_features(out: Columns, analysis: Analysis, blocks: Blocks) -> None:
    """Size and place of the block that the line stands in or follows.

    Comments, appeals and further posts are told from the body by the block, not by the line.
    """
    lines, basics = analysis.lines, analysis.basics
    here, block, main, mass = np.arange(lines.count), blocks.of_line, blocks.main, blocks.mass
    far = lines.since(blocks.likely)
    number = np.minimum(basics.words, LONGEST_PARAGRAPH)
    gap_sums = cumulative(np.where(blocks.likely, 0, number))
    gap_words = gap_sums[here] - gap_sums[np.maximum(here - 1 - far, lines.first)]
    begin = blocks.first[block]
    out.add("main block distance", np.clip(block - main, -20, 20))
    out.add("block mass", mass[block])
    out.add("main block mass", mass[main])
    out.add("block mass against main", mass[block] / np.maximum(mass[main], 1))
    out.add("lines into block", here - begin)
    out.add("gap lines before block", far[begin])
    out.add("gap words before block", gap_words[begin])
    block_style(out, analysis, blocks)
    endings = cumulative(blocks.ending)
    between = endings[begin] - endings[np.minimum(blocks.first[main], begin)]
    out.add("endings between main and block", between)
    out.add("blocks of page", lines.page_sums(blocks.begins))
    out.add("lines until next block", lines.until(blocks.begins))


def block_style(out: Columns, analysis: Analysis, blocks: Blocks) -> None:
    """What the block's likely lines are like, and how that differs from the main block."""
    basics, characters = analysis.basics, analysis.basics.characters
    block, main = blocks.of_line, blocks.main
    number = np.minimum(basics.words, LONGEST_PARAGRAPH)
    line = analysis.words.line[analysis.places]
    content = np.bincount(line, minlength=analysis.lines.count)
    earlier = analysis.seen.first < blocks.first[block[line]]
    told_before = np.bincount(line[earlier], minlength=analysis.lines.count)
    size = np.maximum(blocks.sums(np.ones(analysis.lines.count)), 1)
    mass, content_sums = np.maximum(blocks.mass, 1), np.maximum(blocks.sums(content), 1)
    traits = [
        ("score", blocks.permille, size), ("sentences", basics.ends_sentence * 100, size),
        ("bullets", basics.bullet * 100, size), ("words", number, size),
        ("stops", basics.stops, mass), ("quotes", characters[Kind.QUOTE], mass),
        ("digits", characters[Kind.DIGIT], mass), ("signs", characters[Kind.SIGN], mass),
        ("content", content, mass), ("told before", told_before, content_sums),
        *((name, analysis.hits(name), mass) for name in BLOCK_CATEGORIES),
    ]  # fmt: skip
    for name, values, whole in traits:
        rate = blocks.sums(values) / whole
        out.add(f"{name} of block", rate[block])
        out.add(f"{name} of block less main", rate[block] - rate[main])
    known = shared_vocabulary(analysis, blocks.likely & (block == main), 0)
    out.add("vocabulary of main block", known)
    shared = blocks.sums(np.rint(known * content)) / content_sums
    out.add("vocabulary of block in main", shared[block])


def since_sum(lines: Lines, flags: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Sum of a value over the lines after the last flagged one before, up to the line itself."""
    sums, here = cumulative(values), np.arange(lines.count)
    distance = lines.since(flags)
    return sums[here] - sums[np.maximum(here - distance, lines.first)]


def likeness_features(out: Columns, analysis: Analysis, likely: np.ndarray) -> None:
    """How alike the line is to the page's likely lines: layout, address, wording."""
    lines, basics = analysis.lines, analysis.basics
    total = lines.page_sums(likely)
    for name, values in (
        ("indentation", np.minimum(basics.indentation, 15)),
        ("blank lines before", basics.blank_lines),
        ("blank lines after", lines.shifted(basics.blank_lines, 1, 9)),
        ("first kind", lines.kinds[lines.start].astype(np.int64)),
        ("last kind", basics.last_kind.astype(np.int64)),
    ):
        key = lines.page * 32 + values
        table = np.bincount(key[likely], minlength=lines.pages * 32)
        out.add(f"likely lines of the same {name}", share(table[key], total))
    for name, flags in (
        ("sentence", basics.ends_sentence), ("bullet", basics.bullet), ("short", basics.short),
    ):  # fmt: skip
        out.add(f"likely lines that are {name}", share(lines.page_sums(likely & flags), total))
    for name in ("address", "self", "reporting"):
        hits = lines.page_sums(analysis.hits(name) * likely)
        out.add(f"{name} words a likely line", share(hits, total))
    out.add("vocabulary of likely", shared_vocabulary(analysis, likely, 0))
    out.add("vocabulary often in likely", shared_vocabulary(analysis, likely, 2))
    out.add("triples of likely", repeated_triples(analysis, likely))


@dataclass(frozen=True)
class Model:
    """The two forests and the weights of wording that come with the package."""

    first: Forest
    second: Forest
    wording: Wording


@functools.cache
def shipped_model() -> Model:
    """The trained model of the package."""
    with (resources.files(__package__) / "data" / "body_forest.npz").open("rb") as file:
        arrays = dict(np.load(file, allow_pickle=False))
    wording = Wording(arrays["fingerprints"], arrays["weights"])
    return Model(forest_of(arrays, "first"), forest_of(arrays, "second"), wording)


def forest_of(arrays: dict[str, np.ndarray], stage: str) -> Forest:
    """The forest whose arrays have names that begin with `stage`."""
    return Forest(
        arrays[f"{stage}_features"], arrays[f"{stage}_borders"],
        arrays[f"{stage}_trees"], arrays[f"{stage}_leaves"], int(arrays[f"{stage}_bias"]),
    )  # fmt: skip


def batch_scores(analysis: Analysis) -> np.ndarray:
    """Probabilities (float32[lines]) for the lines of one batch of pages."""
    model = shipped_model()
    shape = feature_columns(analysis).stack()
    early = to_probabilities(model.first.margins(shape))
    looks = second_look(analysis, early), wording_features(analysis, model.wording)
    table = np.concatenate((shape, *(columns.stack() for columns in looks)))
    return to_probabilities(model.second.margins(table))


def batches(texts: Sequence[str]) -> list[tuple[int, int]]:
    """First page and page past the last of each batch, bounded in pages and characters."""
    cuts, first, size = [], 0, 0
    for index, text in enumerate(texts):
        if index > first and (index - first >= BATCH_PAGES or size + len(text) > BATCH_CHARACTERS):
            cuts.append((first, index))
            first, size = index, 0
        size += len(text)
    if len(texts) > first:
        cuts.append((first, len(texts)))
    return cuts


def body_scores(texts: Sequence[str], starts: Sequence[np.ndarray], ends: Sequence[np.ndarray]) -> list[np.ndarray]:
    """Probability (float32, 3 decimals) that a line is body, an array a page.

    `texts[i][starts[i][k]:ends[i][k]]` is line k of page i, trimmed; blank lines are left out.
    Lines past the first 20,000 of a page are not looked at and get 0.
    """
    scores = [np.zeros(len(lines), np.float32) for lines in starts]
    for first, past in batches(texts):
        part = slice(first, past)
        short_starts = [lines[:MOST_LINES] for lines in starts[part]]
        short_ends = [lines[:MOST_LINES] for lines in ends[part]]
        found = batch_scores(analyse(texts[part], short_starts, short_ends))
        cuts = np.cumsum([len(lines) for lines in short_starts])[:-1]
        for page, values in zip(scores[part], np.split(found, cuts), strict=True):
            page[: len(values)] = values
    return scores


def body_lines(scores: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """Which lines (bool[lines]) of a page are body, from their scores and lengths."""
    return scores >= np.float32(THRESHOLD)
