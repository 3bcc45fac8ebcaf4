"""Lines of a batch of pages as arrays, and the lexicon that their words are looked up in.

What is computed of lines and words is written in C (native/features.c); here stands what it is computed with.
"""

from __future__ import annotations

import functools
import itertools
import tomllib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from importlib import resources

import numpy as np

from broadsheet import native

PAGE_CHARACTERS = 2_000_000
LONGEST_LINE = 4_000
SHORTEST_CAP = 100
LONGEST_GAP = 200


class Kind(IntEnum):
    """Kinds of characters, as native/features/words.h numbers them. Words are runs of the first five; an ideograph is
    a word."""

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
IDEOGRAPHS = ((0x3040, 0x30FF), (0x3400, 0x9FFF), (0xF900, 0xFAFF))
MULTIPLIER = 0x9E3779B97F4A7C15
FINAL = np.uint64(0xD6E8FEB86659FD93)
# As in native/features/words.h.
LEXICON_BITS = 17
SEARCH_BITS = 12


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


def kind_of_category(category: str) -> Kind:
    """Kind of the characters of a Unicode category."""
    own = {"Lu": Kind.UPPER, "Lt": Kind.UPPER, "Ll": Kind.LOWER}
    general = {"L": Kind.LETTER, "M": Kind.LETTER, "N": Kind.DIGIT, "S": Kind.SYMBOL}
    return own.get(category, general.get(category[0], Kind.OTHER))


def character_tables() -> tuple[np.ndarray, np.ndarray]:
    """Kind (uint8) and hash (uint64, equal for both cases) of every code point below 65536."""
    characters = list(map(chr, range(0x10000)))
    kind_of = functools.cache(kind_of_category)
    kinds = np.array([kind_of(category) for category in map(unicodedata.category, characters)], np.uint8)
    for first, last in IDEOGRAPHS:
        own = kinds[first : last + 1]
        own[np.isin(own, (Kind.LOWER, Kind.UPPER, Kind.LETTER))] = Kind.IDEOGRAPH
    kinds[[code for code, character in enumerate(characters) if character.isspace()]] = Kind.BLANK
    for kind, special in SPECIAL.items():
        kinds[list(map(ord, special))] = kind
    lower = np.array([ord(character[0]) & 0xFFFF for character in map(str.lower, characters)], np.uint64)
    return kinds, scramble((lower + np.uint64(1)) * np.uint64(MULTIPLIER))


@dataclass(frozen=True)
class Lines:
    """Lines of a batch of pages over one array of code points."""

    codes: np.ndarray  # uint32[characters], a newline before every page and behind the last
    spans: np.ndarray  # int32[2, lines], first character of each line, and past its last
    original: np.ndarray  # int32[2, lines], the same in the text of its page
    page_lines: np.ndarray  # int32[pages + 1], lines before each page
    page_codes: np.ndarray  # int32[pages + 1], codes before each page

    @property
    def count(self) -> int:
        """Number of lines in the batch."""
        return self.spans.shape[1]

    @property
    def pages(self) -> int:
        """Number of pages in the batch."""
        return len(self.page_lines) - 1

    @property
    def page_first(self) -> np.ndarray:
        """First line (int64[pages]) of each page."""
        return self.page_lines[:-1].astype(np.int64)

    @property
    def page_past(self) -> np.ndarray:
        """Line past the last one (int64[pages]) of each page."""
        return self.page_lines[1:].astype(np.int64)


def shortened(text: str, starts: np.ndarray, ends: np.ndarray, cap: int) -> tuple[str, np.ndarray, np.ndarray]:
    """The page with the middle of overlong lines and gaps left out, so that memory is bounded.

    A line keeps its head and its last quarter's worth: how it begins and ends tells most.
    """
    tail = cap // 4
    pieces: list[str] = []
    position, gap, new_starts, new_ends = 0, 0, [], []
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        blank = text[max(gap, start - LONGEST_GAP) : start]
        line = text[start:end]
        if len(line) > cap:
            line = line[: cap - tail] + line[-tail:]
        pieces += (blank, line)
        new_starts.append(position + len(blank))
        position += len(blank) + len(line)
        new_ends.append(position)
        gap = end
    return "".join(pieces), np.array(new_starts, np.int32), np.array(new_ends, np.int32)


def long_pages(spans: np.ndarray, page_lines: np.ndarray) -> dict[int, int]:
    """Pages that are to be shortened, and to how many characters a line."""
    counts = np.diff(page_lines)
    caps = np.clip(PAGE_CHARACTERS // np.maximum(counts, 1), SHORTEST_CAP, LONGEST_LINE)
    page = np.repeat(np.arange(len(counts)), counts)
    gaps = spans[0].copy()
    gaps[1:] -= np.where(page[1:] == page[:-1], spans[1, :-1], 0)
    too_long = (spans[1] - spans[0] > caps[page]) | (gaps > LONGEST_GAP)
    return {number: int(caps[number]) for number in np.unique(page[too_long]).tolist()}


def code_points(text: str) -> np.ndarray:
    """The characters of a text as numbers (uint16 or uint32)."""
    units = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), np.uint16)
    # That is quicker, but characters beyond 65535 are two units.
    if len(units) == len(text):
        return units
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def lay_out(texts: Sequence[str], starts: Sequence[np.ndarray], ends: Sequence[np.ndarray]) -> Lines:
    """Lines of many pages over one array of code points; a newline stands before every page.

    `texts[i][starts[i][k]:ends[i][k]]` is line k of page i.
    """
    counts = list(map(len, starts))
    page_lines = np.cumsum([0, *counts], dtype=np.int32)
    original = np.empty((2, page_lines[-1]), np.int32)
    if counts:
        np.concatenate(starts, out=original[0])
        np.concatenate(ends, out=original[1])
    spans, newline = original.copy(), np.array([10], np.uint16)
    pieces: list[np.ndarray] = []
    sizes: list[int] = []
    long = long_pages(spans, page_lines)
    for number, (text, past) in enumerate(zip(texts, page_lines[1:].tolist(), strict=True)):
        own = spans[:, past - counts[number] : past]
        if number in long:
            text, own[0], own[1] = shortened(text, own[0], own[1], long[number])
        # What follows the last line is blank, or not to be looked at.
        past_last = int(own[1, -1]) if counts[number] else 0
        pieces += (newline, code_points(text[:past_last]))
        sizes.append(past_last + 1)
    page_codes = np.cumsum([0, *sizes], dtype=np.int32)
    spans += np.repeat(page_codes[:-1] + 1, counts).astype(np.int32)
    codes = np.concatenate([*pieces, newline], dtype=np.uint32)
    return Lines(codes, spans, original, page_lines, page_codes)


@dataclass(frozen=True)
class Hashes:
    """Hashes of what lines are worded with, 0 where a phrase would cross the line's end."""

    inside: np.ndarray  # uint64[4, words], of each word, its stem, and the pair and the triple that begin with it
    line: np.ndarray  # int32[words], the line a word stands in
    edges: np.ndarray  # uint64[6, lines], first word, pair and triple, last pair and word, the whole line


def hashes_of(lines: Lines, tables: int, in_roles: bool) -> Hashes:
    """Hashes of the words of lines, a different one in each of these roles or as they are in the lexicon.

    `tables` is the address of tables that have the characters at least.
    """
    codes, count = len(lines.codes), lines.count
    outputs: list[tuple[type, int]] = [(np.uint64, 4 * codes), (np.int32, codes), (np.uint64, 6 * count), (np.uint8, 0)]
    words, found = native.module("features").call(
        "hashes", [lines.codes, lines.spans], outputs, tables, codes, count, in_roles
    )
    inside, line, edges, _ = found
    return Hashes(inside.reshape(4, codes)[:, :words].copy(), line[:words].copy(), edges.reshape(6, count).copy())


@functools.cache
def character_addresses() -> tuple[int, int]:
    """Where the tables of characters stand in the module's memory."""
    kinds, hashes = character_tables()
    module = native.module("features")
    return module.keep(kinds), module.keep(hashes)


@dataclass(frozen=True)
class Lexicon:
    """Hashed phrases, sorted by their hashes; the first bits of a hash tell where to look."""

    keys: np.ndarray  # uint64[phrases + 1], behind the last one a key that is none
    categories: np.ndarray  # uint32[phrases + 1], a bit each; the bit after the last category marks a stop word
    first: np.ndarray  # uint16[2**SEARCH_BITS], number of the first phrase with these bits or behind them
    taken: np.ndarray  # uint8[2**LEXICON_BITS / 8], a bit each: whether any phrase has these bits


@functools.cache
def lexicon() -> Lexicon:
    """The phrases of all categories."""
    categories, stop_words = keywords()
    groups = [phrases.split("|") for phrases in (*categories.values(), stop_words)]
    bits: dict[int, int] = {}
    hashes = iter(phrase_hashes([phrase for group in groups for phrase in group]))
    for number, group in enumerate(groups):
        for key in itertools.islice(hashes, len(group)):
            bits[key] = bits.get(key, 0) | 1 << number
    bits.pop(0, None)
    keys = np.array([*sorted(bits), (1 << 64) - 1], np.uint64)
    values = np.array([*(bits[key] for key in sorted(bits)), 0], np.uint32)
    taken = np.zeros(1 << LEXICON_BITS, bool)
    taken[keys[:-1] >> np.uint64(64 - LEXICON_BITS)] = True
    first = np.searchsorted(keys[:-1] >> np.uint64(64 - SEARCH_BITS), np.arange(1 << SEARCH_BITS, dtype=np.uint64))
    return Lexicon(keys, values, first.astype(np.uint16), np.packbits(taken, bitorder="little"))


def phrase_hashes(phrases: Sequence[str]) -> list[int]:
    """Hash of each phrase as texts have it, 0 unless it is of one to three words."""
    ends = np.cumsum([len(phrase) + 1 for phrase in phrases]) - 1
    starts = ends - [len(phrase) for phrase in phrases]
    tables = native.module("features").keep(np.array(character_addresses(), np.uint32))
    found = hashes_of(lay_out(["\n".join(phrases)], [starts], [ends]), tables, in_roles=False)
    words = np.bincount(found.line, minlength=len(phrases))
    # Rows of the edges: first word, pair and triple.
    by_length = np.where((words > 0) & (words <= 3), found.edges[np.clip(words, 1, 3) - 1, np.arange(len(phrases))], 0)
    return [int(key) for key in by_length]
