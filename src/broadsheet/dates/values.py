"""Years, days and the record of a calendar date."""

from __future__ import annotations

from calendar import monthrange
from typing import NamedTuple

FIRST_YEAR, LAST_YEAR = 1600, 2100
BUDDHIST_YEARS = 543


class CalendarDate(NamedTuple):
    """A date in a line without its time of day; `start` and `end` are code points.

    `needs_clock` says that it is too weak to count without a time of day beside it, and
    `needs_context` that a weekday beside it would do as well.
    """

    start: int
    end: int
    year: int | None
    month: int
    day: int | None
    ambiguous: bool = False
    needs_clock: bool = False
    needs_context: bool = False
    languages: frozenset[str] | None = None  # of the month's name, if it is one


def is_year(year: int) -> bool:
    """Whether dates of this year are read."""
    return FIRST_YEAR <= year <= LAST_YEAR


def full_year(value: int, thai: bool) -> int | None:
    """The year that four digits mean, or None; on Thai pages it is Buddhist above 2400."""
    if thai and value > 2400:
        value -= BUDDHIST_YEARS
    return value if is_year(value) else None


def is_day(year: int, month: int, day: int) -> bool:
    """Whether the month has that day."""
    return is_year(year) and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]
