"""Words of dates in all languages: the tables `[dates]` of `languages/<code>.toml`.

A line's language is not known when its dates are read, so the words of all languages lie in the
same dictionaries. Keys are folded: lower case, without accents, digits as ASCII.

`months` and `short_months` list the forms of each month from January, `weekdays` those of each day
from Monday. `month_first` says that "Oct 23" is usual, `capital_months` are everyday words in
lower case (may), `dated_months` everyday words of some language that need day and year (mars,
set). `ordinals` follow a day (23rd), `joiners` stand between day, month and year (de),
`after_year` after the year; `unspaced` marks a language without blanks between words. `lead` holds
the words before a date by role (`until` ends a time, `event` is of what is told of, `other` none of these);
`relative` those around a count (`before`, `after`), for one, for now and for days (`bare`: the unit says "ago" by
itself) and `relative.units`; `clock` those before and after a time of day and for the halves of
the day.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from broadsheet.languages import language_tables

UNIT_SECONDS = {
    "second": 1,
    "minute": 60,
    "hour": 3600,
    "day": 86400,
    "week": 7 * 86400,
    "month": 30 * 86400,
    "year": 365 * 86400,
}
# A week is counted in whole days: "2 weeks ago" names a day, if roughly.
UNIT_PRECISION = {"week": "day"}
# Signs that combine with letters and are none themselves.
_MARKS = (
    r"[\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    r"\u0900-\u0903\u093a-\u094f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]"
)
WORD_CHARACTERS = rf"(?:[^\W\d_]|{_MARKS})"
# Thai shortens months with inner stops (ต.ค.), which no other language does.
_SHORTENED = r"[\u0e01-\u0e2e\u0e40]{1,3}[\u0e34\u0e35]?\.\s?[\u0e01-\u0e2e]\.?"
WORD = rf"(?:{_SHORTENED}|{WORD_CHARACTERS}+)"
# The same where nothing that follows could have a part of the word, in less time.
WHOLE_WORD = rf"(?:{_SHORTENED}|(?:[^\W\d_]++|{_MARKS}++)++)"
SINGLE_CHARACTERS = {
    "’": "'", "‘": "'", "ʼ": "'", "−": "-", "‐": "-", "‑": "-", "、": ",", "،": ",",
    "ی": "ي", "ى": "ي", "ک": "ك", "ı": "i", "ـ": " ", "。": ".", "﹕": ":", "∶": ":",
}  # fmt: skip


class _FoldTable(dict[int, str]):
    """A `str.translate` table that maps each character to exactly one; filled as it is used."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold_character(chr(code))
        return folded


def _fold_character(character: str) -> str:
    """The one character that stands for `character` in comparisons."""
    if character in SINGLE_CHARACTERS:
        return SINGLE_CHARACTERS[character]
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    if "\uff01" <= character <= "\uff5e":
        return chr(ord(character) - 0xFEE0).lower()
    category = unicodedata.category(character)
    if category in ("Zs", "Cf", "Cc"):
        return " "
    decomposed = unicodedata.normalize("NFD", character)
    marks = decomposed[1:]
    if marks and all(unicodedata.category(mark) == "Mn" for mark in marks):
        character = decomposed[0]
    lowered = character.lower()
    return SINGLE_CHARACTERS.get(lowered, lowered if len(lowered) == 1 else lowered[0])


_FOLD = _FoldTable()


def fold(text: str) -> str:
    """`text` in lower case, without accents, with ASCII digits and blanks; of the same length."""
    return text.lower().replace("\t", " ") if text.isascii() else text.translate(_FOLD)


@dataclass(frozen=True, slots=True)
class MonthName:
    """What a month's name allows: `number` 1 to 12 and how it may be written."""

    number: int
    languages: frozenset[str]
    full: bool
    month_first: bool  # "Oct 23" is usual, so a short name may stand before its day
    needs_capital: bool  # a word of everyday English in lower case (may, march)
    needs_day_and_year: bool  # a common word of another language (mars, set, pro)


@dataclass(slots=True)
class Lexicon:
    """Folded words of all languages. Phrases of several words are joined by one blank."""

    months: dict[str, MonthName] = field(default_factory=dict)
    weekdays: dict[str, int] = field(default_factory=dict)  # Monday = 0
    weekday_languages: dict[str, set[str]] = field(default_factory=dict)
    ordinals: dict[str, set[str]] = field(default_factory=dict)  # suffix -> languages
    joiners: set[str] = field(default_factory=set)
    connectors: set[str] = field(default_factory=set)  # between a date and its clock or lead
    leads: dict[str, str] = field(default_factory=dict)  # phrase -> role
    units: dict[str, dict[str, str]] = field(default_factory=dict)  # word -> language -> unit
    before: dict[str, set[str]] = field(default_factory=dict)
    after: dict[str, set[str]] = field(default_factory=dict)
    ones: dict[str, set[str]] = field(default_factory=dict)
    day_words: dict[str, int] = field(default_factory=dict)  # phrase -> days back
    now_words: set[str] = field(default_factory=set)
    bare_units: set[str] = field(default_factory=set)  # "3 órája": the unit itself says "ago"
    clock_before: set[str] = field(default_factory=set)
    clock_after: set[str] = field(default_factory=set)
    morning: set[str] = field(default_factory=set)
    afternoon: set[str] = field(default_factory=set)
    after_year: set[str] = field(default_factory=set)
    unspaced: set[str] = field(default_factory=set)  # languages written without blanks
    fillers: set[str] = field(default_factory=set)  # single words of leads, clocks, weekdays
    first_of_two: set[str] = field(default_factory=set)  # first words of months of two words
    after_number: set[str] = field(default_factory=set)  # words that a date's number may precede
    month_ends: set[str] = field(default_factory=set)  # last three letters of months' names
    relative_words: set[str] = field(default_factory=set)  # one of these stands in a line
    # without digits that may be a relative date


def words_of(values: list[str]) -> list[str]:
    """Folded, stripped forms of `values`; abbreviation stops and marks at the end are dropped."""
    return [" ".join(re.split(r"[\s-]+", fold(value).strip(" .'׳॰:-"))) for value in values]


@cache
def lexicon() -> Lexicon:
    """The words of all languages, read on first use.

    Raises ValueError where a language file names a month that another language counts otherwise.
    """
    result = Lexicon()
    tables = language_tables("dates")
    capital = {word for table in tables.values() for word in table.get("capital_months", ())}
    dated = {word for table in tables.values() for word in table.get("dated_months", ())}
    for language, table in tables.items():
        _add_months(result, language, table, capital, dated)
        _add_words(result, language, table)
        _add_relative(result, language, table.get("relative", {}))
        _add_clock(result, table.get("clock", {}))
    _add_fillers(result)
    return result


def _add_months(result: Lexicon, language: str, table: dict[str, Any], capital: set[str], dated: set[str]) -> None:
    """Add the month names of one language."""
    for key, full in (("months", True), ("short_months", False)):
        for number, names in enumerate(table.get(key, ()), start=1):
            for name in words_of(names):
                known = result.months.get(name)
                if known and known.number != number:
                    raise ValueError(f"{language}: month {name!r} is {known.number} elsewhere")
                result.months[name] = MonthName(
                    number,
                    frozenset({language}) | (known.languages if known else frozenset()),
                    full or bool(known and known.full),
                    table.get("month_first", False) or bool(known and known.month_first),
                    name in capital,
                    name in dated,
                )


def _add_words(result: Lexicon, language: str, table: dict[str, Any]) -> None:
    """Add weekdays, ordinals, joining words and lead words of one language."""
    for number, names in enumerate(table.get("weekdays", ())):
        for name in words_of(names):
            result.weekdays.setdefault(name, number)
            result.weekday_languages.setdefault(name, set()).add(language)
    for suffix in table.get("ordinals", ()):
        result.ordinals.setdefault(fold(suffix).strip("-:"), set()).add(language)
    result.joiners.update(word for phrase in table.get("joiners", ()) for word in fold(phrase).strip(".'").split())
    result.after_year.update(fold(word) for word in table.get("after_year", ()))
    for role, phrases in table.get("lead", {}).items():
        for phrase in words_of(phrases):
            result.leads.setdefault(phrase, role)
    if table.get("unspaced"):
        result.unspaced.add(language)


def _add_relative(result: Lexicon, language: str, table: dict[str, Any]) -> None:
    """Add the words of relative dates of one language."""
    for unit, names in table.get("units", {}).items():
        for name in words_of(names):
            result.units.setdefault(name, {})[language] = unit
    for key, target in (("before", result.before), ("after", result.after), ("one", result.ones)):
        for phrase in words_of(table.get(key, [])):
            target.setdefault(phrase, set()).add(language)
    for days, key in enumerate(("today", "yesterday", "day_before_yesterday")):
        for phrase in words_of(table.get(key, [])):
            result.day_words.setdefault(phrase, days)
    result.now_words.update(words_of(table.get("now", [])))
    if table.get("bare"):
        result.bare_units.add(language)


def _add_clock(result: Lexicon, table: dict[str, Any]) -> None:
    """Add the words around a time of day of one language."""
    result.clock_before.update(words_of(table.get("before", [])))
    result.clock_after.update(words_of(table.get("after", [])))
    result.morning.update(words_of(table.get("am", [])))
    result.afternoon.update(words_of(table.get("pm", [])))


def _add_fillers(result: Lexicon) -> None:
    """Collect the single words that may stand beside a date without telling anything else."""
    result.connectors = result.joiners | result.clock_before
    parts = result.connectors | result.clock_after | result.morning | result.afternoon
    phrases = parts | set(result.leads) | set(result.weekdays) | result.after_year
    result.fillers = {word for phrase in phrases for word in phrase.split()} | phrases
    names = {name.split()[0] for name in result.months}
    result.first_of_two = {name.split()[0] for name in result.months if " " in name}
    result.after_number = names | result.joiners | set(result.ordinals) | set(result.units)
    result.after_number.add("thang")
    result.month_ends = {name[-3:] for name in result.months} | {"ang"}  # thang 10
    phrases = set(result.day_words) | result.now_words
    # The last word of a phrase stands for it: "hari ini" has the frequent "hari" in front.
    result.relative_words = {phrase.split()[-1] for phrase in phrases}
    for language in {name for names in result.ones.values() for name in names}:
        result.relative_words.update(
            word for word, names in result.units.items() if language in names and len(word) > 2
        )


def alternation(phrases: set[str] | list[str]) -> str:
    """A regular expression for any of `phrases`, longest first; blanks match one or two."""
    ordered = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
    return "|".join(re.escape(phrase).replace(r"\ ", r"[\s-]{1,2}") for phrase in ordered) or r"(?!)"
