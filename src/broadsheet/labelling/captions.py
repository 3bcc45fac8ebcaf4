"""Captions and credits of images."""

import re
from dataclasses import dataclass
from functools import cache

from broadsheet.languages import language_tables

_LONGEST_CAPTION = 900
# Credits stand at the end of a line; a long one is searched there only.
_LONGEST_CREDIT = 160
# Agencies and libraries whose name after a stroke or a copyright sign closes a caption the world over.
_LIBRARIES = (
    "getty images|getty|reuters|afp|ap photo|ap|epa|efe|dpa|shutterstock|istock|alamy|imago|picture alliance|xinhua|"
    "bloomberg|pa images|pa|unsplash|pexels|pixabay|wikimedia commons|wikimedia|instagram|facebook|youtube|handout|file"
)

_CLOSING = ")）]"
# What a line must hold beyond ASCII for one of the patterns to be worth asking.
_CREDIT_SIGN = re.compile("[：／＝©℗]")
_COLON = re.compile("[:：/／=＝]")
_COPYRIGHT = re.compile("[©℗]")
_STROKE = re.compile("/|via ")
# Characters before a credit that belong to the caption.
_KEPT = '.。!?…»”")）'


@dataclass(frozen=True, slots=True)
class Caption:
    """Caption and credit of an image, either may be None."""

    caption: str | None
    credit: str | None


@cache
def _words(key: str) -> str:
    words = {word.rstrip(":：") for table in language_tables("captions").values() for word in table.get(key, ())}
    if key == "credit":
        words = {word for word in words if len(word) > 1}
    return "|".join(sorted((re.escape(word) for word in words), key=lambda text: (-len(text), text)))


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], re.Pattern[str] | None, str], ...]:
    """Patterns of credits, each with a sign that a line must hold, and characters of which it must end in one."""
    words = _words("credit")
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
            _COLON,
            "",
        ),
        # …（NAME提供）
        (
            re.compile(rf"[(（](?P<credit>[^()（）]{{1,30}}?)(?:{_words('credit_after')})[)）]$"),
            None,
            _CLOSING,
        ),
        # … © NAME
        (re.compile(r"(?:^|[\s.|(（])[©℗]\s*(?P<credit>[^©]{1,80}?)\s*[)）]?$"), _COPYRIGHT, ""),
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
            _STROKE,
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
    offset = max(0, len(line) - _LONGEST_CREDIT)
    if len(line) > _LONGEST_CAPTION or not _may_end_in_credit(line[offset:]):
        return None
    if line[0] in "©℗" or line[:3].casefold() == "(c)":
        return None
    for pattern, needed, closing in _patterns():
        if (needed and not needed.search(line, offset)) or (closing and line[-1] not in closing):
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
