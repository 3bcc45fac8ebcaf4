"""Captions and credits of images."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache

from broadsheet.languages import language_tables

_LONGEST_CAPTION = 900
# Credits stand at the end of a line; a long one is searched there only.
_LONGEST_CREDIT = 160
_MOST_READ = 1_000
# Agencies and libraries whose name after a stroke or a copyright sign closes a caption the world over.
LIBRARIES = (
    "getty images", "getty", "reuters", "afp", "ap photo", "ap", "epa", "efe", "dpa", "shutterstock", "istock", "alamy",
    "imago", "picture alliance", "xinhua", "bloomberg", "pa images", "pa", "unsplash", "pexels", "pixabay",
    "wikimedia commons", "wikimedia", "instagram", "facebook", "youtube", "handout", "file",
)  # fmt: skip
_LIBRARIES = "|".join(LIBRARIES)

_CLOSING = ")）]"
# What a line must hold beyond ASCII for one of the patterns to be worth asking.
_CREDIT_SIGN = re.compile("[：／＝©℗]")
_COLON = re.compile("[:：/／=＝]")
_AFTER_STROKE = re.compile(rf"(?:/|via ?)\s?(?:{_LIBRARIES})", re.IGNORECASE)
# Characters before a credit that belong to the caption.
_KEPT = '.。!?…»”")）'


@dataclass(frozen=True, slots=True)
class Caption:
    """Caption and credit of an image, either may be None."""

    caption: str | None
    credit: str | None


def _words_of(key: str) -> set[str]:
    return {word.rstrip(":：") for table in language_tables("captions").values() for word in table.get(key, ())}


def _credit_words() -> set[str]:
    return {word for word in _words_of("credit") if len(word) > 1}


def _alternation(words: set[str]) -> str:
    return "|".join(sorted((re.escape(word) for word in words), key=lambda text: (-len(text), text)))


def _caseless(text: str) -> str:
    """A text as patterns that ignore case compare it, and perhaps a few others: i has a dot or none."""
    return text.replace("\u0130", "i").casefold().replace("\u0131", "i")


def credit_endings() -> set[str]:
    """Words for a credit as they end what stands before its colon."""
    return {_caseless(word) for word in _credit_words()}


@cache
def _endings() -> dict[str, tuple[str, ...]]:
    """Words for a credit by their last character."""
    endings: dict[str, list[str]] = {}
    for word in sorted(credit_endings()):
        endings.setdefault(word[-1], []).append(word)
    return {last: tuple(words) for last, words in endings.items()}


@cache
def _longest_word() -> int:
    return max(len(word) for words in _endings().values() for word in words)


def _has_worded_credit(line: str, offset: int) -> bool:
    """Whether a word for a credit stands before a colon or a stroke behind `offset`."""
    tail = line[offset:]
    before = (_caseless(tail[: sign.start()].rstrip()[-_longest_word() :]) for sign in _COLON.finditer(tail))
    return any(text.endswith(_endings().get(text[-1:], ())) for text in before)


def _has_copyright(line: str, offset: int) -> bool:
    return "©" in line[offset:] or "℗" in line[offset:]


def _has_stroke(line: str, offset: int) -> bool:
    has_sign = "/" in line[offset:] or "via " in line[offset:]
    return has_sign and _AFTER_STROKE.search(line, offset) is not None


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], Callable[[str, int], bool] | None, str], ...]:
    """Patterns of credits, each with what a line must hold behind an offset, and characters of which it ends in one."""
    words = _alternation(_credit_words())
    flags = re.IGNORECASE
    by = r"(?:[:：/／]|\bby\b|\bvon\b|\s)"
    return (
        # … (photo credit: NAME)
        (
            re.compile(rf"[(（\[]\s*(?:\w+ )?(?:{words})\s*{by}\s*(?P<credit>[^()（）\[\]]{{1,80}})[)）\]]$", flags),
            None,
            _CLOSING,
        ),
        # … Photo: NAME   … | Foto: NAME   写真＝NAME
        (
            re.compile(
                rf"(?:^|[\s.|。、)）!?…»”\"])(?:{words})\s*(?:[:：]|\s?[／/]\s?|\s?=\s?|＝)\s*(?P<credit>[^:：]{{1,80}})$",
                flags,
            ),
            _has_worded_credit,
            "",
        ),
        # …（NAME提供）
        (
            re.compile(rf"[(（](?P<credit>[^()（）]{{1,30}}?)(?:{_alternation(_words_of('credit_after'))})[)）]$"),
            None,
            _CLOSING,
        ),
        # … © NAME
        (re.compile(r"(?:^|[\s.|(（])[©℗]\s*(?P<credit>[^©]{1,80}?)\s*[)）]?$"), _has_copyright, ""),
        # … (NAME/Agency)
        (
            re.compile(rf"[(（\[](?P<credit>[^()（）\[\]]{{0,60}}?(?:\b|/)(?:{_LIBRARIES}))[)）\]]$", flags),
            None,
            _CLOSING,
        ),
        (
            re.compile(
                r"(?:^|[.!?”\"|]\s+|\s[-–—|]\s)"
                rf"(?P<credit>[^.!?|]{{0,60}}?(?:/|\bvia\b ?)\s?(?:{_LIBRARIES})(?:[\s/].{{0,30}})?)$",
                flags,
            ),
            _has_stroke,
            "",
        ),
    )


def _may_end_in_credit(tail: str) -> bool:
    """Whether the end of a line holds a sign of a credit: most lines do not, and are looked at no closer."""
    if tail[-1] in _CLOSING or ":" in tail or "/" in tail or "=" in tail or "via " in tail:
        return True
    return not tail.isascii() and _CREDIT_SIGN.search(tail) is not None


def read_caption(line: str) -> Caption | None:
    """Caption and credit of a line that states a credit, or None for any other line."""
    line = line.rstrip()
    return _read_short(line) if len(line) <= _LONGEST_CAPTION else None


# What labels a line is asked for it again.
@lru_cache(_MOST_READ)
def _read_short(line: str) -> Caption | None:
    offset = max(0, len(line) - _LONGEST_CREDIT)
    if not _may_end_in_credit(line[offset:]):
        return None
    if line[0] in "©℗" or line[:3].casefold() == "(c)":
        return None
    for pattern, needed, closing in _patterns():
        if (closing and line[-1] not in closing) or (needed and not needed(line, offset)):
            continue
        if match := pattern.search(line, offset):
            return _caption_before(line, match)
    return None


def _caption_before(line: str, match: re.Match[str]) -> Caption | None:
    """What stands before a credit, with the stop that ends it."""
    stop = match.start() + (line[match.start()] in _KEPT)
    caption = line[:stop].rstrip(" \t\u00a0|(（[-–—/") if match.start() else ""
    credit = match["credit"].strip(" .\t\u00a0)）]")
    return Caption(caption or None, credit) if credit else None
