"""Lines and words of a batch of pages as arrays, and the lexicon that words are looked up in.

The pages of a batch are laid out as one array of code points, and every count is a difference
of two integer cumulative sums. Integers add without rounding, so what is counted for a page is
the same to the last bit whatever other pages are in the batch.
"""

from __future__ import annotations

import functools
import tomllib
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from importlib import resources

import numpy as np
from numpy.typing import DTypeLike

PAGE_CHARACTERS = 2_000_000
LONGEST_LINE = 4_000
SHORTEST_CAP = 100
LONGEST_GAP = 200


class Kind(IntEnum):
    """Kinds of characters. Words are runs of the first five; an ideograph is a word of its own."""

    LOWER, UPPER, DIGIT, LETTER, IDEOGRAPH, BLANK, COMMA, STOP, QUOTE, BRACKET = range(10)
    SEPARATOR, COLON, DASH, SYMBOL, APOSTROPHE, SIGN, NEWLINE, OTHER = range(10, 18)


SPECIAL = {
    Kind.COMMA: ",;、，،؛；",
    Kind.STOP: ".!?…。！？।॥۔؟．｡",
    Kind.QUOTE: '"“”„«»‹›「」『』‟〝〞',
    Kind.BRACKET: "()[]{}（）【】《》〈〉",
    Kind.SEPARATOR: "|/•·▪■●►▶→←↑↓*>‣◦∙★☆✓×\\",
    Kind.COLON: ":：",
    Kind.DASH: "-–—―‐‑−",
    Kind.APOSTROPHE: "'’‘`´",
    Kind.SIGN: "@#&+=%$€£¥©®™",
    Kind.NEWLINE: "\n",
}
COUNTED = [kind for kind in Kind if kind not in (Kind.LOWER, Kind.NEWLINE, Kind.OTHER)]
COUNTER_BITS = 12
COUNTERS_PER_WORD = 5
MULTIPLIER = 0x9E3779B97F4A7C15
FINAL = np.uint64(0xD6E8FEB86659FD93)
LEXICON_BITS = 17
STEM = 5


@functools.cache
def keywords() -> tuple[dict[str, str], str]:
    """Phrases of each category and the stop words, as `|`-separated strings."""
    file = resources.files(__package__) / "data" / "keywords.toml"
    tables = tomllib.loads(file.read_text("utf-8"))
    return tables["categories"], tables["stop_words"]


NAMES = tuple(keywords()[0])


def scramble(values: np.ndarray) -> np.ndarray:
    """Hashes (uint64) with their bits mixed, so that the high ones can be used as a slot."""
    values = (values ^ (values >> np.uint64(29))) * FINAL
    return values ^ (values >> np.uint64(32))


def kind_of(character: str) -> int:
    """Kind of one character by its Unicode category."""
    category = unicodedata.category(character)
    if category.startswith(("L", "M")):
        code = ord(character)
        if 0x3040 <= code <= 0x30FF or 0x3400 <= code <= 0x9FFF or 0xF900 <= code <= 0xFAFF:
            return Kind.IDEOGRAPH
        return {"Lu": Kind.UPPER, "Lt": Kind.UPPER, "Ll": Kind.LOWER}.get(category, Kind.LETTER)
    if character.isspace():
        return Kind.BLANK
    return {"N": Kind.DIGIT, "S": Kind.SYMBOL}.get(category[0], Kind.OTHER)


@functools.cache
def character_tables() -> tuple[np.ndarray, np.ndarray]:
    """Kind (uint8) and hash (uint64, equal for both cases) of every code point below 65536."""
    kinds = np.array([kind_of(chr(code)) for code in range(0x10000)], np.uint8)
    for kind, characters in SPECIAL.items():
        kinds[[ord(character) for character in characters]] = kind
    lower = np.array([ord(chr(code).lower()[0]) & 0xFFFF for code in range(0x10000)], np.uint64)
    return kinds, scramble((lower + np.uint64(1)) * np.uint64(MULTIPLIER))


@functools.cache
def powers(size: int) -> tuple[np.ndarray, np.ndarray]:
    """First `size` powers of the hash's base and of its inverse, modulo 2**64."""
    inverse = pow(MULTIPLIER, -1, 1 << 64)
    tables = []
    for base in (MULTIPLIER, inverse):
        steps = np.full(size, base, np.uint64)
        steps[0] = 1
        tables.append(np.multiply.accumulate(steps))
    return tables[0], tables[1]


def cumulative(values: np.ndarray, kind: DTypeLike = np.int64) -> np.ndarray:
    """Sums of the first 0, 1, 2 … values."""
    sums: np.ndarray = np.zeros(len(values) + 1, kind)
    np.cumsum(values, out=sums[1:])
    return sums


@dataclass(frozen=True)
class Lines:
    """Lines of a batch of pages over one array of code points."""

    codes: np.ndarray  # uint32[characters]
    kinds: np.ndarray  # uint8[characters]
    start: np.ndarray  # int64[lines], first character of the line
    end: np.ndarray  # int64[lines], past its last character
    page: np.ndarray  # int64[lines], number of the page
    first: np.ndarray  # int64[lines], first line of the same page
    past: np.ndarray  # int64[lines], past the last line of the same page
    page_first: np.ndarray  # int64[pages]
    page_past: np.ndarray  # int64[pages]

    @property
    def count(self) -> int:
        """Number of lines in the batch."""
        return len(self.start)

    @property
    def pages(self) -> int:
        """Number of pages in the batch."""
        return len(self.page_first)

    def shifted(self, values: np.ndarray, by: int, fill: int = 0) -> np.ndarray:
        """Value of the line `by` lines further down the same page, `fill` past its ends."""
        where, outside = self._beside(by)
        found = values[where]
        if found.dtype == np.bool_ or found.dtype.itemsize < 8:
            return np.where(outside, fill, found)
        found[outside] = fill
        return found

    @functools.cached_property
    def _places(self) -> dict[tuple[str, int], tuple[np.ndarray, np.ndarray]]:
        """Indices that many columns ask for, by how far they reach."""
        return {}

    def _beside(self, by: int) -> tuple[np.ndarray, np.ndarray]:
        """Index of the line `by` lines further down, and where that lies outside the page."""
        if ("beside", by) not in self._places:
            where = np.arange(self.count) + by
            outside = (where < self.first) | (where >= self.past)
            self._places["beside", by] = np.clip(where, 0, max(self.count - 1, 0)), outside
        return self._places["beside", by]

    def _around(self, width: int) -> tuple[np.ndarray, np.ndarray]:
        """Index of the first of `width` lines before each line, and past the last of those after it."""
        if ("around", width) not in self._places:
            here = np.arange(self.count)
            bounds = np.maximum(here - width, self.first), np.minimum(here + 1 + width, self.past)
            self._places["around", width] = bounds
        return self._places["around", width]

    def around(self, values: np.ndarray, width: int) -> tuple[np.ndarray, np.ndarray]:
        """Sums over up to `width` lines before and after each line, in its page."""
        sums, (first, past) = cumulative(values), self._around(width)
        return sums[:-1] - sums[first], sums[past] - sums[1:]

    def page_sums(self, values: np.ndarray) -> np.ndarray:
        """Sum over the page of each line."""
        sums = cumulative(values)
        return (sums[self.page_past] - sums[self.page_first])[self.page]

    def since(self, flags: np.ndarray) -> np.ndarray:
        """Lines since the last flagged one before (0: the line before), 99 if there is none."""
        here = np.arange(self.count)
        marks = np.where(flags, here, -1)
        last = np.concatenate(([-1], np.maximum.accumulate(marks)[:-1])) if self.count else marks
        return np.where(last >= self.first, np.minimum(here - last - 1, 99), 99)

    def until(self, flags: np.ndarray) -> np.ndarray:
        """Lines until the next flagged one (0: the line after), 99 if there is none."""
        here, far = np.arange(self.count), self.count + 1_000
        marks = np.where(flags, here, far)
        following = np.minimum.accumulate(marks[::-1])[::-1]
        following = np.concatenate((following[1:], [far])) if self.count else marks
        return np.where(following < self.past, np.minimum(following - here - 1, 99), 99)

    def best_run(self, gain: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """First line and line past the run with the greatest sum of `gain` in the line's page."""
        sums = cumulative(gain)
        firsts, pasts = np.zeros(self.pages, np.int64), np.zeros(self.pages, np.int64)
        for page, (first, past) in enumerate(zip(self.page_first, self.page_past, strict=True)):
            inside = sums[first : past + 1]
            end = int((inside - np.minimum.accumulate(inside)).argmax())
            firsts[page] = first + inside[: end + 1].argmin()
            pasts[page] = first + end
        return firsts[self.page], pasts[self.page]


def shortened(text: str, starts: np.ndarray, ends: np.ndarray) -> tuple[str, np.ndarray, np.ndarray]:
    """The page with the middle of overlong lines and gaps left out, so that memory is bounded.

    A line keeps its head and its last quarter's worth: how it begins and ends tells most.
    """
    cap = max(SHORTEST_CAP, min(LONGEST_LINE, PAGE_CHARACTERS // max(len(starts), 1)))
    tail = cap // 4
    gap_starts = np.concatenate(([0], ends[:-1]))
    longest = (ends - starts).max(initial=0)
    if longest <= cap and (starts - gap_starts).max(initial=0) <= LONGEST_GAP:
        # What follows the last line is blank, or not to be looked at.
        return text[: ends[-1]] if len(ends) else "", starts, ends
    pieces: list[str] = []
    position, new_starts, new_ends = 0, [], []
    for gap, start, end in zip(gap_starts.tolist(), starts.tolist(), ends.tolist(), strict=True):
        blank = text[max(gap, start - LONGEST_GAP) : start]
        line = text[start:end]
        if len(line) > cap:
            line = line[: cap - tail] + line[-tail:]
        pieces += (blank, line)
        new_starts.append(position + len(blank))
        position += len(blank) + len(line)
        new_ends.append(position)
    return "".join(pieces), np.array(new_starts, np.int64), np.array(new_ends, np.int64)


def lay_out(texts: Sequence[str], starts: Sequence[np.ndarray], ends: Sequence[np.ndarray]) -> Lines:
    """Lines of many pages over one array of code points; a newline stands before every page."""
    encoded, line_starts, line_ends, counts, position = [], [], [], [], 0
    for text, first, last in zip(texts, starts, ends, strict=True):
        short, begin, finish = shortened(text, np.asarray(first), np.asarray(last))
        content = ("\n" + short).encode("utf-32-le", "surrogatepass")
        encoded.append(content)
        line_starts.append(begin + position + 1)
        line_ends.append(finish + position + 1)
        counts.append(len(begin))
        position += len(content) // 4
    codes = np.frombuffer(b"".join(encoded) + b"\n\0\0\0", np.uint32)
    kinds = character_tables()[0][np.minimum(codes, 0xFFFF)]
    sums = cumulative(np.array(counts, np.int64))
    page = np.repeat(np.arange(len(counts)), counts)
    nothing = [np.zeros(0, np.int64)]
    return Lines(
        codes, kinds,
        np.concatenate(line_starts + nothing).astype(np.int64),
        np.concatenate(line_ends + nothing).astype(np.int64),
        page, sums[:-1][page], sums[1:][page], sums[:-1], sums[1:],
    )  # fmt: skip


@dataclass(frozen=True)
class Words:
    """Words of a batch of lines, in order."""

    line: np.ndarray  # int64[words], the line a word stands in
    length: np.ndarray  # int64[words], characters
    first: np.ndarray  # int64[lines], its first word
    past: np.ndarray  # int64[lines], past its last word
    initial: np.ndarray  # uint8[words], kind of the first character
    hashes: np.ndarray  # uint64[words]
    stems: np.ndarray  # uint64[words], hashes of their first characters
    capitals: np.ndarray  # bool[words], written in capitals

    def sums(self, values: np.ndarray) -> np.ndarray:
        """Sum of a value of words over each line."""
        sums = cumulative(values)
        return sums[self.past] - sums[self.first]


def split_words(lines: Lines) -> Words:
    """Words of the lines: runs of letters and digits, or single ideographs."""
    kinds = lines.kinds
    inside, ideograph = kinds <= Kind.IDEOGRAPH, kinds == Kind.IDEOGRAPH
    joins = inside[1:] & inside[:-1] & ~(ideograph[1:] | ideograph[:-1])
    starts = np.flatnonzero(inside[1:] & ~joins) + 1
    ends = np.flatnonzero(inside[:-1] & ~joins) + 1
    mixed = character_tables()[1][np.minimum(lines.codes, 0xFFFF)]
    # A power of two keeps the number of cached tables small.
    up, down = powers(1 << max(16, len(kinds).bit_length()))
    prefix = cumulative(mixed * up[: len(mixed)], np.uint64)
    hashes = scramble((prefix[ends] - prefix[starts]) * down[starts])
    stem_ends = np.minimum(ends, starts + STEM)
    stems = scramble((prefix[stem_ends] - prefix[starts]) * down[starts])
    upper = cumulative(kinds == Kind.UPPER, np.int32)
    length = ends - starts
    first = np.searchsorted(starts, lines.start)
    past = np.searchsorted(starts, lines.end)
    return Words(
        np.repeat(np.arange(lines.count), past - first), length, first, past, kinds[starts],
        hashes, stems, (upper[ends] - upper[starts] == length) & (length > 1),
    )  # fmt: skip


def following_hashes(words: Words) -> tuple[np.ndarray, np.ndarray]:
    """Hashes of the word pairs and triples that begin at each word; 0 where the line ends."""
    pairs = np.zeros_like(words.hashes)
    triples = np.zeros_like(words.hashes)
    if len(pairs) > 1:
        same = words.line[1:] == words.line[:-1]
        mixed = scramble(words.hashes[:-1] * np.uint64(MULTIPLIER) + words.hashes[1:])
        pairs[:-1] = np.where(same, mixed, np.uint64(0))
    if len(pairs) > 2:
        same = words.line[2:] == words.line[:-2]
        mixed = scramble(pairs[:-2] * np.uint64(MULTIPLIER) + words.hashes[2:])
        triples[:-2] = np.where(same, mixed, np.uint64(0))
    return pairs, triples


@functools.cache
def lexicon() -> tuple[np.ndarray, np.ndarray]:
    """Hashed phrases: key (uint64[slots]) and categories (uint32[slots], a bit each).

    The bit after the last category marks a stop word. A phrase stands in its slot or the next.
    """
    bits: dict[int, int] = {}
    categories, stop_words = keywords()
    for number, phrases in enumerate((*categories.values(), stop_words)):
        for key in phrase_hashes(phrases.split("|")):
            bits[key] = bits.get(key, 0) | 1 << number
    keys = np.zeros((1 << LEXICON_BITS) + 2, np.uint64)
    values = np.zeros((1 << LEXICON_BITS) + 2, np.uint32)
    for key, value in bits.items():
        slot = key >> (64 - LEXICON_BITS)
        slot += int(keys[slot] != 0)
        keys[slot], values[slot] = key, value
    return keys, values


@functools.cache
def taken_slots() -> np.ndarray:
    """Whether (bool[slots]) a phrase stands in the slot or the next."""
    taken = lexicon()[1] != 0
    taken[:-1] |= taken[1:]
    return taken


def phrase_hashes(phrases: Sequence[str]) -> Iterator[int]:
    """Hash of each phrase of one to three words, as texts have them."""
    ends = np.cumsum([len(phrase) + 1 for phrase in phrases]) - 1
    starts = ends - [len(phrase) for phrase in phrases]
    words = split_words(lay_out(["\n".join(phrases)], [starts], [ends]))
    by_length = (words.hashes, *following_hashes(words))
    for first, past in zip(words.first.tolist(), words.past.tolist(), strict=True):
        if 0 < past - first <= 3:
            yield int(by_length[past - first - 1][first])


def categories_of(hashes: np.ndarray) -> np.ndarray:
    """Categories (uint32, a bit each) of hashed words or phrases."""
    keys, values = lexicon()
    slots = (hashes >> np.uint64(64 - LEXICON_BITS)).astype(np.int64)
    # Most slots are free, and the table of those that are not stays in the cache.
    some = np.flatnonzero(taken_slots()[slots])
    slots, hashes, found = slots[some], hashes[some], np.zeros(len(hashes), np.uint32)
    here, beside = keys[slots] == hashes, keys[slots + 1] == hashes
    found[some] = np.where(here, values[slots], np.where(beside, values[slots + 1], np.uint32(0)))
    return found


def numbered(keys: np.ndarray, past: int) -> tuple[np.ndarray, int]:
    """Small keys (int64, below `past`) as numbers 0, 1, 2 …, and how many there are.

    Counts by number stay in the cache, which counts by key would not.
    """
    known = np.zeros(past, bool)
    known[keys] = True
    numbers = np.cumsum(known)
    return numbers[keys] - 1, int(numbers[-1]) if past else 0


def share(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Quotient of two integer columns, 0 where the whole is 0."""
    return part.astype(np.float32) / np.maximum(whole, 1).astype(np.float32)


def count_characters(lines: Lines) -> dict[int, np.ndarray]:
    """Characters of each counted kind in each line; several counters share a cumulative sum."""
    counts: dict[int, np.ndarray] = {}
    mask = np.uint64((1 << COUNTER_BITS) - 1)
    for first in range(0, len(COUNTED), COUNTERS_PER_WORD):
        group = COUNTED[first : first + COUNTERS_PER_WORD]
        table = np.zeros(len(Kind), np.uint64)
        table[list(group)] = [1 << (COUNTER_BITS * place) for place in range(len(group))]
        sums = cumulative(table[lines.kinds], np.uint64)
        packed = sums[lines.end] - sums[lines.start]
        for place, kind in enumerate(group):
            field = (packed >> np.uint64(COUNTER_BITS * place)) & mask
            counts[kind] = field.astype(np.int64)
    return counts


@dataclass(frozen=True)
class Basics:
    """What most groups of features build on, a value a line."""

    words: np.ndarray  # int64, two ideographs count as a word
    stops: np.ndarray  # int64, stop words
    blank_lines: np.ndarray  # int64, blank lines before it
    indentation: np.ndarray  # int64, blanks before it on its own line
    ends_sentence: np.ndarray  # bool
    bullet: np.ndarray  # bool
    prose: np.ndarray  # bool, twelve words or more that end a sentence
    short: np.ndarray  # bool, fewer than six words
    characters: dict[int, np.ndarray]  # int64, characters of each kind
    last_kind: np.ndarray  # uint8, of the last character that is no quote or bracket


def basics_of(lines: Lines, words: Words, stop: np.ndarray) -> Basics:
    """Counts and flags shared by the groups of features."""
    characters = count_characters(lines)
    number = words.past - words.first - characters[Kind.IDEOGRAPH] // 2
    breaks = np.flatnonzero(lines.codes == 10)
    rank = np.searchsorted(breaks, lines.start)
    gaps = rank - lines.shifted(rank, -1) - 1
    at_top = np.arange(lines.count) == lines.first
    blank_lines = np.where(at_top, 9, np.minimum(gaps, 9))
    last = lines.kinds[lines.end - 1]
    for back in (2, 3):
        closing = (last == Kind.QUOTE) | (last == Kind.BRACKET) | (last == Kind.APOSTROPHE)
        before = lines.kinds[np.maximum(lines.end - back, lines.start)]
        last = np.where(closing, before, last)
    ends_sentence = last == Kind.STOP
    leading = lines.kinds[lines.start]
    bullet = (leading == Kind.SEPARATOR) | ((leading == Kind.DASH) & (number < 60))
    return Basics(
        number, words.sums(stop), blank_lines,
        np.minimum(lines.start - breaks[np.maximum(rank - 1, 0)] - 1, 40),
        ends_sentence, bullet, ends_sentence & (number >= 12) & ~bullet, number < 6,
        characters, last,
    )  # fmt: skip


@dataclass(frozen=True)
class Occurrences:
    """Where keys stand, a value a place: lines, -1 where there is none but the place's own."""

    first: np.ndarray  # int64, the first line with this key
    last: np.ndarray  # int64, the last one before
    following: np.ndarray  # int64, the next one


def occurrences(keys: np.ndarray, line: np.ndarray) -> Occurrences:
    """Other lines with the same key; `keys` uint64 and `line` int64 have a value a place."""
    order = np.argsort(keys, kind="stable")
    ordered, where = keys[order], line[order]
    same = ordered[1:] == ordered[:-1]
    linked = same & (where[1:] != where[:-1])
    last, following, first = (np.full(len(keys), -1) for _ in range(3))
    last[order[1:]] = np.where(linked, where[:-1], -1)
    following[order[:-1]] = np.where(linked, where[1:], -1)
    begins = np.concatenate(([True], ~same))[: len(keys)]
    first[order] = where[np.maximum.accumulate(np.where(begins, np.arange(len(keys)), 0))]
    return Occurrences(first, last, following)
