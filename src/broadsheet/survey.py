"""What a corpus tells about its sources: counts of lines and dates, and the decisions made from them."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from broadsheet.dates import find_dates
from broadsheet.labelling.furniture import Hashed, hashed_lines, line_hash
from broadsheet.language import identify_languages
from broadsheet.parameters import Survey
from broadsheet.records import Source
from broadsheet.sources import SourceFile

# Longer lines are prose; a motto or a paragraph of background is shorter than this and is weighed in labelling.
_LONGEST_FURNITURE = 400
_LONGEST_DATE_LINE = 120
# What a line has that holds a numeric date, two slashes beside.
_NUMBERS = re.compile(r"\d[-./]\d")
_TWO_SLASHES = re.compile(r"/[^/\n]*/")
# Code points of a document's longest lines; one document in ten may be wrong.
_LANGUAGE_SAMPLE = 300
_LEAST_DOCUMENTS_FOR_LANGUAGE = 5
_SHARE_FOR_LANGUAGE = 0.9


@dataclass(frozen=True, slots=True)
class Observation:
    """What one document shows: its lines' hashes (uint64), a signature of its text, orders of dates, its language.

    A hash may be there more than once. The signature is that of its longest lines: copies of one article share it and
    count as one page.
    """

    source: str
    signature: str
    lines: np.ndarray
    day_month: int
    month_day: int
    language: str | None


def _orders(lines: Iterable[str]) -> tuple[int, int]:
    """How many numeric dates of the lines can only be day before month, and month before day."""
    day_month = month_day = 0
    for line in lines:
        for date in find_dates(line):
            printed = line[date.start : date.end]
            if date.month is None or date.day is None or date.ambiguous or not _is_numeric(printed):
                continue
            numbers = [
                int(part) for part in printed.replace(".", "/").replace("-", "/").split("/")[:2] if part.isdigit()
            ]
            if numbers == [date.day, date.month] and date.day > 12:
                day_month += 1
            elif numbers == [date.month, date.day] and date.day > 12:
                month_day += 1
    return day_month, month_day


def _is_numeric(printed: str) -> bool:
    head = printed.split()[0] if printed.split() else ""
    return head.count("/") == 2 and not any(character.isalpha() for character in head)


def _longest(text: str, lines: Hashed) -> list[str]:
    """The three longest lines, of equals those that come first by their characters."""
    # Few are as long as the third longest; only those are put in order.
    least = max(np.sort(lines.lengths)[-3:][0], 1)
    places = np.flatnonzero(lines.lengths >= least)
    spans = zip(lines.starts[places].tolist(), lines.lengths[places].tolist(), strict=True)
    found = (text[start : start + length] for start, length in spans)
    return sorted(found, key=lambda line: (-len(line), line))[:3]


def _lines_with_numeric_dates(text: str) -> Iterator[str]:
    """The lines of a text that may hold one: such with two slashes."""
    past = 0
    for match in _TWO_SLASHES.finditer(text):
        if match.start() >= past:
            end = text.find("\n", match.end())
            past = len(text) if end < 0 else end
            line = text[text.rfind("\n", 0, match.start()) + 1 : past].strip()
            if len(line) <= _LONGEST_DATE_LINE and _NUMBERS.search(line):
                yield line


def _observation(source: str, text: str, longest: Sequence[str], language: str | None, lines: Hashed) -> Observation:
    day_month, month_day = _orders(_lines_with_numeric_dates(text))
    short = (lines.lengths > 0) & (lines.lengths <= _LONGEST_FURNITURE)
    return Observation(
        source=source,
        signature=hashlib.sha256("\n".join(longest).encode("utf-8", "surrogatepass")).hexdigest()[:16],
        lines=lines.hashes[short],
        day_month=day_month,
        month_day=month_day,
        language=language,
    )


def _hashed(texts: Sequence[str]) -> tuple[str, list[Hashed]]:
    """Texts as one, and the lines of each in it."""
    whole = "\n".join(texts)
    every = hashed_lines(whole)
    edges = np.cumsum([text.count("\n") + 1 for text in texts])[:-1]
    return whole, list(map(Hashed, *(np.split(column, edges) for column in every)))


def observe(sources: Sequence[str], texts: Sequence[str]) -> list[Observation]:
    """What each text shows of its source."""
    whole, lines = _hashed(texts)
    longest = [_longest(whole, each) for each in lines]
    found = identify_languages([" ".join(each)[:_LANGUAGE_SAMPLE] for each in longest])
    languages = [language and language[0] for language in found]
    return list(map(_observation, sources, texts, longest, languages, lines))


def decide_date_order(day_month: int, month_day: int) -> str | None:
    """The order of a source's numeric dates: that of its unambiguous ones where they all agree."""
    if bool(day_month) == bool(month_day):
        return None
    return "day_month" if day_month else "month_day"


def decide_language(languages: Counter[str | None]) -> str | None:
    """The language of nine in ten of at least five documents, or None."""
    total = sum(languages.values())
    language, count = min(languages.items(), key=lambda item: (-item[1], item[0] or ""), default=(None, 0))
    return language if total >= _LEAST_DOCUMENTS_FOR_LANGUAGE and count >= _SHARE_FOR_LANGUAGE * total else None


def decide(
    source: str,
    stated: SourceFile,
    pages: int,
    line_pages: Sequence[tuple[str, int]],
    day_month: int,
    month_day: int,
    languages: Counter[str | None],
    parameters: Survey,
) -> Source:
    """The decisions on a source; `line_pages` are line hashes with the number of its `pages` they stand on."""
    least = max(parameters.furniture_pages, parameters.furniture_share * pages)
    furniture = {line for line, count in line_pages if count >= least}
    furniture.update(line_hash(line) for line in stated.furniture)
    return Source(
        source=source,
        title=stated.title,
        publisher=stated.publisher,
        url=stated.url,
        licence=stated.licence,
        timezone=stated.timezone,
        in_language=stated.language or decide_language(languages),
        date_order=stated.date_order or decide_date_order(day_month, month_day),
        furniture=tuple(sorted(furniture)),
    )
