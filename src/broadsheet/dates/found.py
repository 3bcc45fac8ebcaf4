"""The record of one date found in a line."""

from __future__ import annotations

from typing import NamedTuple


class DateFound(NamedTuple):
    """A date as printed in a line; parts that are not printed are None.

    `start` and `end` are code points in the line, half-open: weekday, time and zone included,
    the lead word not. Where `ambiguous` (3/4/2021), `day` and `month` hold the day-first reading.
    `relative_seconds` counts back from the retrieval ("2 hours ago"); year to second are None
    then. `utc_offset_minutes` stands only where a zone is printed and clear. `role` is
    "published", "modified", "until" or "event" where a lead word says so. `precision` is the finest part
    printed: year, month, day, hour, minute or second.
    """

    start: int
    end: int
    year: int | None = None
    month: int | None = None
    day: int | None = None
    hour: int | None = None
    minute: int | None = None
    second: int | None = None
    utc_offset_minutes: int | None = None
    ambiguous: bool = False
    relative_seconds: int | None = None
    role: str | None = None
    precision: str = "day"
