"""Captions and credits of images."""

import re
from dataclasses import dataclass
from functools import cache

from broadsheet.languages import language_tables

_LONGEST_CAPTION = 900
# Agencies and libraries whose name after a stroke or a copyright sign closes a caption the world over.
_LIBRARIES = (
    "getty images|getty|reuters|afp|ap photo|ap|epa|efe|dpa|shutterstock|istock|alamy|imago|picture alliance|xinhua|"
    "bloomberg|pa images|pa|unsplash|pexels|pixabay|wikimedia commons|wikimedia|instagram|facebook|youtube|handout|file"
)


@dataclass(frozen=True, slots=True)
class Caption:
    """Caption and credit of an image, either may be None."""

    caption: str | None
    credit: str | None


@cache
def _words() -> str:
    words = {word.rstrip(":：") for table in language_tables("captions").values() for word in table.get("credit", ())}
    return "|".join(sorted((re.escape(word) for word in words if len(word) > 1), key=lambda text: (-len(text), text)))


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    words = _words()
    flags = re.IGNORECASE
    return (
        # … (photo credit: NAME)
        re.compile(
            rf"[(（\[]\s*(?:{words})\s*(?:[:：/／]|\bby\b|\bvon\b|\s)\s*(?P<credit>[^()（）\[\]]{{1,80}})[)）\]]\s*$",
            flags,
        ),
        # … Photo: NAME   … | Foto: NAME   （写真：名前
        re.compile(
            rf"(?:^|[\s.|。、)）!?…»”\"])(?:{words})\s*(?:[:：]|\s?[／/]\s?|\s?=\s?|＝)\s*(?P<credit>[^:：]{{1,80}})$",
            flags,
        ),
        # … © NAME   … (NAME/Agency)
        re.compile(r"(?:^|[\s.|(（])[©℗]\s*(?P<credit>[^©]{1,80}?)\s*[)）]?\s*$"),
        re.compile(rf"[(（\[](?P<credit>[^()（）\[\]]{{0,60}}?(?:\b|/)(?:{_LIBRARIES}))[)）\]]\s*$", flags),
        re.compile(
            rf"(?:^|[.!?”\"|]\s+|\s[-–—|]\s)(?P<credit>[^.!?|]{{0,60}}?(?:/|\bvia\b ?)\s?(?:{_LIBRARIES})(?:[\s/].{{0,30}})?)$",
            flags,
        ),
    )


def read_caption(line: str) -> Caption | None:
    """Caption and credit of a line that states a credit, or None for any other line."""
    if len(line) > _LONGEST_CAPTION:
        return None
    for pattern in _patterns():
        # Credits stand at the end of a line; a long one is searched there only.
        offset = max(0, len(line) - 160)
        if match := pattern.search(line, offset):
            caption = line[: match.start()].rstrip(" \t\u00a0|(（[-–—/") if match.start() > 0 else ""
            kept = line[match.start()] if match.start() < len(line) else ""
            if kept in '.。!?…»”")）' and match.start() > 0:
                caption = line[: match.start() + 1].rstrip(" |")
            if line[0] in "©℗" or line[:3].casefold() == "(c)":
                return None
            credit = match["credit"].strip(" .\t\u00a0)）]")
            return Caption(caption.strip() or None, credit or None) if credit else None
    return None
