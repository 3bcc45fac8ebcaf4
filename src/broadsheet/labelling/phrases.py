"""Phrases that tell what a line is, whatever stands around it: data of the language files.

A phrase of `[labels]` is a whole line, or with "…" at its end the beginning of a short one. The page's
language is not asked: pages mix languages in their furniture.
"""

import re
from collections.abc import Collection, Sequence
from functools import cache
from typing import NamedTuple

from broadsheet.languages import language_tables

# The beginning of a longer line proves nothing: prose may begin with any word.
LONGEST_LINE = 160
# Furniture stands on page after page: this many lines are looked up once.
REMEMBERED = 32768
_LEADING = re.compile(r"^[\W_]{1,8}(?=\w)", re.UNICODE)
# "1,024 comments" and its like are short.
_LONGEST_COUNT = 24
_LONGEST_READ_TIME = 48
_LETTERS = re.compile(r"[^\W\d_]+")
_DIGITS = re.compile(r"\d+")
_ASCII = bytes(range(128))
_DIGITS_AS_0 = bytes(ord("0") if chr(code).isdigit() else code for code in range(128)) + bytes(range(128, 256))
_BLANKS_OF_ASCII = [chr(code) for code in range(128) if chr(code).isspace() and chr(code) not in " \n"]
_SPACELESS = re.compile("[\u3040-\u9fff]")
_BLANK_OR_DIGIT_OR_SPACELESS = re.compile("[\\s\\d\u3040-\u9fff]")
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


@cache
def _first_letters() -> tuple[frozenset[str], frozenset[str]]:
    """The first four letters of the beginnings, and the first two of those that have fewer than four."""
    texts = [text for entries in _phrases()[1].values() for text, _ in entries]
    return frozenset(text[:4] for text in texts), frozenset(text[:2] for text in texts if len(text) < 4)


@cache
def _openings_of_corrections() -> frozenset[str]:
    return frozenset(
        key for key, entries in _phrases()[1].items() if any(label == "correction" for _, label in entries)
    )


def phrase_label(line: str) -> str | None:
    """The label that a line's wording gives it, `not_found` or `wall`, or None.

    Of a line that is longer than a phrase's should be, only a correction is known by its beginning.
    """
    is_long = len(line) > LONGEST_LINE
    if is_long and line[:2].isalnum() and line[:2].casefold()[:2] not in _openings_of_corrections():
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


class Wordings(NamedTuple):
    """What the lines of a page say by themselves, wherever they stand: columns, a value a line."""

    pieces: list[int]  # separated by blanks
    words: list[int]  # each two characters of Chinese or Japanese count as one
    phrases: list[str | None]
    have_digits: list[bool]
    read_times: list[int]  # indices of lines that state a read time


def wordings(lines: Sequence[str]) -> Wordings:
    """Pieces, words, phrase, digits and read time of trimmed lines, all of them looked at together."""
    if not lines:
        return Wordings([], [], [], [], [])
    joined = "\n".join(lines)
    if joined.count("\n") != len(lines) - 1:
        # A paragraph in a script without blanks keeps the newlines of its lines: blanks as others are.
        joined = "\n".join([line.replace("\n", " ") for line in lines])
    content = joined.encode("utf-8", "surrogatepass")
    others = content.translate(None, _ASCII).decode("utf-8", "surrogatepass")
    special = set(_BLANK_OR_DIGIT_OR_SPACELESS.findall(others))
    folded = _single_blanks(joined, special).casefold()
    lines_folded = folded.split("\n")
    pieces = [line.count(" ") + 1 for line in lines_folded]
    if any(map(str.isdecimal, special)):
        have_digits = [_DIGITS.search(line) is not None for line in lines_folded]
    else:
        have_digits = [b"0" in line for line in content.translate(_DIGITS_AS_0).split(b"\n")]
    words = pieces
    if any(map(_SPACELESS.match, special)):
        words = [count + spaceless_words(line) for count, line in zip(pieces, lines, strict=True)]
    phrases = _phrases_of(lines, folded, have_digits)
    return Wordings(pieces, words, phrases, have_digits, _read_times(lines, lines_folded, have_digits))


def _single_blanks(text: str, special: Collection[str]) -> str:
    """Lines with single blanks between their pieces; `special` are the characters beyond ASCII that may be blanks."""
    for blank in (*_BLANKS_OF_ASCII, *special):
        if blank in text and blank.isspace():
            text = text.replace(blank, " ")
    while "  " in text:
        text = text.replace("  ", " ")
    return text


def _phrases_of(lines: Sequence[str], folded: str, have_digits: Sequence[bool]) -> list[str | None]:
    """The phrase of each line; `folded` are the lines case-folded, with single blanks."""
    whole, fours, twos = _phrases()[0], *_first_letters()
    bare = [line.rstrip(_TRAILING) for line in folded.replace("’", "'").split("\n")]
    found: list[str | None] = []
    for line, text, has_digits in zip(lines, bare, have_digits, strict=True):
        if len(line) > LONGEST_LINE:
            found.append(phrase_label(line))
            continue
        first = text[:1]
        if not first.isalnum() and first not in _KEEP_LEADING:
            # Most have a bullet and a blank there.
            text = text[2:] if text[1:2] == " " and text[2:3].isalnum() else _LEADING.sub("", text)
        label = whole.get(text)
        if label is None and (has_digits or text[:4] in fours or text[:2] in twos):
            label = _label_of(text, False)
        found.append(label)
    return found


def _read_times(lines: Sequence[str], folded: Sequence[str], have_digits: Sequence[bool]) -> list[int]:
    """Indices of the lines that state a read time."""
    some = [
        index
        for index, (line, has_digits) in enumerate(zip(lines, have_digits, strict=True))
        if has_digits and len(line) <= _LONGEST_READ_TIME
    ]
    # Of most pages no line has such words.
    if _read_time_stems().search("\n".join([folded[index] for index in some])) is None:
        return []
    return [index for index in some if _minutes(folded[index]) is not None]


def spaceless_words(line: str) -> int:
    """How many words are counted for the characters of Chinese and Japanese: one for each two."""
    return 0 if line.isascii() else len(_SPACELESS.findall(line)) // 2


def _read_time_phrases() -> set[str]:
    return {
        phrase.rstrip("…") for labels in language_tables("labels").values() for phrase in labels.get("read_time", ())
    }


@cache
def _read_time_stems() -> re.Pattern[str]:
    """The first letters of the longest word of each phrase: a line without any of them states no read time."""
    stems = {max(_LETTERS.findall(phrase.replace("{n}", "")), key=len)[:3] for phrase in _read_time_phrases()}
    return re.compile("|".join(sorted(stems)))


@cache
def _read_time() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Patterns of read times anywhere in a line, and of bare minutes, which must be all of it."""
    patterns: tuple[set[str], set[str]] = (set(), set())
    for phrase in _read_time_phrases():
        is_bare = len(phrase.replace("{n}", "").strip()) <= 8 and phrase.startswith("{n}") and " " not in phrase[4:]
        pattern = re.escape(phrase).replace(r"\{n\}", r"(?:\d{1,2} ?[-–] ?)?(\d{1,3})")
        patterns[is_bare].add(pattern)
    # After the longest phrase a unit may follow that the phrase leaves out ("Lesezeit: 4 Min.").
    anywhere, bare = ("|".join(sorted(each, key=lambda text: (-len(text), text))) for each in patterns)
    return re.compile(f"(?<![\\w:.,])(?:{anywhere})(?!\\d)"), re.compile(f"(?:{bare})\\.?")


def read_time(line: str) -> int | None:
    """Minutes of reading that a short line states ("2 minute read."), or None."""
    return _minutes(" ".join(line.casefold().split())) if len(line) <= _LONGEST_READ_TIME else None


def _minutes(folded: str) -> int | None:
    if _read_time_stems().search(folded) is None or _DIGITS.search(folded) is None:
        return None
    anywhere, bare = _read_time()
    match = anywhere.search(folded) or bare.fullmatch(folded)
    if match is None:
        return None
    return int(next(group for group in match.groups() if group is not None))
