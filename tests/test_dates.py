"""Dates: what is found in a line, what it resolves to, and that hostile lines cost no more."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.dates import LINE_LIMIT, DateFound, date_share, find_dates, resolve_date
from broadsheet.dates.lexicon import fold, lexicon
from broadsheet.languages import language_tables

CASES = Path(__file__).parent / "dates"


def cases() -> list:
    """Every case of every file, named by file and line."""
    return [
        pytest.param(case, id=f"{path.stem}: {case['line']}")
        for path in sorted(CASES.glob("*.json"))
        for case in json.loads(path.read_text(encoding="utf-8"))
    ]


def value_of(found: DateFound) -> str | None:
    """The printed parts as ISO 8601, "--" for a year that is not printed."""
    if found.month is None:
        return None
    text = f"{found.year:04}-" if found.year else "--"
    text += f"{found.month:02}" + (f"-{found.day:02}" if found.day else "")
    if found.hour is not None:
        text += f"T{found.hour:02}"
        text += "".join(f":{part:02}" for part in (found.minute, found.second) if part is not None)
    return text


def precision_of(value: str) -> str:
    """The finest part of an ISO 8601 text."""
    return {7: "month", 10: "day", 13: "hour", 16: "minute", 19: "second"}[len(value.replace("--", "0000-"))]


@pytest.mark.parametrize("case", cases())
def test_case(case: dict) -> None:
    line = case["line"]
    found = find_dates(line)
    read = [
        (
            line[date.start : date.end],
            value_of(date),
            date.utc_offset_minutes,
            date.ambiguous,
            date.relative_seconds,
            date.role,
            date.precision,
        )
        for date in found
    ]
    expected = [
        (
            date["text"],
            date.get("value"),
            date.get("offset"),
            date.get("ambiguous", False),
            date.get("relative"),
            date.get("role"),
            date.get("precision") or precision_of(date["value"]),
        )
        for date in case["dates"]
    ]
    assert read == expected


def test_languages_agree_on_months() -> None:
    words = lexicon()
    assert {name.number for name in words.months.values()} == set(range(1, 13))
    assert len(language_tables("dates")) >= 30


@pytest.mark.parametrize("text", ["İstanbul ẞ Ǆ ﬁ", "٧۷७７", "a\u0301\u200f\u00a0\ud800", "Ὀδυσσεύς"])
def test_fold_keeps_length(text: str) -> None:
    assert len(fold(text)) == len(text)


def resolved(line: str, **context: object) -> datetime | None:
    """The local time of the first date of a line."""
    value = resolve_date(find_dates(line)[0], line, **context)
    return value.local if value else None


def test_ambiguous_date_needs_an_order() -> None:
    assert resolved("3/4/2021") is None
    assert resolved("3/4/2021", date_order="day_month") == datetime(2021, 4, 3)
    assert resolved("3/4/2021", date_order="month_day") == datetime(2021, 3, 4)
    assert resolved("4/4/2021") == datetime(2021, 4, 4)
    assert resolved("3/14/2021", date_order="day_month") == datetime(2021, 3, 14)
    with pytest.raises(ValueError, match="date_order"):
        resolved("3/4/2021", date_order="year_day")


def test_printed_zone_wins_over_the_source() -> None:
    line = "7 November 2015, 14:30 CET"
    value = resolve_date(find_dates(line)[0], line, timezone="Asia/Tokyo")
    assert value.local == datetime(2015, 11, 7, 14, 30)
    assert value.utc == datetime(2015, 11, 7, 13, 30)
    assert value.text == line


def test_zone_of_the_source() -> None:
    line = "7.7.2015, 14:30 Uhr"
    value = resolve_date(find_dates(line)[0], line, timezone="Europe/Berlin")
    assert value.utc == datetime(2015, 7, 7, 12, 30)
    line = "7.7.2015"
    assert resolve_date(find_dates(line)[0], line, timezone="Europe/Berlin").utc is None


def test_season_of_an_ambiguous_date() -> None:
    line = "11/7/2015 1:15 PM ET"
    found = find_dates(line)[0]
    assert found.utc_offset_minutes is None
    winter = resolve_date(found, line, date_order="month_day")
    summer = resolve_date(found, line, date_order="day_month")
    assert winter.utc == datetime(2015, 11, 7, 18, 15)
    assert summer.utc == datetime(2015, 7, 11, 17, 15)


def test_year_is_never_guessed() -> None:
    assert resolved("Saturday, November 7") is None
    assert resolved("Nov 7", retrieved_at=datetime(2015, 12, 1)) == datetime(2015, 11, 7)
    assert resolved("Nov 7", retrieved_at=datetime(2016, 2, 1)) == datetime(2015, 11, 7)
    assert resolved("Nov 7", retrieved_at=datetime(2015, 10, 20)) is None
    assert resolved("February 29", retrieved_at=datetime(2016, 3, 1)) == datetime(2016, 2, 29)
    assert resolved("February 29", retrieved_at=datetime(2015, 3, 1)) is None


def test_not_after_retrieval() -> None:
    retrieved = datetime(2015, 11, 7, 12, tzinfo=UTC)
    assert resolved("8 November 2015 01:59", retrieved_at=retrieved) is not None
    assert resolved("8 November 2015 02:01", retrieved_at=retrieved) is None
    assert resolved("8 November 2015 02:01 +0900", retrieved_at=retrieved) is not None


@pytest.mark.parametrize(
    ("line", "local", "precision", "utc"),
    [
        ("2 hours ago", (2015, 11, 7, 10), "hour", (2015, 11, 7, 10)),
        ("5 min ago", (2015, 11, 7, 12, 25), "minute", (2015, 11, 7, 12, 25)),
        ("vor 3 Tagen", (2015, 11, 4), "day", None),
        ("gestern, 14:30 Uhr", (2015, 11, 6, 14, 30), "minute", None),
        ("13小时前", (2015, 11, 6, 23), "hour", (2015, 11, 6, 23)),
    ],
)
def test_relative_dates(line: str, local: tuple, precision: str, utc: tuple | None) -> None:
    found = find_dates(line)[0]
    assert resolve_date(found, line) is None
    value = resolve_date(found, line, retrieved_at=datetime(2015, 11, 7, 12, 30, 40))
    assert (value.local, value.precision) == (datetime(*local), precision)
    assert value.utc == (datetime(*utc) if utc else None)


def test_relative_day_on_the_clock_of_the_source() -> None:
    line = "yesterday"
    value = resolve_date(
        find_dates(line)[0],
        line,
        timezone="Asia/Tokyo",
        retrieved_at=datetime(2015, 11, 7, 20),
    )
    assert value.local == datetime(2015, 11, 7)


@pytest.mark.parametrize("line", ["31 February 2015", "29.02.2015", "31.04.2015", "2015年2月30日"])
def test_days_that_do_not_exist(line: str) -> None:
    assert all(resolve_date(found, line) is None or found.day is None for found in find_dates(line))


@pytest.mark.parametrize(
    ("line", "least", "most"),
    [
        ("7. November 2015", 1, 1),
        ("Aktualisiert am 07.11.2015 - 14:30 Uhr", 1, 1),
        ("| Published: Nov 7, 2015 • Updated: Nov 8, 2015 |", 1, 1),
        ("公開日：2015/11/07 11:30　更新日：2015/11/08", 1, 1),
        ("Ann Example, 7 November 2015", 0.4, 0.7),
        ("On 7 November 2015 the council met again and voted on the budget", 0.2, 0.4),
        ("No date at all", 0, 0),
        ("| · •", 0, 0),
        ("", 0, 0),
    ],
)
def test_date_share(line: str, least: float, most: float) -> None:
    assert least <= date_share(line, find_dates(line)) <= most


FRAGMENTS = """7 11 2015 15 20157 . / - , : | ( ) am pm Nov November of de 7th 14:30 ET Z UTC
+02:00 ago hours Updated 年 月 日 前 小时 ต.ค. 2558 تشرين الثاني thg tháng ❷ ² ½ 電 \u200f \ud800
İ ß .. 00 31 20151107 gestern Sonntag 24 12h 12h30 GMT-3 'Nov Nov. vor il y a un an"""
fragments = st.lists(st.sampled_from(FRAGMENTS.split()))


@given(st.one_of(st.text(), fragments.map(" ".join), fragments.map("".join)))
def test_any_line(line: str) -> None:
    found = find_dates(line)
    position = 0
    for date in found:
        assert position <= date.start < date.end <= len(line)
        position = date.end
        assert line[date.start : date.end] == line[date.start : date.end].strip()
        assert date.month is None or 1 <= date.month <= 12
        assert (date.relative_seconds is None) != (date.month is None)
        for order in (None, "day_month", "month_day"):
            value = resolve_date(
                date, line, date_order=order, timezone="America/Santiago",
                retrieved_at=datetime(2016, 1, 1),
            )  # fmt: skip
            if value is not None:
                assert 1600 <= value.local.year <= 2100
                assert value.text == line[date.start : date.end]
    assert 0 <= date_share(line, found) <= 1


def test_only_the_head_of_a_line_is_read() -> None:
    assert find_dates(" " * LINE_LIMIT + "7 November 2015") == []
    assert len(find_dates("7 November 2015" + " x" * 5_000_000)) == 1


UNITS = ["7", " ", "7 ", "7.", "7/", "7:", "7-", "Nov ", "7 Nov ", "2015", "年", "7月", "a", "'"]


@pytest.mark.parametrize("unit", UNITS)
def test_work_does_not_grow_with_the_line(unit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counts how often a number is tried: bounded by the head of the line."""
    from broadsheet.dates import finder

    calls = []
    real = finder._read_date
    monkeypatch.setattr(finder, "_read_date", lambda *a: calls.append(1) or real(*a))
    find_dates(unit * (10_000_000 // len(unit)))
    assert len(calls) <= LINE_LIMIT
