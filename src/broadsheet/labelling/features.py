"""Features of the lines of news pages, computed from text alone, many pages at a time."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .lexicon import (
    NAMES,
    Basics,
    Kind,
    Lines,
    Occurrences,
    Words,
    basics_of,
    categories_of,
    cumulative,
    following_hashes,
    lay_out,
    numbered,
    occurrences,
    scramble,
    share,
    split_words,
)

VOCABULARY_BITS = 13
TRIGRAM_BITS = 14
ENDINGS = ("related", "comments", "popular", "newsletter", "biography", "topics", "share",
           "legal", "appeal")  # fmt: skip
NOISE = ("share", "newsletter", "legal", "video", "related", "advertisement", "cookies",
         "credit", "comments", "appeal", "navigation", "topics", "commerce", "popular")  # fmt: skip
HEADINGS = ("share", "newsletter", "related", "comments", "biography", "popular", "topics",
            "published", "legal", "appeal", "byline", "time")  # fmt: skip


class Columns:
    """Named columns of features, gathered one after another."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.values: list[np.ndarray] = []

    def add(self, name: str, values: np.ndarray) -> None:
        """Append one column of a value a line."""
        self.names.append(name)
        self.values.append(values)

    def stack(self) -> np.ndarray:
        """The columns as float32[features, lines], each of them contiguous."""
        table = np.empty((len(self.values), len(self.values[0])), np.float32)
        for row, values in zip(table, self.values, strict=True):
            row[:] = values
        return table

    def around(self, name: str, lines: Lines, values: np.ndarray, widths: Sequence[int]) -> None:
        """Append sums of a value over the lines before and after, a pair for each width."""
        for width in widths:
            before, after = lines.around(values, width)
            self.add(f"{name} in {width} before", before)
            self.add(f"{name} in {width} after", after)

    def beside(self, name: str, lines: Lines, values: np.ndarray, steps: Sequence[int]) -> None:
        """Append the value of lines close by, -1 past the ends of the page."""
        for step in steps:
            self.add(f"{name} at {step:+d}", lines.shifted(values, step, -1))


@dataclass(frozen=True)
class Analysis:
    """A batch of pages, looked at once, for all groups of features."""

    lines: Lines
    words: Words
    basics: Basics
    found: np.ndarray  # uint32[words], categories of the phrases that begin at the word
    content: np.ndarray  # bool[words], long enough and no stop word
    pairs: np.ndarray  # uint64[words], hash of the word and the next one, 0 at the line's end
    triples: np.ndarray  # uint64[words], the same of three words
    places: np.ndarray  # int64[content words], numbers of the content words
    seen: Occurrences  # of the stems of the content words

    def hits(self, *names: str) -> np.ndarray:
        """Words (int64[lines]) of some categories in each line."""
        bits = np.uint32(sum(1 << NAMES.index(name) for name in names))
        line, found = self.found_words
        return np.bincount(line[(found & bits) != 0], minlength=self.lines.count)

    @functools.cached_property
    def found_words(self) -> tuple[np.ndarray, np.ndarray]:
        """Lines and categories of the words that have any."""
        some = np.flatnonzero(self.found)
        return self.words.line[some], self.found[some]

    @functools.cached_property
    def vocabulary(self) -> tuple[np.ndarray, np.ndarray, int]:
        """Line and number in its page's vocabulary of each content word, and how many numbers there are."""
        line = self.words.line[self.places]
        key = self.words.hashes[self.places] & np.uint64((1 << VOCABULARY_BITS) - 1)
        numbers = numbered((self.lines.page[line] << VOCABULARY_BITS) + key.astype(np.int64),
                           self.lines.pages << VOCABULARY_BITS)  # fmt: skip
        return line, *numbers

    @functools.cached_property
    def phrases(self) -> tuple[np.ndarray, np.ndarray, int]:
        """Line and number among its page's of each triple of words, and how many numbers there are."""
        some = np.flatnonzero(self.triples)
        line = self.words.line[some]
        key = self.triples[some] & np.uint64((1 << TRIGRAM_BITS) - 1)
        numbers = numbered((self.lines.page[line] << TRIGRAM_BITS) + key.astype(np.int64),
                           self.lines.pages << TRIGRAM_BITS)  # fmt: skip
        return line, *numbers


def shape_features(out: Columns, lines: Lines, words: Words, basics: Basics) -> None:
    """Length, capitals, punctuation and layout of the line itself."""
    size, number, counts = lines.end - lines.start, basics.words, basics.characters
    out.add("characters", size)
    out.add("words", number)
    out.add("word length", share(words.sums(words.length), words.past - words.first))
    out.add("longest word", longest_word(words, lines.count))
    for name, kind in (
        ("capitals", Kind.UPPER), ("digits", Kind.DIGIT), ("caseless letters", Kind.LETTER),
        ("ideographs", Kind.IDEOGRAPH), ("blanks", Kind.BLANK), ("separators", Kind.SEPARATOR),
        ("symbols", Kind.SYMBOL), ("signs", Kind.SIGN),
    ):  # fmt: skip
        out.add(f"share of {name}", share(counts[kind], size))
    for name, kind in (
        ("commas", Kind.COMMA), ("stops", Kind.STOP), ("quotes", Kind.QUOTE),
        ("brackets", Kind.BRACKET), ("separators", Kind.SEPARATOR), ("colons", Kind.COLON),
        ("dashes", Kind.DASH), ("signs", Kind.SIGN), ("apostrophes", Kind.APOSTROPHE),
        ("digits", Kind.DIGIT),
    ):  # fmt: skip
        out.add(name, counts[kind])
    out.add("words a stop", share(number, counts[Kind.STOP]))
    out.add("words a comma", share(number, counts[Kind.COMMA]))
    raised = words.sums(words.initial == Kind.UPPER)
    out.add("share of raised words", share(raised, words.past - words.first))
    out.add("words in capitals", share(words.sums(words.capitals), words.past - words.first))
    out.add("number words", words.sums(words.initial == Kind.DIGIT))
    out.add("stop words", basics.stops)
    out.add("share of stop words", share(basics.stops, words.past - words.first))
    out.add("first kind", lines.kinds[lines.start])
    out.add("last kind", lines.kinds[lines.end - 1])
    out.add("last kind inside quotes", basics.last_kind)
    out.add("ellipsis", ends_in_ellipsis(lines))
    out.add("indentation", basics.indentation)
    out.add("blank lines before", basics.blank_lines)
    out.add("blank lines after", lines.shifted(basics.blank_lines, 1, 9))


def longest_word(words: Words, count: int) -> np.ndarray:
    """Characters of the longest word of each line."""
    longest = np.zeros(count, np.int64)
    some = words.past > words.first
    if some.any():
        longest[some] = np.maximum.reduceat(words.length, words.first[some])
    return longest


def ends_in_ellipsis(lines: Lines) -> np.ndarray:
    """Whether the line breaks off in an ellipsis or three points."""
    last = lines.codes[lines.end - 1]
    before = lines.codes[np.maximum(lines.end - 2, lines.start)]
    return (last == 0x2026) | ((last == 0x2E) & (before == 0x2E)) | (before == 0x2026)


def context_features(out: Columns, lines: Lines, basics: Basics) -> None:
    """What the lines before and after look like."""
    number = np.minimum(basics.words, 80)
    steps = (-3, -2, -1, 1, 2, 3)
    out.beside("words", lines, number, steps)
    out.beside("stop words", lines, np.minimum(basics.stops, 40), (-2, -1, 1, 2))
    out.beside("ends sentence", lines, basics.ends_sentence.astype(np.int64), (-2, -1, 1, 2))
    out.beside("last kind", lines, basics.last_kind.astype(np.int64), (-1, 1))
    first_kind = lines.kinds[lines.start].astype(np.int64)
    out.beside("first kind", lines, first_kind, (-1, 1))
    out.beside("indentation", lines, basics.indentation, (-1, 1))
    out.beside("blank lines before", lines, basics.blank_lines, (-2, -1, 2))
    out.beside("stops", lines, basics.characters[Kind.STOP], (-1, 1))
    out.beside("digits", lines, basics.characters[Kind.DIGIT], (-1, 1))
    widths = (4, 12, 40)
    out.around("words", lines, number, widths)
    out.around("prose", lines, basics.prose.astype(np.int64), (3, 8, 25))
    out.around("bullets", lines, basics.bullet.astype(np.int64), (4, 16))
    out.around("short lines", lines, basics.short.astype(np.int64), (4, 16))
    out.around("stop words", lines, np.minimum(basics.stops, 40), (6,))
    out.around("blank lines", lines, np.minimum(basics.blank_lines, 2), (4,))
    out.add("lines since prose", lines.since(basics.prose))
    out.add("lines until prose", lines.until(basics.prose))
    long_prose = basics.prose & (basics.words >= 30)
    out.add("lines since long prose", lines.since(long_prose))
    out.add("lines until long prose", lines.until(long_prose))
    same = (lines.shifted(basics.indentation, -1, -1) == basics.indentation).astype(np.int64)
    out.add("same indentation run", lines.since(same == 0))


def page_features(out: Columns, lines: Lines, basics: Basics) -> None:
    """Where the line stands in its page, and what page that is."""
    here, number = np.arange(lines.count), basics.words
    size = lines.past - lines.first
    total = lines.page_sums(number)
    sums = cumulative(number)
    before = sums[here] - sums[lines.first]
    out.add("lines of page", size)
    out.add("lines before", here - lines.first)
    out.add("lines after", lines.past - here - 1)
    out.add("share of lines before", share(here - lines.first, size))
    out.add("words of page", total)
    out.add("share of words before", share(before, total))
    in_prose = lines.page_sums(number * basics.prose)
    out.add("prose words of page", in_prose)
    out.add("share of prose words", share(in_prose, total))
    out.add("prose lines of page", lines.page_sums(basics.prose))
    prose_sums = cumulative(number * basics.prose)
    prose_before = prose_sums[here] - prose_sums[lines.first]
    out.add("share of prose before", share(prose_before, in_prose))
    out.add("prose words before", prose_before)
    out.add("prose words after", in_prose - prose_before - number * basics.prose)
    out.add("mean prose length", share(in_prose, lines.page_sums(basics.prose)))
    out.add("share of bullets of page", share(lines.page_sums(basics.bullet), size))
    out.add("share of short lines of page", share(lines.page_sums(basics.short), size))
    out.add("ideographs of page", share(lines.page_sums(basics.characters[Kind.IDEOGRAPH]), total))
    out.add("blank lines a line", share(lines.page_sums(np.minimum(basics.blank_lines, 2)), size))
    out.add("words against mean", share(number * lines.page_sums(basics.prose), in_prose))


def keyword_features(out: Columns, lines: Lines, words: Words, found: np.ndarray) -> None:
    """Keywords of each category in the line, at its head, and around it.

    `found` has the categories of the phrases that begin at each word (uint32, a bit each).
    """
    some = np.flatnonzero(found & np.uint32((1 << len(NAMES)) - 1))
    line, bits = words.line[some], found[some]
    lead = np.zeros(lines.count, np.uint32)
    at_head = some - words.first[line] < 2
    np.bitwise_or.at(lead, line[at_head], bits[at_head])
    short = words.past - words.first < 9
    everything = np.zeros(lines.count, np.int64)
    for number, name in enumerate(NAMES):
        bit = np.uint32(1 << number)
        hits = np.bincount(line[(bits & bit) != 0], minlength=lines.count)
        out.add(f"{name} words", hits)
        out.add(f"{name} at head", (lead & bit) != 0)
        if name in NOISE:
            everything += np.minimum(hits, 3)
        if name in HEADINGS:
            heading = (hits > 0) & short
            out.add(f"lines since {name} heading", lines.since(heading))
            out.around(f"{name} words", lines, np.minimum(hits, 3), (3, 12))
    out.add("noise words", everything)
    out.add("share of noise words", share(everything, words.past - words.first))
    out.beside("noise words", lines, everything, (-2, -1, 1, 2))
    out.around("noise words", lines, everything, (5, 20))


def run_places(
    out: Columns, lines: Lines, basics: Basics, name: str, gain: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Append the place of each line against the best run, and return its bounds a line."""
    here, sums = np.arange(lines.count), cumulative(basics.words)
    first, past = lines.best_run(gain)
    out.add(f"lines after start of {name} run", np.clip(here - first, -60, 200))
    out.add(f"lines before end of {name} run", np.clip(past - 1 - here, -60, 200))
    out.add(f"words of {name} run", sums[past] - sums[first])
    out.add(f"words after start of {name} run", sums[here] - sums[first])
    out.add(f"words before end of {name} run", sums[past] - sums[here + 1])
    return first, past


def segment_features(out: Columns, lines: Lines, basics: Basics) -> np.ndarray:
    """Place of the line against the page's main runs of prose. Returns who is in the main one."""
    here = np.arange(lines.count)
    weight = np.minimum(basics.words, 60) * np.where(basics.ends_sentence, 2, 1)
    weight = np.where(basics.bullet, np.minimum(weight, 30), weight)
    inside = np.zeros(lines.count, bool)
    for name, cost in (("strict", 36), ("middle", 20), ("lenient", 11)):
        first, past = run_places(out, lines, basics, name, weight - cost)
        if name == "middle":
            inside = (here >= first) & (here < past)
    return inside


def shared_vocabulary(analysis: Analysis, member: np.ndarray, least: int) -> np.ndarray:
    """Share of a line's content words that stand more than `least` times in other lines.

    `member` (bool[lines]) says which lines count.
    """
    line, number, size = analysis.vocabulary
    known, count = member[line], analysis.lines.count
    table = np.bincount(number[known], minlength=size)
    shared = table[number] - known > least
    return share(np.bincount(line[shared], minlength=count), np.bincount(line, minlength=count))


def repeated_triples(analysis: Analysis, member: np.ndarray) -> np.ndarray:
    """Share of a line's word triples that also stand in another of the lines in `member`."""
    line, number, size = analysis.phrases
    known, count = member[line], analysis.lines.count
    table = np.bincount(number[known], minlength=size)
    repeated = table[number] > known
    return share(np.bincount(line[repeated], minlength=count), np.bincount(line, minlength=count))


def repetition_features(out: Columns, analysis: Analysis, inside: np.ndarray) -> None:
    """Vocabulary shared with the page's prose, and wording that stands elsewhere in the page."""
    for name, member in (("prose", analysis.basics.prose), ("run", inside)):
        for least in (0, 2):
            shared = shared_vocabulary(analysis, member, least)
            out.add(f"vocabulary more than {least} times in {name}", shared)
    everywhere = np.ones(analysis.lines.count, bool)
    out.add("share of repeated triples", repeated_triples(analysis, everywhere))
    out.add("share of triples in run", repeated_triples(analysis, inside))
    out.add("same line in page", same_lines(analysis.lines, analysis.words))


def same_lines(lines: Lines, words: Words) -> np.ndarray:
    """How many lines of the page have the same words in sum."""
    sums = cumulative(words.hashes, np.uint64)
    key = scramble(sums[words.past] - sums[words.first]) + lines.page.astype(np.uint64)
    _, which, counts = np.unique(key, return_inverse=True, return_counts=True)
    return counts[which]


def cohesion_features(out: Columns, analysis: Analysis) -> None:
    """Words that come again in lines close by, as an article's do, and the page's headline."""
    lines, words, basics = analysis.lines, analysis.words, analysis.basics
    some = analysis.places
    line = words.line[some]
    last, following = analysis.seen.last, analysis.seen.following
    back = np.where(last >= 0, line - last, 10_000)
    ahead = np.where(following >= 0, following - line, 10_000)
    name = (words.initial[some] == Kind.UPPER) & (some != words.first[line])
    number = np.bincount(line, minlength=lines.count)

    def per_line(flags: np.ndarray) -> np.ndarray:
        return np.bincount(line[flags], minlength=lines.count)

    for reach in (3, 12, 9_999):
        out.add(f"words seen {reach} lines back", share(per_line(back <= reach), number))
        out.add(f"words seen {reach} lines ahead", share(per_line(ahead <= reach), number))
    close = np.minimum(back, ahead) <= 10
    out.add("names", per_line(name))
    out.add("share of names close by", share(per_line(name & close), per_line(name)))
    linked = np.minimum(per_line(close), 15)
    out.add("words close by", linked)
    out.around("words close by", lines, linked, (3, 10))
    run_places(out, lines, basics, "cohesive", 4 * linked + np.minimum(basics.stops, 20) - 18)
    to_prose = (ahead <= 25) & basics.prose[np.where(following >= 0, following, 0)]
    headline_features(out, analysis, number, per_line(to_prose))


def headline_features(out: Columns, analysis: Analysis, number: np.ndarray, answered: np.ndarray) -> None:
    """Place against the line that best announces the prose below it.

    `number` counts the content words of each line, `answered` those that come again in prose.
    """
    lines, basics = analysis.lines, analysis.basics
    fit = (basics.words >= 3) & (basics.words <= 30) & ~basics.bullet & ~basics.prose
    score = np.where(fit, answered * answered * 64 // (number + 2), 0)
    best = np.zeros(lines.pages, np.int64)
    for page, (first, past) in enumerate(zip(lines.page_first, lines.page_past, strict=True)):
        if past > first:
            best[page] = first + score[first:past].argmax()
    headline = best[lines.page]
    here = np.arange(lines.count)
    out.add("headline score", score)
    out.add("share of best headline score", share(score, score[headline]))
    out.add("best headline score", score[headline])
    out.add("lines after headline", np.clip(here - headline, -60, 200))
    sums = cumulative(basics.words)
    out.add("words after headline", sums[here] - sums[headline])
    out.add("vocabulary of headline", shared_vocabulary(analysis, here == headline, 0))


def template_features(out: Columns, analysis: Analysis) -> None:
    """Lines that are made alike all over the page: dates of comments, labels of teasers."""
    lines, words, basics = analysis.lines, analysis.words, analysis.basics
    known = analysis.found != 0
    token = np.where(known, words.hashes, words.initial.astype(np.uint64))
    sums = cumulative(scramble(token + np.uint64(1)), np.uint64)
    key = sums[words.past] - sums[words.first] + lines.kinds[lines.start].astype(np.uint64)
    key = scramble(scramble(key) + lines.page.astype(np.uint64))
    here = np.arange(lines.count)
    seen = occurrences(key, here)
    last, following = seen.last, seen.following
    _, which, counts = np.unique(key, return_inverse=True, return_counts=True)
    count = counts[which] if lines.count else here
    out.add("lines of the same making", count)
    out.add("lines since the same making", np.where(last >= 0, here - last, 99))
    out.add("lines until the same making", np.where(following >= 0, following - here, 99))
    alike = ((count >= 3) & ~basics.bullet & (basics.words < 15)).astype(np.int64)
    out.around("lines of a making", lines, alike, (4, 12, 40))
    out.add("lines since a making", lines.since(alike > 0))
    out.add("lines until a making", lines.until(alike > 0))


def anchor_features(out: Columns, analysis: Analysis, inside: np.ndarray) -> None:
    """Lines that begin or end articles: dates, bylines, headings of what follows an article."""
    lines, basics = analysis.lines, analysis.basics
    small = (basics.words < 16) & ~basics.bullet
    dated = small & (basics.characters[Kind.DIGIT] >= 2) & (analysis.hits("time") > 0)
    ending = small & (basics.words < 9) & (analysis.hits(*ENDINGS) > 0)
    here, sums = np.arange(lines.count), cumulative(basics.words)
    in_run = cumulative(inside)
    begun = in_run[here] > in_run[lines.first]
    for name, flags in (("dated line", dated), ("ending", ending)):
        out.add(f"lines since {name}", lines.since(flags))
        out.add(f"lines until {name}", lines.until(flags))
        number = cumulative(flags)
        out.add(f"{name}s before", number[here] - number[lines.first])
        after_start = cumulative(flags & begun)
        out.add(f"{name}s since run began", after_start[here] - after_start[lines.first])
        last = np.maximum(here - 1 - lines.since(flags), lines.first)
        out.add(f"words since {name}", sums[here] - sums[last])
    out.add("signs at +1", lines.shifted(basics.characters[Kind.SIGN], 1, -1))
    blank = (lines.kinds == Kind.BLANK) & (lines.codes != 32)
    blank[1:] |= (lines.kinds[1:] == Kind.BLANK) & (lines.kinds[:-1] == Kind.BLANK)
    wide = cumulative(blank, np.int32)
    out.add("wide blanks", wide[lines.end] - wide[lines.start])


def analyse(texts: Sequence[str], starts: Sequence[np.ndarray], ends: Sequence[np.ndarray]) -> Analysis:
    """Lines, words and counts of a batch of pages."""
    lines = lay_out(texts, starts, ends)
    words = split_words(lines)
    pairs, triples = following_hashes(words)
    found = categories_of(words.hashes) | categories_of(pairs) | categories_of(triples)
    stop = (found >> np.uint32(len(NAMES))) > 0
    content = ~stop & ((words.length >= 4) | (words.initial == Kind.IDEOGRAPH))
    basics = basics_of(lines, words, stop)
    places = np.flatnonzero(content)
    page = lines.page[words.line[places]]
    seen = occurrences(scramble(words.stems[places] + page.astype(np.uint64)), words.line[places])
    return Analysis(lines, words, basics, found, content, pairs, triples, places, seen)


def feature_columns(analysis: Analysis) -> Columns:
    """All groups of features, one column after another."""
    lines, words, basics = analysis.lines, analysis.words, analysis.basics
    out = Columns()
    shape_features(out, lines, words, basics)
    context_features(out, lines, basics)
    page_features(out, lines, basics)
    keyword_features(out, lines, words, analysis.found)
    inside = segment_features(out, lines, basics)
    repetition_features(out, analysis, inside)
    cohesion_features(out, analysis)
    template_features(out, analysis)
    anchor_features(out, analysis, inside)
    return out


def line_features(texts: Sequence[str], starts: Sequence[np.ndarray], ends: Sequence[np.ndarray]) -> np.ndarray:
    """Features (float32[lines, features]) of the lines of all pages, in order.

    `texts[i][starts[i][k]:ends[i][k]]` is line k of page i, trimmed; blank lines are left out.
    """
    return feature_columns(analyse(texts, starts, ends)).stack().T


FEATURE_NAMES: tuple[str, ...] = tuple(feature_columns(analyse([], [], [])).names)
"""Names of the columns of `line_features`."""
