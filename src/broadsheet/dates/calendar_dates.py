"""Calendar dates (year, month, day without the time of day) that begin near a number."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from broadsheet.dates.lexicon import MonthName, lexicon
from broadsheet.dates.numeric import read_numeric_date
from broadsheet.dates.tokens import Token, word_at
from broadsheet.dates.values import CalendarDate, full_year, is_day

_SHORT_YEAR_ENDS = re.compile(r"\s*$|[\s,]{1,2}\d{1,2}:\d\d|\s?[|)\]]")
_NOT_A_DAY = re.compile(r"[:.,]\d|\s?[%€$£°]|[^\W\d_]")
_BEFORE_WEEKDAY = re.compile(r"[\s,.]{0,2}[(\[]?\s?")
_NAME_GAP = " .,-/'׳॰°·"
_SAME_MONTH_GAP = " /()-,."
LONGEST_GAP = 4
LONGEST_GLUED = 8


class _Month(NamedTuple):
    """A month's name in a line: code points, what it is, whether it has a capital, if glued."""

    start: int
    end: int
    next_index: int  # of the token after it
    name: MonthName
    capital: bool
    glued: bool  # the end of a longer word: "ESPNDec"


def read_calendar_date(line: str, folded: str, tokens: list[Token], index: int, floor: int) -> CalendarDate | None:
    """The date to which the number at `index` belongs as its first number, or None.

    Nothing before the code point `floor` is taken.
    """
    number = tokens[index]
    if len(number.text) > 8:
        return None
    found = read_numeric_date(line, folded, number, floor)
    if found is None and len(number.text) <= 4:
        found = _read_named(line, folded, tokens, index, floor)
    if found is None:
        return None
    return _with_surroundings(folded, tokens, index, found, floor)


def _read_named(line: str, folded: str, tokens: list[Token], index: int, floor: int) -> CalendarDate | None:
    """A date with a month's name before or after the number at `index`, or None."""
    before = _month_before(line, folded, tokens, index, floor)
    after = _month_after(line, folded, tokens, index)
    if before is None and after is None:
        return None
    readings = (
        _read_month_first(folded, tokens, index, before) if before else None,
        _read_day_first(folded, tokens, index, after) if after else None,
        _read_year_first(folded, tokens, index, after) if after else None,
        _read_month_and_year(folded, tokens, index, before) if before else None,
    )
    whole = [reading for reading in readings if reading is not None]
    if not whole:
        return None
    # A reading with a year is surer than one without, else the first kind counts.
    best = next((reading for reading in whole if reading.year), whole[0])
    month = after if after and after.start > best.start else before or after
    return best._replace(languages=month.name.languages if month else None)


def _gap_is(folded: str, start: int, end: int, characters: str) -> bool:
    """Whether a short run of nothing but `characters` lies between two code points."""
    return 0 <= end - start <= LONGEST_GAP and not folded[start:end].strip(characters)


def _month_of_words(line: str, tokens: list[Token], first: int, count: int) -> _Month | None:
    """The month whose name is the `count` (1 or 2) words from token `first`, or None."""
    token = last = tokens[first]
    key = token.text.strip(".")
    if count == 2:
        if key not in lexicon().first_of_two or first + 1 >= len(tokens):
            return None
        last = tokens[first + 1]
        if last.start - token.end != 1:
            return None
        key = f"{key} {last.text}"
    name = lexicon().months.get(key)
    if name is None:
        return None
    letter = line[token.start]
    capital = letter.isupper() or not letter.islower()
    return _Month(token.start, last.end, first + count, name, capital, False)


def _month_after(line: str, folded: str, tokens: list[Token], index: int) -> _Month | None:
    """The month's name after the number at `index`, joining words between skipped, or None."""
    words = lexicon()
    position = tokens[index].end
    following = index + 1
    ordinal: set[str] | None = None
    while following < len(tokens) and following <= index + 3:
        token = tokens[following]
        if token.is_number or not _gap_is(folded, position, token.start, _NAME_GAP + ":"):
            return None
        month = _month_of_words(line, tokens, following, 2)
        month = month or _month_of_words(line, tokens, following, 1)
        if month:
            # "13th Gen" is no January: the suffix is of another language than the name.
            if ordinal is not None and not month.name.full and not ordinal & month.name.languages:
                return None
            return month
        if following == index + 1 and token.start - position <= 1 and token.text in words.ordinals:
            ordinal = words.ordinals[token.text]
        elif token.text not in words.joiners:
            return None
        position = token.end
        following += 1
    return None


def _month_before(line: str, folded: str, tokens: list[Token], index: int, floor: int) -> _Month | None:
    """The month's name right before the number at `index`, or None."""
    words = lexicon()
    previous = index - 1
    position = tokens[index].start
    if previous >= 1 and tokens[previous].text in words.joiners:
        position = tokens[previous].start
        previous -= 1
    if previous < 0 or tokens[previous].is_number or tokens[previous].start < floor:
        return None
    if not _gap_is(folded, tokens[previous].end, position, _NAME_GAP):
        return None
    month = None
    if previous >= 1 and tokens[previous - 1].start >= floor:
        month = _month_of_words(line, tokens, previous - 1, 2)
    return month or _month_of_words(line, tokens, previous, 1) or _month_at_end_of_word(line, tokens[previous], index)


def _month_at_end_of_word(line: str, token: Token, index: int) -> _Month | None:
    """The month at the end of words that lost their blank ("ESPNDec"), or None."""
    printed = line[token.start : token.end]
    match = re.search(r"[A-Z][a-z]{2,8}$", printed)
    if not match or match.start() == 0:
        return None
    name = lexicon().months.get(match[0].lower())
    if name is None or name.needs_day_and_year:
        return None
    return _Month(token.start + match.start(), token.end, index, name, True, True)


def _year_after(
    folded: str, tokens: list[Token], index: int, position: int, month: MonthName
) -> tuple[int, int] | None:
    """Year and the code point after it, where the tokens from `index` begin with one, or None."""
    words = lexicon()
    while index < len(tokens) and tokens[index].text.strip(".") in words.joiners:
        if not _gap_is(folded, position, tokens[index].start, _NAME_GAP):
            return None
        position = tokens[index].end
        index += 1
    if index >= len(tokens) or not tokens[index].is_number:
        return None
    token = tokens[index]
    if not _gap_is(folded, position, token.start, _NAME_GAP):
        return None
    digits = token.text
    if len(digits) == 2:
        return _short_year_after(folded, token, folded[position : token.start], month)
    if 5 <= len(digits) <= LONGEST_GLUED and digits[:2] in ("19", "20"):
        digits = digits[:4]  # the blank after the year got lost: "20233:00 AM", "20234 min read"
    elif len(digits) != 4 or re.match(r":\d", folded[token.end : token.end + 2]):
        return None
    year = full_year(int(digits), "th" in month.languages)
    return (year, token.start + 4) if year else None


def _short_year_after(folded: str, token: Token, gap: str, month: MonthName) -> tuple[int, int] | None:
    """A year of two digits beside a month's name ("23-Oct-16", "Oct '16"), or None."""
    thai = "th" in month.languages
    if not (gap in ("-", "/", "'", " '") or thai or _SHORT_YEAR_ENDS.match(folded, token.end)):
        return None
    if re.match(r"[:.]\d", folded[token.end : token.end + 2]):
        return None
    value = int(token.text)
    if thai:
        return 2500 + value - 543, token.end
    return value + (2000 if value < 70 else 1900), token.end


def _after_twin(folded: str, tokens: list[Token], month: _Month) -> tuple[int, int]:
    """Index of the next token and end of the month's name, a second name of it skipped.

    Arabic pages print both: "23 تشرين الأول/أكتوبر 2016".
    """
    months = lexicon().months
    for count in (2, 1):
        twin = tokens[month.next_index : month.next_index + count]
        if len(twin) < count or not _gap_is(folded, month.end, twin[0].start, _SAME_MONTH_GAP):
            continue
        name = months.get(" ".join(token.text for token in twin))
        if name and name.number == month.name.number:
            end = twin[-1].end
            return month.next_index + count, end + (folded[end : end + 1] == ")")
    return month.next_index, month.end


def _day_of(token: Token) -> int | None:
    """The day of the month that a number may be, or None."""
    return int(token.text) if len(token.text) <= 2 and 1 <= int(token.text) <= 31 else None


def _read_day_first(folded: str, tokens: list[Token], index: int, month: _Month) -> CalendarDate | None:
    """23 October 2016, 23. Oktober, 23-Oct-16."""
    day = _day_of(tokens[index])
    start = tokens[index].start
    if day is None:
        return None
    next_index, end = _after_twin(folded, tokens, month)
    year = _year_after(folded, tokens, next_index, end, month.name)
    if year and folded[tokens[index].end : month.start] == "-" and folded[end : end + 1] != "-":
        year = year if folded[year[1] - 4 : year[1]].isdecimal() else None  # "March 21-April 21"
    if year:
        return _checked(CalendarDate(start, year[1], year[0], month.name.number, day))
    if re.match(r"[.,:/-]", folded[start - 1 : start] or " ") or not _may_lack_year(month):
        return None
    return _checked(CalendarDate(start, month.end, None, month.name.number, day, needs_clock=_is_weak(month)))


def _read_month_first(folded: str, tokens: list[Token], index: int, month: _Month) -> CalendarDate | None:
    """October 23, 2016; Oct. 23rd."""
    token = tokens[index]
    day = _day_of(token)
    if day is None or re.match(r"[:.]\d", folded[token.end : token.end + 2]):
        return None
    end, next_index = token.end, index + 1
    if next_index < len(tokens) and tokens[next_index].text in lexicon().ordinals:
        suffix = tokens[next_index]
        if suffix.start - end <= 1:
            end, next_index = suffix.end, next_index + 1
    end, next_index = _after_range(folded, tokens, next_index, end)
    month_first = month.name.month_first or month.name.full
    year = _year_after(folded, tokens, next_index, end, month.name) if month_first else None
    if year:
        return _checked(CalendarDate(month.start, year[1], year[0], month.name.number, day))
    if not (month.name.month_first and month.capital and _may_lack_year(month)):
        return None
    if _NOT_A_DAY.match(folded, end):
        return None
    return _checked(CalendarDate(month.start, end, None, month.name.number, day, needs_clock=_is_weak(month)))


def _after_range(folded: str, tokens: list[Token], next_index: int, end: int) -> tuple[int, int]:
    """End and next token after the last day of a span of days ("Oct. 24-28, 2016"), if it is one.

    The date is that of the first day.
    """
    if next_index < len(tokens) and tokens[next_index].is_number:
        last = tokens[next_index]
        gap = folded[end : last.start].strip()
        if gap in ("-", "–") and _day_of(last) and not folded[last.end : last.end + 1].isalnum():
            return last.end, next_index + 1
    return end, next_index


def _read_year_first(folded: str, tokens: list[Token], index: int, month: _Month) -> CalendarDate | None:
    """2016. október 23., 2016-Oct-23."""
    token = tokens[index]
    if len(token.text) != 4 or month.next_index >= len(tokens):
        return None
    year = full_year(int(token.text), "th" in month.name.languages)
    day_token = tokens[month.next_index]
    if year is None or not day_token.is_number:
        return None
    day = _day_of(day_token)
    if day is None or not _gap_is(folded, month.end, day_token.start, _NAME_GAP):
        return None
    if re.match(r"[:h]\s?\d", folded[day_token.end : day_token.end + 3]):
        return None
    end = day_token.end
    suffix = word_at(folded, end + 1) if folded[end : end + 1] in ("-", ".") else None
    if suffix and suffix.text in lexicon().ordinals:
        end = suffix.end
    elif folded[end : end + 1] == ".":
        end += 1
    return _checked(CalendarDate(token.start, end, year, month.name.number, day))


def _read_month_and_year(folded: str, tokens: list[Token], index: int, month: _Month) -> CalendarDate | None:
    """October 2016: a date of the precision of a month."""
    token = tokens[index]
    name = month.name
    if len(token.text) != 4 or name.needs_day_and_year or month.glued:
        return None
    if not (name.full or name.month_first) or (name.needs_capital and not month.capital):
        return None
    year = full_year(int(token.text), "th" in name.languages)
    if year is None or re.match(r"[:.,/]\d", folded[token.end : token.end + 2]):
        return None
    return CalendarDate(month.start, token.end, year, name.number, None)


def _may_lack_year(month: _Month) -> bool:
    """Whether the name may stand for a month with a day but without a year."""
    name = month.name
    return not (name.needs_day_and_year or month.glued or (name.needs_capital and not month.capital))


def _is_weak(month: _Month) -> bool:
    """Whether a date without a year is one only beside a time of day or a weekday."""
    return not month.name.full and not month.capital


def _checked(found: CalendarDate) -> CalendarDate | None:
    """`found` if its day exists in its month (in some year where none is printed), else None."""
    return found if is_day(found.year or 2000, found.month, found.day or 1) else None


def _with_surroundings(
    folded: str, tokens: list[Token], index: int, found: CalendarDate, floor: int
) -> CalendarDate | None:
    """`found` with the weekday before or after it and the word for the year; None if too weak."""
    end = _end_with_year_word(folded, found.end) if found.year else found.end
    while index >= 0 and tokens[index].start >= found.start:
        index -= 1
    before = _weekday_before(folded, tokens, index, found, floor)
    after = None if before else _weekday_after(folded, end)
    start, weekday = before or (found.start, None)
    if after:
        end, weekday = after
    if found.needs_context and weekday is None:
        return found._replace(start=start, end=end, needs_clock=True)
    settled = _settle_by_weekday(found, weekday)
    needs_clock = found.needs_clock and weekday is None
    return settled._replace(start=start, end=end, needs_clock=needs_clock)


def _end_with_year_word(folded: str, end: int) -> int:
    """The code point after a word for the year (года, r.) that follows at `end`, else `end`."""
    position = end + (folded[end : end + 1] == " ")
    token = word_at(folded, position)
    if token is None or token.is_number:
        return end
    for stop in (".", ""):
        if token.text + stop in lexicon().after_year and folded.startswith(stop, token.end):
            return token.end + len(stop)
    return end


def _weekday_before(
    folded: str, tokens: list[Token], index: int, found: CalendarDate, floor: int
) -> tuple[int, int] | None:
    """Start and number of the weekday right before a date, `index` the token there, or None."""
    words = lexicon()
    start = found.start
    joined = index >= 1 and tokens[index].text in words.joiners
    if joined and _gap_is(folded, tokens[index].end, start, " ,.("):
        start = tokens[index].start
        index -= 1
    if index < 0 or not _gap_is(folded, tokens[index].end, start, " ,.()-|"):
        return None
    for count in (2, 1):
        first = index - count + 1
        if first < 0 or tokens[first].start < floor:
            continue
        key = " ".join(token.text.strip(".") for token in tokens[first : index + 1])
        if key not in words.weekdays:
            continue
        # Two letters are a word of everyday language elsewhere (la, do, so, to).
        if len(key) == 2 and key.isascii():
            languages = words.weekday_languages[key]
            foreign = found.languages is not None and not languages & found.languages
            if foreign or (found.languages is None and key in words.connectors):
                continue
        return tokens[first].start, words.weekdays[key]
    return None


def _weekday_after(folded: str, end: int) -> tuple[int, int] | None:
    """End and number of the weekday right after a date, in brackets or not, or None."""
    match = _BEFORE_WEEKDAY.match(folded, end)
    position = match.end() if match else end
    token = word_at(folded, position)
    if token is None or token.is_number:
        return None
    key = token.text.strip(".")
    bracket = folded[position - 1 : position] in ("(", "[")
    number = lexicon().weekdays.get(key)
    # Short weekdays are words of everyday language elsewhere (sun, do, la).
    if number is None or not (bracket or len(key) > 3 or not key.isascii()):
        return None
    stop = token.end + (folded[token.end : token.end + 1] == ".")
    return stop + (bracket and folded[stop : stop + 1] in (")", "]")), number


def _settle_by_weekday(found: CalendarDate, weekday: int | None) -> CalendarDate:
    """`found`, its order of day and month settled where only one fits the printed weekday."""
    if not found.ambiguous or weekday is None or not found.year or not found.day:
        return found
    day_first = date(found.year, found.month, found.day).weekday() == weekday
    month_first = date(found.year, found.day, found.month).weekday() == weekday
    if day_first == month_first:
        return found
    if month_first:
        found = found._replace(month=found.day, day=found.month)
    return found._replace(ambiguous=False)
