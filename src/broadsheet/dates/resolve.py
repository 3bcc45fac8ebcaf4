"""Resolves dates found in a line to points in time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from broadsheet.dates.clock import clock_gap_pattern, offset_of_last_word, read_clock
from broadsheet.dates.found import DateFound
from broadsheet.dates.lexicon import fold, lexicon
from broadsheet.dates.values import FIRST_YEAR, LAST_YEAR

LATEST_AFTER_RETRIEVAL = timedelta(hours=14)  # the local date in the zone furthest east
# A date without a year is one of the months before the retrieval; the twelfth could be either.
YEARLESS_WINDOW = timedelta(days=335)
_PRECISIONS = ("year", "month", "day", "hour", "minute", "second")


@dataclass(frozen=True, slots=True)
class DateValue:
    """A resolved date.

    `local` is naive, as printed, with what is finer than `precision` at its start. `utc` is naive
    UTC where a zone is known and the time of day is printed, else None. `text` is the print.
    """

    local: datetime
    precision: str
    utc: datetime | None
    text: str


def resolve_date(
    found: DateFound,
    line: str,
    *,
    date_order: str | None = None,
    timezone: str | None = None,
    retrieved_at: datetime | None = None,
) -> DateValue | None:
    """The point in time that `found`, a date in `line`, names; None where that is not sure.

    `date_order` ("day_month" or "month_day") settles ambiguous dates; without it they stay
    unresolved. `timezone`, an IANA name, holds where no zone is printed. `retrieved_at` (naive
    means UTC) resolves relative dates and those without a year, the latter within the 11 months
    before it; no date may be more than 14 hours after it. Years lie in 1600 to 2100.

    Raises ZoneInfoNotFoundError for an unknown `timezone`, ValueError for another `date_order`.
    """
    if date_order not in (None, "day_month", "month_day"):
        raise ValueError(f"date_order {date_order!r} is neither day_month nor month_day")
    zone = ZoneInfo(timezone) if timezone else None
    retrieved = _as_utc(retrieved_at)
    text = line[found.start : found.end]
    if found.relative_seconds is not None:
        return _resolve_relative(found, text, zone, retrieved) if retrieved else None
    local = _local_time(found, date_order, zone, retrieved)
    if local is None:
        return None
    utc = _to_utc(local, found, text, zone)
    if retrieved and (utc or local) > retrieved + LATEST_AFTER_RETRIEVAL:
        return None
    return DateValue(local, found.precision, utc, text)


def _as_utc(moment: datetime | None) -> datetime | None:
    """`moment` as naive UTC."""
    if moment is None or moment.tzinfo is None:
        return moment
    return moment.astimezone(UTC).replace(tzinfo=None)


def _local_time(
    found: DateFound, date_order: str | None, zone: ZoneInfo | None, retrieved: datetime | None
) -> datetime | None:
    """The printed local time, or None where a part is missing, open or does not exist."""
    month, day = found.month, found.day
    if found.ambiguous:
        if date_order is None:
            return None
        if date_order == "month_day":
            month, day = day, month
    if month is None:
        return None
    year = found.year
    if year is None:
        year = _year_before(month, day or 1, zone, retrieved) if retrieved else None
    if year is None or not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return datetime(year, month, day or 1, found.hour or 0, found.minute or 0, found.second or 0)
    except ValueError:
        return None


def _year_before(month: int, day: int, zone: ZoneInfo | None, retrieved: datetime) -> int | None:
    """The year in which a day lies within the 11 months before the retrieval, or None."""
    today = _local_retrieval(retrieved, zone)
    latest = today if zone else today + LATEST_AFTER_RETRIEVAL
    for year in (latest.year, latest.year - 1):
        try:
            candidate = date(year, month, day)
        except ValueError:
            continue
        if (today - YEARLESS_WINDOW).date() <= candidate <= latest.date():
            return year
    return None


def _local_retrieval(retrieved: datetime, zone: ZoneInfo | None) -> datetime:
    """The time of retrieval on the source's clock, or UTC where its zone is unknown."""
    if zone is None:
        return retrieved
    return retrieved.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)


def _to_utc(local: datetime, found: DateFound, text: str, zone: ZoneInfo | None) -> datetime | None:
    """Naive UTC of a local time, by the printed offset, else the zone; None without either.

    A day or a month alone is no instant and has none.
    """
    if found.hour is None:
        return None
    offset = found.utc_offset_minutes
    if offset is None:  # the zone's name may have needed the year or the order of the date
        offset = offset_of_last_word(text, local)
    if offset is not None:
        return local - timedelta(minutes=offset)
    if zone is None:
        return None
    return local.replace(tzinfo=zone).astimezone(UTC).replace(tzinfo=None)


def _resolve_relative(found: DateFound, text: str, zone: ZoneInfo | None, retrieved: datetime) -> DateValue | None:
    """The time so many seconds before the retrieval, cut to the precision of the unit."""
    try:
        moment = retrieved - timedelta(seconds=found.relative_seconds or 0)
        local = _local_retrieval(moment, zone)
    except OverflowError:
        return None
    if not FIRST_YEAR <= local.year <= LAST_YEAR:
        return None
    local = _cut(local, found.precision)
    precision = found.precision
    clock = _clock_of(text) if precision == "day" else None
    if clock:
        local = local.replace(hour=clock[0], minute=clock[1])
        precision = "minute"
    utc: datetime | None
    if found.precision in ("hour", "minute", "second"):
        utc = _cut(moment, found.precision)
    else:
        utc = _to_utc(local, DateFound(0, 0, hour=local.hour), text, zone) if clock else None
    if (utc or local) > retrieved + LATEST_AFTER_RETRIEVAL:
        return None
    return DateValue(local, precision, utc, text)


def _cut(moment: datetime, precision: str) -> datetime:
    """`moment` with the parts finer than `precision` at their start."""
    kept = _PRECISIONS.index(precision) + 1
    parts = (*moment.timetuple()[:kept], *(1, 1, 1, 0, 0, 0)[kept:])
    year, month, day, hour, minute, second = parts[:6]
    return datetime(year, month, day, hour, minute, second)


def _clock_of(text: str) -> tuple[int, int] | None:
    """Hour and minute behind the word for a day in a relative date, or None."""
    folded = fold(text)
    for phrase in sorted(lexicon().day_words, key=len, reverse=True):
        gap = clock_gap_pattern().match(folded, len(phrase)) if folded.startswith(phrase) else None
        clock = read_clock(text, folded, gap.end()) if gap else None
        if clock and clock.minute is not None:
            return clock.hour, clock.minute
    return None
