"""What lines say by themselves, at a glance: how many words they have, and which of them deserve a closer look.

Most lines of a page hold no number, no known phrase and no byline. They are told apart by native/lines.c, many at
once; it passes every line that may hold one, and some that do not.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from itertools import accumulate, compress, pairwise
from typing import NamedTuple

import numpy as np

from broadsheet import native
from broadsheet.dates.finder import unspaced_words
from broadsheet.dates.lexicon import lexicon
from broadsheet.labelling.captions import LIBRARIES, credit_endings
from broadsheet.labelling.names import byline_leads
from broadsheet.labelling.phrases import known_phrases, openings_of_corrections, stems_of_read_times
from broadsheet.lines import Lines

_FILTER_BYTES = 1 << 15
# Bytes of the record that are handed over, and where those end that are found.
_GIVEN, _FOUND = 20, 60
# Bytes of a phrase in the module's table.
_PHRASE = 16
# Characters of what a line begins with that are looked at, as in native/lines.c.
_LONGEST_BEGINNING, _LONGEST_CORRECTION, _END_OF_CREDIT, _BEGINNING_OF_LIBRARY = 12, 6, 3, 2
# What a word of a script without blanks begins with, as in native/lines/dates.h.
_UNSPACED = re.compile("[\u3040-\u9fff\uac00-\ud7a3]{1,4}")


class Places(NamedTuple):
    """Indices of the lines of a page that may hold something, in order; a bit each in native/lines.c."""

    date: list[int]  # a number with a neighbour as of a date, or in a short line a word of a relative one
    phrase: list[int]  # one whose label is not surely known, or a read time; in a long line, how a correction begins
    listed: list[int]  # at the beginning, no letter: a bullet, a number
    byline: list[int]  # at the beginning, a word such as "By"
    credit: list[int]  # at the end, a sign of a credit
    last_word: list[int]  # at the end, behind one to three others, a word that is the head of a widget
    shaped: list[int]  # the length of a headline, and those do: 4 to 22 words, and 20 characters


class _Role(IntEnum):
    """What is known; as in native/lines.c."""

    WHOLE, BEGINNING, LEAD, CORRECTION, WORD, STEM, START, GLUED_LEAD = range(8)
    BEHIND_NUMBER, MONTH_END, JOINER, UNSPACED, CREDIT_END, LIBRARY = range(8, 14)


@dataclass(frozen=True, slots=True)
class Glance:
    """What is seen of the lines of a page."""

    words: list[int]  # between blanks; two characters of Chinese or Japanese are one more
    places: Places
    phrases: list[str | None]  # label of the phrase that each is, as far as it is surely known
    content: bytes  # as `in_bytes`
    is_wrapped: bool  # a newline stands within a line, which in `content` is a blank


class CutPage(NamedTuple):
    """The lines of a page, what stands in each, and what is seen of them."""

    lines: Lines
    texts: list[str]
    glance: Glance


class _Seen(NamedTuple):
    """Lines of a text as columns, as newlines divide it: blank ones too, of which nothing is seen."""

    words: np.ndarray  # int32[lines]
    looks: np.ndarray  # uint8[lines], a bit for each kind of `Places`
    labels: np.ndarray  # uint8[lines], numbers of `_labels`
    starts: np.ndarray  # int32[lines], code points of the text before the first that is no blank
    lengths: np.ndarray  # int32[lines], code points without the blanks at both ends
    sizes: np.ndarray  # int32[lines], code points
    packed: np.ndarray  # uint8[bytes], UTF-8 of the lines without those blanks, each with a newline; no blank ones
    packed_past: np.ndarray  # uint32[lines], where each line ends there, behind its newline


def glance_at(pages: Sequence[Sequence[str]]) -> list[Glance]:
    """What is seen of each page's lines."""
    contents, edges = list(map(_in_bytes, pages)), list(accumulate(map(len, pages), initial=0))
    seen = _see(b"\n".join(content for content, _ in compress(contents, pages)), edges[-1])
    return _glances(seen.words, seen.looks, seen.labels, np.array(edges), contents)


def cut_and_glance(texts: Sequence[str]) -> list[CutPage]:
    """Of one or more pages the lines, as `broadsheet.lines.lines_and_texts` cuts them, and what is seen of them."""
    pieces = [text.split("\n") for text in texts]
    counts = list(map(len, pieces))
    edges = np.cumsum([0, *counts])
    seen = _see("\n".join(texts).encode("utf-8", "surrogatepass"), int(edges[-1]))
    begins = np.cumsum(seen.sizes + 1, dtype=np.int32) - seen.sizes - 1
    start = seen.starts - np.repeat(begins[edges[:-1]], counts)
    follows_blank = np.ones(edges[-1], bool)
    np.equal(seen.lengths[:-1], 0, out=follows_blank[1:])
    follows_blank[edges[:-1]] = True
    places = np.flatnonzero(seen.lengths)
    columns = [column[places] for column in (start, start + seen.lengths, seen.starts - begins, follows_blank)]
    within = np.searchsorted(places, edges)
    past = [0, *seen.packed_past.take(edges[1:] - 1).tolist()]
    contents = [(seen.packed[first : max(first, last - 1)].tobytes(), False) for first, last in pairwise(past)]
    glances = _glances(seen.words[places], seen.looks[places], seen.labels[places], within, contents)
    has_blanks = np.logical_or.reduceat(seen.sizes > seen.lengths, edges[:-1])
    return [
        CutPage(
            Lines(*(column[first:past] for column in columns)),
            list(filter(None, map(str.strip, own) if is_blank else own)),
            glance,
        )
        for (first, past), own, is_blank, glance in zip(
            pairwise(within.tolist()), pieces, has_blanks.tolist(), glances, strict=True
        )
    ]


def _glances(
    words: np.ndarray, looks: np.ndarray, labels: np.ndarray, edges: np.ndarray, contents: Sequence[tuple[bytes, bool]]
) -> list[Glance]:
    """What is seen of the lines of pages between `edges`, of whose lines columns of `_Seen` are given; `contents` is
    what a `Glance` has of each page's lines as a whole."""
    every_word, phrases, bounds = words.tolist(), _labels().take(labels).tolist(), pairwise(edges.tolist())
    return [
        Glance(every_word[first:past], Places(*each), phrases[first:past], *content)
        for (first, past), content, *each in zip(bounds, contents, *_places(looks, edges), strict=True)
    ]


def _places(looks: np.ndarray, edges: np.ndarray) -> list[list[list[int]]]:
    """For each kind of `Places` and page its lines; `looks` (uint8[lines], a bit each) are of pages between `edges`."""
    found = []
    for bit in range(len(Places._fields)):
        places = np.flatnonzero(looks & 1 << bit)
        bounds = np.searchsorted(places, edges)
        within: list[int] = (places - np.repeat(edges[:-1], np.diff(bounds))).tolist()
        found.append([within[first:past] for first, past in pairwise(bounds.tolist())])
    return found


def _see(content: bytes, count: int) -> _Seen:
    """The lines of a text in UTF-8, which newlines divide into so many."""
    place, module = record(), native.module("lines")
    memory = module.call_with_record("glance", place, [content], _known(), len(content), count)
    addresses = memory[place + _GIVEN : place + _FOUND].view(np.uint32).tolist()
    pieces, spaceless, looks, labels, _, starts, lengths, sizes, packed, packed_past = addresses

    def column(address: int, kind: type[np.generic]) -> np.ndarray:
        return memory[address : address + np.dtype(kind).itemsize * count].view(kind)

    words = column(spaceless, np.int32) // 2
    words += column(pieces, np.int32)
    past = column(packed_past, np.uint32).copy()
    lines = memory[packed : packed + int(past.max(initial=0))].copy()
    flags = [column(address, np.uint8).copy() for address in (looks, labels)]
    places = [column(address, np.int32).copy() for address in (starts, lengths, sizes)]
    return _Seen._make([words, *flags, *places, lines, past])


def _in_bytes(lines: Sequence[str]) -> tuple[bytes, bool]:
    """As `in_bytes`, and whether a newline stands within a line."""
    text = "\n".join(lines)
    if is_wrapped := text.count("\n") >= max(1, len(lines)):
        text = "\n".join([line.replace("\n", " ") for line in lines])
    return text.encode("utf-8", "surrogatepass"), is_wrapped


def in_bytes(lines: Sequence[str]) -> bytes:
    """Lines as the module "lines" takes them: in UTF-8, divided by newlines, those inside as blanks."""
    return _in_bytes(lines)[0]


@cache
def _labels() -> np.ndarray:
    """Labels of phrases by their numbers, object[labels]; the first is that of no phrase."""
    return np.array([None, *sorted({label for phrases in known_phrases() for label in phrases.values()})], object)


def _all_known() -> list[tuple[_Role, str, int]]:
    """All that lines are looked through for, with its role, and a number for the label of a phrase."""
    whole, beginnings = known_phrases()
    numbers = {label: number for number, label in enumerate(_labels().tolist())}
    apart, glued = byline_leads()
    long = {lead[:_LONGEST_BEGINNING] for lead in apart if len(lead) > _LONGEST_BEGINNING}
    return [
        *((_Role.WHOLE, phrase, numbers[label]) for phrase, label in whole.items()),
        *((_Role.START, phrase, numbers[label]) for phrase, label in beginnings.items()),
        *((_Role.BEGINNING, text[:_LONGEST_BEGINNING], 0) for text in beginnings),
        *((_Role.LEAD, lead, 0) for lead in apart if len(lead) <= _LONGEST_BEGINNING),
        *((_Role.GLUED_LEAD, lead[:_LONGEST_BEGINNING], 0) for lead in glued | long),
        *((_Role.CORRECTION, opening, 0) for opening in openings_of_corrections(_LONGEST_CORRECTION)),
        *((_Role.STEM, stem, 0) for stem in stems_of_read_times()),
        *((_Role.WORD, _with_one_sigma(word), 0) for word in lexicon().relative_words),
        *((_Role.BEHIND_NUMBER, _with_one_sigma(word), 0) for word in lexicon().after_number),
        *((_Role.MONTH_END, _with_one_sigma(end), 0) for end in lexicon().month_ends),
        *((_Role.JOINER, _with_one_sigma(word), 0) for word in lexicon().joiners),
        *((_Role.CREDIT_END, ending[-_END_OF_CREDIT:], 0) for ending in credit_endings()),
        *((_Role.LIBRARY, library[:_BEGINNING_OF_LIBRARY], 0) for library in LIBRARIES),
        *((_Role.UNSPACED, found[0], 0) for word in unspaced_words() if (found := _UNSPACED.match(word))),
    ]


def _with_one_sigma(word: str) -> str:
    """A word of dates as native/lines.c has it: with the same sigma wherever it stands."""
    return word.replace("ς", "σ")


@cache
def record() -> int:
    """Where the module "lines" looks for lines and puts what it finds: `Record` in native/lines.c."""
    return native.module("lines").call("where", (), ())[0]


@cache
def _known() -> int:
    """Where all that is known stands in the module's memory: `Known` in native/lines.c."""
    roles, texts, labels = zip(*sorted(set(_all_known())), strict=True)
    content = "\n".join(texts).encode("utf-8", "surrogatepass")
    module, places = native.module("lines"), 1 << (2 * len(texts)).bit_length()
    inputs: list[native.Input] = [content, np.array(roles, np.uint8), np.array(labels, np.uint8)]
    outputs: list[native.Output] = [(np.uint8, _FILTER_BYTES), (np.uint8, _PHRASE * places)]
    _, found = module.call("learn", inputs, outputs, len(content), len(texts), places)
    kept = [module.keep(each) for each in [each.copy() for each in found]]
    return module.keep(np.array([*kept, places - 1, _labels().tolist().index("widget")], np.uint32))
