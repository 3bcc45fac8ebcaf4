"""Relative dates: "2 hours ago", "vor 3 Stunden", "3小时前", "yesterday at 14:30"."""

from __future__ import annotations

import re
from functools import cache

from broadsheet.dates.clock import clock_gap_pattern, read_clock
from broadsheet.dates.found import DateFound
from broadsheet.dates.lexicon import (
    UNIT_PRECISION,
    UNIT_SECONDS,
    WORD_CHARACTERS,
    alternation,
    lexicon,
)
from broadsheet.dates.tokens import Token

_EDGE_BEFORE = re.compile(r"(?:^|[|·•:/(\[–—-])\s*$")
_EDGE_AFTER = re.compile(r"\s*(?:$|[|·•/)\]–—-])")


@cache
def _after_pattern() -> re.Pattern[str]:
    """Words after a count and its unit that make it a date of the past."""
    return re.compile(rf"[\s.]{{1,2}}({alternation(set(lexicon().after))})(?!{WORD_CHARACTERS})")


@cache
def _before_pattern() -> re.Pattern[str]:
    """Words before a count and its unit that make it a date of the past; up to the end."""
    return re.compile(rf"(?<!{WORD_CHARACTERS})({alternation(set(lexicon().before))})\s{{1,2}}$")


@cache
def _unspaced_pattern() -> re.Pattern[str]:
    """Count, unit and word for the past of languages without blanks between words."""
    words = lexicon()
    units = {word for word, names in words.units.items() if words.unspaced & set(names)}
    after = {word for word, names in words.after.items() if words.unspaced & names}
    return re.compile(rf"\d{{1,3}}\s?({alternation(units)})\s?({alternation(after)})")


def read_relative(folded: str, tokens: list[Token], index: int, floor: int) -> DateFound | None:
    """The relative date that counts with the number at `index`, or None."""
    number = tokens[index]
    fraction = re.search(r"\d[.,]$", folded[max(0, number.start - 2) : number.start])
    if len(number.text) > 3 or fraction:
        return None
    unspaced = _unspaced_pattern().match(folded, number.start)
    if unspaced:
        names = lexicon().units[unspaced[1]]
        unit = next(names[name] for name in sorted(names) if name in lexicon().unspaced)
        return _relative(number.start, unspaced.end(), int(number.text), unit)
    return _read_counted(folded, tokens, index, int(number.text), number.start, floor)


def _read_counted(folded: str, tokens: list[Token], index: int, count: int, start: int, floor: int) -> DateFound | None:
    """A count (the token at `index`), its unit, and a word for the past before or after."""
    if index + 1 >= len(tokens):
        return None
    unit_token = tokens[index + 1]
    names = lexicon().units.get(unit_token.text)
    if not names or unit_token.start - tokens[index].end > 2:
        return None
    after = _after_pattern().match(folded, unit_token.end)
    if after:
        languages = lexicon().after[" ".join(re.split(r"[\s-]+", after[1]))] & set(names)
        if languages:
            return _relative(start, after.end(), count, names[min(languages)])
    before_start = max(floor, start - 16)
    before = _before_pattern().search(folded[before_start:start])
    if before:
        languages = lexicon().before[" ".join(re.split(r"[\s-]+", before[1]))] & set(names)
        if languages:
            start = before_start + before.start()
            return _relative(start, unit_token.end, count, names[min(languages)])
    bare = lexicon().bare_units & set(names)
    if bare and not re.match(r"\s?\w", folded[unit_token.end :][:2]):
        return _relative(start, unit_token.end, count, names[min(bare)])
    return None


def _relative(start: int, end: int, count: int, unit: str) -> DateFound:
    """A date `count` units back."""
    return DateFound(
        start,
        end,
        relative_seconds=count * UNIT_SECONDS[unit],
        precision=UNIT_PRECISION.get(unit, unit),
    )


def find_relative_words(folded: str, tokens: list[Token], day_words: bool = True) -> list[DateFound]:
    """Relative dates in words of a short line: "an hour ago", "yesterday", "gestern, 14:30".

    A word for a day counts only if `day_words`, and where it stands alone between the edges of the
    line or separators, after a lead word, or before a time of day: in prose it tells of the story.
    """
    found: list[DateFound] = []
    floor = 0
    for index, token in enumerate(tokens):
        if token.is_number or token.start < floor:
            continue
        date = _read_one(folded, tokens, index, floor)
        if date is None and day_words:
            date = _read_day_word(folded, tokens, index)
        if date is not None:
            found.append(date)
            floor = date.end
    return found


def _read_one(folded: str, tokens: list[Token], index: int, floor: int) -> DateFound | None:
    """A relative date whose count is a word for one, or None."""
    token = tokens[index]
    languages = lexicon().ones.get(token.text)
    if not languages or index + 1 >= len(tokens):
        return None
    if not languages & set(lexicon().units.get(tokens[index + 1].text, ())):
        return None
    return _read_counted(folded, tokens, index, 1, token.start, floor)


def _read_day_word(folded: str, tokens: list[Token], index: int) -> DateFound | None:
    """A word for now, today, yesterday or the day before it, or None."""
    words = lexicon()
    start = tokens[index].start
    for count in (3, 2, 1):
        last = index + count - 1
        if last >= len(tokens):
            continue
        key = " ".join(token.text for token in tokens[index : last + 1])
        end = tokens[last].end
        if key in words.now_words and _stands_apart(folded, start, end):
            return DateFound(start, end, relative_seconds=0, precision="minute")
        if key in words.day_words:
            gap = clock_gap_pattern().match(folded, end)
            clock = read_clock(folded, folded, gap.end()) if gap else None
            if clock and clock.minute is not None:
                end = clock.end
            elif not _stands_apart(folded, start, end):
                continue
            seconds = words.day_words[key] * UNIT_SECONDS["day"]
            return DateFound(start, end, relative_seconds=seconds, precision="day")
    return None


def _stands_apart(folded: str, start: int, end: int) -> bool:
    """Whether separators, line edges or a lead word set the span apart from prose."""
    if not _EDGE_AFTER.match(folded, end):
        return False
    before = folded[:start]
    if _EDGE_BEFORE.search(before[-4:] if before.strip() else ""):
        return True
    words = before.rstrip(" :.").split()[-2:]
    leads = lexicon().leads
    return bool(words) and (words[-1] in leads or " ".join(words) in leads)
