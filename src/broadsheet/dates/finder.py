"""Finds the dates of a line: a walk from number to number, each read as far as it goes.

Numbers are tried from left to right as the start of a numeric date, of a day before a month's
name, of a day or year after one, of a time of day before a date, or of a relative date. Every
expression is anchored at a number and bounded in length, so the work grows with the line only.
"""

from __future__ import annotations

import re
from datetime import datetime
from functools import cache

from broadsheet.dates.calendar_dates import read_calendar_date
from broadsheet.dates.candidates import date_numbers
from broadsheet.dates.clock import Clock, clock_gap_pattern, read_clock, zone_offset_at
from broadsheet.dates.found import DateFound
from broadsheet.dates.leads import find_role
from broadsheet.dates.lexicon import alternation, fold, lexicon
from broadsheet.dates.relative import find_relative_words, read_relative
from broadsheet.dates.tokens import Token, tokenize, tokenize_near
from broadsheet.dates.values import CalendarDate

LINE_LIMIT = 500
WORDY_LIMIT = 80
_DIGIT = re.compile(r"\d")
_CJK = re.compile(r"[\u3040-\u9fff\uac00-\ud7a3\u0e00-\u0e7f]")


def find_dates(line: str) -> list[DateFound]:
    """The dates printed in one line, in order, without overlap.

    Only the first 500 code points are looked at, so that a line of any length costs the same. A
    bare year, a bare number, a bare time of day or a day of the week alone is no date.
    """
    if len(line) > LINE_LIMIT:
        line = line[:LINE_LIMIT]
    if not _DIGIT.search(line):
        return _find_without_digits(line)
    folded = fold(line)
    found = _find_with_digits(line, folded)
    if may_be_relative(line):
        others = find_relative_words(folded, tokenize(folded), day_words=not found)
        found = _merge(found, others)
    return _with_roles(line, folded, found) if found else found


def _find_without_digits(line: str) -> list[DateFound]:
    """Relative dates in words ("yesterday", "vor einer Stunde"), in short lines only."""
    if not may_be_relative(line):
        return []
    folded = fold(line)
    found = find_relative_words(folded, tokenize(folded))
    return _with_roles(line, folded, found) if found else found


def may_be_relative(line: str) -> bool:
    """Whether a word of a relative date stands in a line short enough for one: a cheap test, no more."""
    if len(line) > WORDY_LIMIT:
        return False
    ascii_only = line.isascii()
    if not ascii_only and _CJK.search(line):
        return _unspaced_pattern().search(line) is not None
    folded = line.lower() if ascii_only else fold(line)
    words = folded.replace(",", " ").replace("'", " ").split()
    return not lexicon().relative_words.isdisjoint(words)


def unspaced_words() -> set[str]:
    """Words for days of scripts without blanks."""
    words = lexicon()
    return {phrase for phrase in set(words.day_words) | words.now_words if _CJK.match(phrase)}


@cache
def _unspaced_pattern() -> re.Pattern[str]:
    return re.compile(alternation(unspaced_words()))


def _find_with_digits(line: str, folded: str) -> list[DateFound]:
    """Dates with digits, from left to right."""
    candidates = date_numbers(folded)
    if not candidates:
        return []
    starts = {start for start, _ in candidates}
    tokens = tokenize_near(folded, candidates)
    found: list[DateFound] = []
    floor = 0  # end of the last date: what is before is taken
    index = 0
    while index < len(tokens):
        token = tokens[index]
        if token.start < floor < token.end:
            # The date ended within the token ("20235. Juni 2023"): the rest is one of its own.
            token = Token(folded[floor : token.end], floor, token.end, token.is_number)
            tokens[index] = token
            if token.is_number:
                starts.add(floor)
        if token.start >= floor and token.start in starts:
            date = _read_date(line, folded, tokens, index, floor)
            if date is not None:
                found.append(date)
                floor = date.end
                continue
        index += 1
    return found


def _read_date(line: str, folded: str, tokens: list[Token], index: int, floor: int) -> DateFound | None:
    """The date in which the number at `index` is the first number (but for a clock), or None."""
    calendar = read_calendar_date(line, folded, tokens, index, floor)
    if calendar is None:
        return read_relative(folded, tokens, index, floor)
    clock = _clock_before(line, folded, tokens, index, calendar.start, floor)
    if clock is not None:
        return _compose(calendar, *clock)
    return _with_clock_after(line, folded, calendar)


def _clock_before(
    line: str, folded: str, tokens: list[Token], index: int, date_start: int, floor: int
) -> tuple[int, Clock] | None:
    """Start and time of day right before a date ("14:30, Thu, 23 Oct 2016"), or None.

    `index` is the date's first number; nothing before the code point `floor` is taken.
    """
    for earlier in range(max(0, index - 8), index):
        token = tokens[earlier]
        if not token.is_number or token.start < floor or len(token.text) > 4:
            continue
        clock = read_clock(line, folded, token.start)
        if clock is None or clock.end > date_start or clock.end - token.start < 2:
            continue
        if _only_fillers(folded, tokens[earlier + 1 : index], clock.end, date_start):
            return token.start, clock
    return None


def _only_fillers(folded: str, tokens: list[Token], start: int, end: int) -> bool:
    """Whether up to three connecting words or weekdays and no wide gap lie between two points."""
    words = lexicon()
    between = [token for token in tokens if start <= token.start < end]
    if len(between) > 3:
        return False
    for token in between:
        if token.text.strip(".") not in words.fillers or token.start - start > 4:
            return False
        start = token.end
    return end - start <= 4


def _with_clock_after(line: str, folded: str, calendar: CalendarDate) -> DateFound | None:
    """The date together with the time of day that follows it, if one does."""
    position = calendar.end
    gap = clock_gap_pattern().match(folded, position)
    clock = None
    if gap:
        iso = gap[0] == "t"
        clock = read_clock(line, folded, gap.end(), iso)
        # A point or a hyphen alone joins numbers, and "2016 5:30" needs a blank or a glued year.
        if clock and gap[0] == "." and calendar.year is None:
            clock = None
    if calendar.needs_clock and clock is None:
        return None
    return _compose(calendar, calendar.start, clock)


def _compose(calendar: CalendarDate, start: int, clock: Clock | None) -> DateFound:
    """A `DateFound` of a calendar date and, if there is one, its time of day.

    `start` is where the first of both begins.
    """
    end = calendar.end
    if clock is None:
        return DateFound(
            start, end, calendar.year, calendar.month, calendar.day,
            ambiguous=calendar.ambiguous, precision="day" if calendar.day else "month",
        )  # fmt: skip
    if calendar.day is None:  # "October 2016 12:30" has no day for its time
        return DateFound(start, end, calendar.year, calendar.month, precision="month")
    offset = clock.offset_minutes
    if offset is None and clock.zone and calendar.year and not calendar.ambiguous:
        moment = datetime(calendar.year, calendar.month, calendar.day, clock.hour, clock.minute or 0)
        offset = zone_offset_at(clock.zone, moment)
    precision = "hour" if clock.minute is None else "minute"
    precision = precision if clock.second is None else "second"
    return DateFound(
        min(start, calendar.start), max(end, clock.end), calendar.year, calendar.month,
        calendar.day, clock.hour, clock.minute, clock.second, offset, calendar.ambiguous,
        precision=precision,
    )  # fmt: skip


def _merge(dates: list[DateFound], others: list[DateFound]) -> list[DateFound]:
    """Both lists in order; where two overlap, the one of `dates` stays."""
    kept = [other for other in others if all(other.end <= date.start or date.end <= other.start for date in dates)]
    return sorted(dates + kept, key=lambda date: date.start)


def _with_roles(line: str, folded: str, found: list[DateFound]) -> list[DateFound]:
    """`found` with the roles that lead words state."""
    result = []
    for index, date in enumerate(found):
        before = found[index - 1].end if index else 0
        after = found[index + 1].start if index + 1 < len(found) else len(line)
        role = find_role(line, folded, date, before, after)
        result.append(date._replace(role=role) if role else date)
    return result
