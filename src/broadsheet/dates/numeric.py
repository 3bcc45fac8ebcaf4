"""Dates of numbers alone: ISO 8601, 23.10.2016, 10/23/2016, 2016年10月23日, 23 tháng 10."""

from __future__ import annotations

import re

from broadsheet.dates.lexicon import lexicon
from broadsheet.dates.tokens import Token
from broadsheet.dates.values import CalendarDate, full_year, is_day

# Behind the first number of all dates of numbers that stop, stroke or hyphen join.
PARTS_JOINED = re.compile(r"\s?[./-]\s?\d")
_YEAR_FIRST = re.compile(
    r"(\d{4})(?:(-)(\d{1,2})-(\d{1,2})|\s?([/.])\s?(\d{1,2})\s?\5\s?(\d{1,2}))"
    r"(?:(?!\d)|(?=\d{1,2}:\d\d))"
)
_YEAR_LAST = re.compile(r"(\d{1,2})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{4})(?:(?!\d)|(?=\d{1,2}(?::\d\d|\.?\s?[^\W\d_])))")
_SHORT_YEAR = re.compile(r"(\d{1,2})([./])(\d{1,2})\2(\d\d)(?!\d)")
_DAY_AND_MONTH = re.compile(r"(\d{1,2})([./])(\d{1,2})(?!\d)")
_EAST_ASIAN = re.compile(
    r"(?:(\d{4})\s?[年년]\s?)?(\d{1,2})\s?[月월](?!间|間|刊)(?:\s?(\d{1,2})\s?[日号號일](?!간|間))?"
)
_VIETNAMESE = re.compile(r"(\d{1,2})\s?(?:,\s?)?thang\s?(\d{1,2})(?:(?:,\s?|\s)?(?:nam\s)?\s?(\d{4})(?!\d))?")
_VIETNAMESE_MONTH = re.compile(r"(\d{1,2})(?:,\s?|\s|/)(?:nam\s)?(\d{4})(?!\d)")
_MONTH = "thang"  # of Vietnamese, without accents
_NUMBER_FOLLOWS = re.compile(r"[./-]\d|\s?[%€$£]")
_CLOCK_FOLLOWS = re.compile(r"[./-]\d{1,2}:\d\d")
_THAI = re.compile(r"[\u0e01-\u0e5b]")


def read_numeric_date(line: str, folded: str, number: Token, floor: int) -> CalendarDate | None:
    """The date of numbers that begins with `number`, or None."""
    length = len(number.text)
    if length == 8:
        return _read_compact(folded, number)
    if length == 4 or length in (1, 2):
        found = None if folded.isascii() else _read_east_asian(folded, number.start)
        found = found or (_read_vietnamese(folded, number) if _MONTH in folded else None)
        if found is not None:
            return found
    if not PARTS_JOINED.match(folded, number.end) or not _begins_freely(folded, number.start, floor):
        return None
    if length == 4:
        found = _read_year_first(line, folded, number.start)
    elif length <= 2:
        found = (
            _read_year_last(line, folded, number.start)
            or _read_short_year(folded, number.start)
            or _read_day_and_month(folded, number.start)
        )
    else:
        return None
    if found is None:
        return None
    if _NUMBER_FOLLOWS.match(folded, found.end) and not _CLOCK_FOLLOWS.match(folded, found.end):
        return None
    return found


def _begins_freely(folded: str, start: int, floor: int) -> bool:
    """Whether the number is not the rest of a longer one, of a version or of a price."""
    before = folded[max(floor, start - 2) : start]
    if not before:
        return True
    if folded[max(0, start - 9) : start].rstrip().endswith("version"):
        return False
    if before[-1] in "+$€£#v_=&":
        return False
    return not (before[-1] in ".,/-:" and len(before) == 2 and before[0].isdecimal())


def _read_year_first(line: str, folded: str, start: int) -> CalendarDate | None:
    """2016-10-23, 2016/10/23, 2016. 10. 23."""
    match = _YEAR_FIRST.match(folded, start)
    if not match:
        return None
    year = full_year(int(match[1]), _THAI.search(line) is not None)
    month, day = int(match[3] or match[6]), int(match[4] or match[7])
    if year is None or not is_day(year, month, day):
        return None
    end = match.end()
    # A stop after the day belongs to it only in Korean and Hungarian style, with blanks within.
    if match[5] == "." and " " in match[0] and folded[end : end + 1] == ".":
        end += 1
    return CalendarDate(start, end, year, month, day)


def _read_year_last(line: str, folded: str, start: int) -> CalendarDate | None:
    """23.10.2016, 10/23/2016, 23-10-2016; 3/4/2016 is ambiguous."""
    match = _YEAR_LAST.match(folded, start)
    if not match:
        return None
    year = full_year(int(match[4]), _THAI.search(line) is not None)
    if year is None:
        return None
    return _ordered(start, match.end(), year, int(match[1]), int(match[3]), match[2] == ".")


def _read_short_year(folded: str, start: int) -> CalendarDate | None:
    """23.10.16 and 10/23/16: only beside a weekday or a time of day."""
    match = _SHORT_YEAR.match(folded, start)
    if not match:
        return None
    value = int(match[4])
    year = value + (2000 if value < 70 else 1900)
    found = _ordered(start, match.end(), year, int(match[1]), int(match[3]), match[2] == ".")
    if found is None:
        return None
    lead = _lead_precedes(folded, start) or (match[2] == "." and folded.strip() == match[0])
    return CalendarDate(
        found.start, found.end, found.year, found.month, found.day, found.ambiguous,
        needs_clock=not lead, needs_context=not lead,
    )  # fmt: skip


def _read_day_and_month(folded: str, start: int) -> CalendarDate | None:
    """23.10. or 23/10 after a weekday: without one it is a score, a price or a part."""
    match = _DAY_AND_MONTH.match(folded, start)
    if not match:
        return None
    before = folded[max(0, start - 14) : start].rstrip(" ,.").rsplit(None, 1)
    if not before or before[-1].strip("().") not in lexicon().weekdays:
        return None
    found = _ordered(start, match.end(), None, int(match[1]), int(match[3]), match[2] == ".")
    if found is None or (match[2] == "." and folded[found.end : found.end + 1] != "."):
        return None
    return found


def _ordered(start: int, end: int, year: int | None, first: int, second: int, day_first: bool) -> CalendarDate | None:
    """The date of two numbers whose order is open, day first where both orders are possible."""
    leap = year or 2000
    as_day_first, as_month_first = is_day(leap, second, first), is_day(leap, first, second)
    if as_day_first:
        ambiguous = as_month_first and first != second and not day_first
        return CalendarDate(start, end, year, second, first, ambiguous)
    if as_month_first and (not day_first or year):
        return CalendarDate(start, end, year, first, second)
    return None


def _read_east_asian(folded: str, start: int) -> CalendarDate | None:
    """2016年10月23日, 2016년 10월, 10月23日."""
    match = _EAST_ASIAN.match(folded, start)
    if not match or not (match[1] or match[3]):
        return None
    year = full_year(int(match[1]), False) if match[1] else None
    month, day = int(match[2]), int(match[3]) if match[3] else None
    if (match[1] and year is None) or not is_day(year or 2000, month, day or 1):
        return None
    return CalendarDate(start, match.end(), year, month, day)


def _read_vietnamese(folded: str, number: Token) -> CalendarDate | None:
    """23 tháng 10 năm 2016, tháng 10 năm 2016."""
    start = number.start
    if len(number.text) > 2:
        return None
    match = _VIETNAMESE.match(folded, start)
    if match:
        year = full_year(int(match[3]), False) if match[3] else None
        day, month, end = int(match[1]), int(match[2]), match.end(2) if not year else match.end()
        return CalendarDate(start, end, year, month, day) if is_day(2000, month, day) else None
    word = folded.rfind(_MONTH, max(0, start - 6), start)
    month_only = _VIETNAMESE_MONTH.match(folded, start)
    if word < 0 or not month_only or folded[word + len(_MONTH) : start].strip():
        return None
    year, month = full_year(int(month_only[2]), False), int(month_only[1])
    if year is None or not 1 <= month <= 12:
        return None
    return CalendarDate(word, month_only.end(), year, month, None)


def _lead_precedes(folded: str, start: int) -> bool:
    """Whether the word before `start` announces a date."""
    before = folded[max(0, start - 24) : start].rstrip(" :.").split()
    leads = lexicon().leads
    return bool(before) and (before[-1] in leads or " ".join(before[-2:]) in leads)


def _read_compact(folded: str, number: Token) -> CalendarDate | None:
    """20161023, alone in the line or after a lead word."""
    start, digits = number.start, number.text
    alone = folded.strip() == digits
    if not (alone or _lead_precedes(folded, start)) or re.match(r"\w", folded[number.end :]):
        return None
    year, month, day = int(digits[:4]), int(digits[4:6]), int(digits[6:])
    return CalendarDate(start, number.end, year, month, day) if is_day(year, month, day) else None
