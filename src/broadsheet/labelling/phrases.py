"""Phrases that tell what a line is, whatever stands around it: data of the language files.

A phrase of `[labels]` is a whole line, or with "…" at its end the beginning of a short one. The page's
language is not asked: pages mix languages in their furniture.
"""

import re
from functools import cache, lru_cache
from typing import NamedTuple

from broadsheet.languages import language_tables

# The beginning of a longer line proves nothing: prose may begin with any word.
LONGEST_LINE = 160
# Furniture stands on page after page of a source: this many lines are looked up once. More take memory for little.
REMEMBERED = 8192
_LEADING = re.compile(r"^[\W_]{1,8}(?=\w)", re.UNICODE)
# "1,024 comments" and its like are short, "You have 3 free articles left this month" is not.
_LONGEST_COUNT = 44
_LONGEST_READ_TIME = 48
_LETTERS = re.compile(r"[^\W\d_]+")
_DIGITS = re.compile(r"\d+")
_SPACELESS = re.compile("[\u3040-\u9fff]")
_TRAILING = " :.…!»›>|-–—•↓→▼"
_KEEP_LEADING = "©(#【<〈"


def fold(line: str) -> str:
    """A line as phrases are compared: case-folded, blanks single, marks at its ends gone."""
    return _bare(" ".join(line.casefold().split()))


def _bare(folded: str) -> str:
    """A case-folded line with single blanks, without the marks at its ends."""
    if not folded.isascii():
        folded = folded.replace("’", "'")
    if folded and not folded[0].isalnum() and folded[0] not in _KEEP_LEADING:
        folded = _LEADING.sub("", folded)
    return folded.rstrip(_TRAILING)


@cache
def _phrases() -> tuple[dict[str, str], dict[str, tuple[tuple[str, str], ...]]]:
    """Whole phrases by text, and beginnings by their first two characters, longest first."""
    whole: dict[str, str] = {}
    beginnings: dict[str, list[tuple[str, str]]] = {}
    for labels in language_tables("labels").values():
        for label, phrases in labels.items():
            if label == "read_time":
                continue
            for phrase in phrases:
                if phrase.endswith("…"):
                    text = phrase.removesuffix("…")
                    beginnings.setdefault(text[:2], []).append((text, label))
                    whole.setdefault(fold(text), label)
                else:
                    whole.setdefault(phrase if "{n}" in phrase else fold(phrase), label)
    ordered = {
        key: tuple(sorted(set(entries), key=lambda entry: (-len(entry[0]), entry)))
        for key, entries in beginnings.items()
    }
    return whole, ordered


def _ends_at_word(folded: str, end: int) -> bool:
    """Whether the phrase that ends at `end` is not the first half of a longer word."""
    if end >= len(folded) or not folded[end - 1].isalnum():
        return True
    following = folded[end]
    return not following.isalnum() or following > "\u2e80"


@cache
def _openings() -> dict[str, tuple[str, ...]]:
    """The beginnings alone, for one look at all of them."""
    return {key: tuple(text for text, _ in entries) for key, entries in _phrases()[1].items()}


def known_phrases() -> tuple[dict[str, str], dict[str, str]]:
    """Whole phrases and beginnings, folded, with their labels."""
    whole, beginnings = _phrases()
    # Of two labels for the same beginning the first is found first.
    entries = (entry for entries in beginnings.values() for entry in reversed(entries))
    return whole, dict(entries)


@cache
def openings_of_corrections(characters: int) -> frozenset[str]:
    """The first characters of corrections, at most so many."""
    entries = (entry for entries in _phrases()[1].values() for entry in entries)
    return frozenset(phrase[:characters] for phrase, label in entries if label == "correction")


def _opens_no_correction(line: str) -> bool:
    opening = line[:2]
    return opening.isalnum() and opening.casefold()[:2] not in openings_of_corrections(2)


def phrase_label(line: str) -> str | None:
    """The label that a line's wording gives it, `not_found` or `wall`, or None.

    Of a line that is longer than a phrase's should be, only a correction is known by its beginning.
    """
    is_long = len(line) > LONGEST_LINE
    if is_long and _opens_no_correction(line):
        return None
    return _label_of(fold(line[: LONGEST_LINE + 1]), is_long)


def _label_of(folded: str, is_long: bool) -> str | None:
    whole, beginnings = _phrases()
    if not is_long and (label := whole.get(folded)):
        return label
    if len(folded) < _LONGEST_COUNT and _DIGITS.search(folded) and (label := whole.get(_DIGITS.sub("{n}", folded))):
        return label
    opening = folded[:2]
    if opening not in beginnings or not folded.startswith(_openings()[opening]):
        return None
    for phrase, label in beginnings[opening]:
        if folded.startswith(phrase) and (not is_long or label == "correction") and _ends_at_word(folded, len(phrase)):
            return label
    return None


class Wording(NamedTuple):
    """What a line says by itself, wherever it stands."""

    phrase: str | None
    is_read_time: bool


_PROSE = Wording(None, False)


def wording_of(line: str) -> Wording:
    """Phrase and read time of a line.

    Furniture stands on page after page and is remembered; prose, which would only drive it out, is not.
    """
    if len(line) <= LONGEST_LINE:
        return _wording_of_short(line)
    return _PROSE if _opens_no_correction(line) else Wording(phrase_label(line), False)


@lru_cache(REMEMBERED)
def _wording_of_short(line: str) -> Wording:
    folded = " ".join(line.casefold().split())
    is_read_time = len(line) <= _LONGEST_READ_TIME and _minutes(folded) is not None
    return Wording(_label_of(_bare(folded), False), is_read_time)


def spaceless_words(line: str) -> int:
    """How many words are counted for the characters of Chinese and Japanese: one for each two."""
    return 0 if line.isascii() else len(_SPACELESS.findall(line)) // 2


def _read_time_phrases() -> set[str]:
    return {
        phrase.rstrip("…") for labels in language_tables("labels").values() for phrase in labels.get("read_time", ())
    }


def read_time_stems() -> set[str]:
    """The first letters of the longest word of each phrase: a line without any of them states no read time."""
    return {max(_LETTERS.findall(phrase.replace("{n}", "")), key=len)[:3] for phrase in _read_time_phrases()}


def stems_of_read_times() -> set[str]:
    """The first letters of words, of which one begins in each line that states a read time."""
    words = [max(_LETTERS.findall(phrase.replace("{n}", "0")), key=len) for phrase in _read_time_phrases()]
    return read_time_stems() | {word[:3] for word in words}


@cache
def _read_time_stem() -> re.Pattern[str]:
    return re.compile("|".join(sorted(read_time_stems())))


def _pattern_of(phrase: str) -> str:
    return re.escape(phrase).replace(r"\{n\}", r"(?:\d{1,2} ?[-–] ?)?(\d{1,3})")


def _is_bare(phrase: str) -> bool:
    """Whether a phrase is bare minutes, which must be all of a line."""
    return len(phrase.replace("{n}", "").strip()) <= 8 and phrase.startswith("{n}") and " " not in phrase[4:]


@cache
def _read_times() -> dict[str, str]:
    """The pattern of each read time that may stand anywhere in a line, and the longest part of it that has no number.

    The longest comes first: after it a unit may follow that the phrase leaves out ("Lesezeit: 4 Min.").
    """
    parts = {_pattern_of(each): max(each.split("{n}"), key=len) for each in _read_time_phrases() if not _is_bare(each)}
    return {pattern: parts[pattern] for pattern in sorted(parts, key=lambda text: (-len(text), text))}


@cache
def _read_time(pattern: str) -> re.Pattern[str]:
    return re.compile(f"(?<![\\w:.,])(?:{pattern})(?!\\d)")


@cache
def _bare_minutes() -> re.Pattern[str]:
    patterns = {_pattern_of(phrase) for phrase in _read_time_phrases() if _is_bare(phrase)}
    return re.compile(rf"(?:{'|'.join(sorted(patterns, key=lambda text: (-len(text), text)))})\.?")


def read_time(line: str) -> int | None:
    """Minutes of reading that a short line states ("2 minute read."), or None."""
    return _minutes(" ".join(line.casefold().split())) if len(line) <= _LONGEST_READ_TIME else None


def _first_read_time(folded: str) -> re.Match[str] | None:
    """The first read time in a line, of several that begin there the one of the longest phrase."""
    # Of all phrases as one pattern each would be tried at each character.
    patterns = (pattern for pattern, part in _read_times().items() if part in folded)
    found = filter(None, (_read_time(pattern).search(folded) for pattern in patterns))
    return min(found, key=re.Match.start, default=None)


def _minutes(folded: str) -> int | None:
    if _DIGITS.search(folded) is None or _read_time_stem().search(folded) is None:
        return None
    match = _first_read_time(folded) or _bare_minutes().fullmatch(folded)
    if match is None:
        return None
    return int(next(group for group in match.groups() if group is not None))
