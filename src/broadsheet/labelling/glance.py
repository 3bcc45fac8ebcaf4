"""What lines say by themselves, at a glance: how many words they have, and which of them deserve a closer look.

Most lines of a page hold no number, no known phrase and no byline. They are told apart by native/lines.c, many at
once; it passes every line that may hold one, and some that do not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum, IntFlag
from functools import cache
from itertools import accumulate, chain, pairwise

import numpy as np

from broadsheet import native
from broadsheet.dates.lexicon import lexicon
from broadsheet.labelling.names import byline_leads
from broadsheet.labelling.phrases import known_phrases, openings_of_corrections, read_time_stems

_FILTER_BYTES = 1 << 15
# Bytes of the record that are handed over, and where those end that are found.
_GIVEN, _FOUND = 20, 32
# Characters of what a line begins with that are looked at, as in native/lines.c.
_SHORTEST_BEGINNING, _LONGEST_BEGINNING = 2, 12


class Look(IntFlag):
    """What a line may hold; as in native/lines.c."""

    NUMBER = 1  # a decimal digit
    PHRASE = 2  # a phrase of the language files, or a read time; in a long line, the beginning of a correction
    RELATIVE = 4  # a word of a relative date, in a line short enough for one
    BYLINE = 8  # at its beginning, a word such as "By"
    CREDIT = 16  # at its end, a sign of a credit
    LAST_WORD = 32  # at its end, behind one to three others, a word that is a phrase


class _Role(IntEnum):
    """What is known; as in native/lines.c."""

    WHOLE, BEGINNING, LEAD, CORRECTION, WORD, STEM = range(6)


@dataclass(frozen=True, slots=True)
class Glance:
    """What is seen of the lines of a page."""

    words: list[int]  # between blanks; two characters of Chinese or Japanese are one more
    looks: np.ndarray  # uint8[lines], what each may hold: `Look`

    def which(self, look: Look) -> list[int]:
        """Indices of the lines that may hold what `look` says."""
        found: list[int] = np.flatnonzero(self.looks & look.value).tolist()
        return found


def glance_at(pages: Sequence[Sequence[str]]) -> list[Glance]:
    """What is seen of each page's lines."""
    lines = list(chain.from_iterable(pages))
    words, looks = _looked_through(lines) if lines else ([], np.zeros(0, np.uint8))
    edges = accumulate(map(len, pages), initial=0)
    return [Glance(words[first:past], looks[first:past]) for first, past in pairwise(edges)]


def _looked_through(lines: Sequence[str]) -> tuple[list[int], np.ndarray]:
    """Words of lines, and what they may hold."""
    content, count, place = in_bytes(lines), len(lines), record()
    memory = native.module("lines").call_with_record("glance", place, [content], _filter(), len(content), count)
    pieces, spaceless, looks = memory[place + _GIVEN : place + _FOUND].view(np.uint32).tolist()
    words = memory[spaceless : spaceless + 4 * count].view(np.int32) // 2
    words += memory[pieces : pieces + 4 * count].view(np.int32)
    return words.tolist(), memory[looks : looks + count].copy()


def in_bytes(lines: Sequence[str]) -> bytes:
    """Lines as the module "lines" takes them: in UTF-8, divided by newlines, those inside as blanks."""
    text = "\n".join(lines)
    if text.count("\n") != len(lines) - 1:
        text = "\n".join([line.replace("\n", " ") for line in lines])
    return text.encode("utf-8", "surrogatepass")


def _known() -> list[tuple[_Role, str]]:
    """All that lines are looked through for, with its role."""
    whole, beginnings = known_phrases()
    leads = [lead for lead in byline_leads() if len(lead) >= _SHORTEST_BEGINNING]
    return [
        *((_Role.WHOLE, phrase) for phrase in whole),
        *((_Role.BEGINNING, text[:_LONGEST_BEGINNING]) for text in beginnings),
        *((_Role.LEAD, lead[:_LONGEST_BEGINNING]) for lead in leads),
        *((_Role.CORRECTION, opening) for opening in openings_of_corrections()),
        *((_Role.STEM, stem) for stem in read_time_stems()),
        *((_Role.WORD, word) for word in lexicon().relative_words),
    ]


@cache
def record() -> int:
    """Where the module "lines" looks for lines and puts what it finds: `Record` in native/lines.c."""
    return native.module("lines").call("where", (), ())[0]


@cache
def _filter() -> int:
    """Where the filter of all that is known stands in the module's memory."""
    roles, texts = zip(*sorted(set(_known())), strict=True)
    content = "\n".join(texts).encode("utf-8", "surrogatepass")
    module = native.module("lines")
    inputs: list[native.Input] = [content, np.array(roles, np.uint8)]
    _, (filled,) = module.call("learn", inputs, [(np.uint8, _FILTER_BYTES)], len(content), len(texts))
    return module.keep(filled.copy())
