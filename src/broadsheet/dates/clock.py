"""Times of day and time zones as they are printed beside a date."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from broadsheet.dates.lexicon import WORD_CHARACTERS, alternation, lexicon

LARGEST_OFFSET = 14 * 60
# Minutes east of UTC. Abbreviations that stand for several zones (IST: India, Israel, Ireland)
# are known as zones, so that they belong to the date, but have no offset.
ZONE_MINUTES: dict[str, int | None] = {
    "z": 0, "utc": 0, "gmt": 0, "wet": 0, "west": 60, "bst": 60, "cet": 60, "cest": 120,
    "mez": 60, "mesz": 120, "eet": 120, "eest": 180, "msk": 180, "мск": 180, "trt": 180,
    "est": -300, "edt": -240, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480, "pdt": -420,
    "akst": -540, "akdt": -480, "hst": -600, "nst": -210, "ndt": -150, "adt": -180, "brt": -180,
    "jst": 540, "kst": 540, "hkt": 480, "sgt": 480, "pht": 480, "myt": 480, "wib": 420,
    "wita": 480, "wit": 540, "ict": 420, "pkt": 300, "npt": 345, "gst": 240, "sast": 120,
    "cat": 120, "eat": 180, "wat": 60, "aest": 600, "aedt": 660, "acst": 570, "acdt": 630,
    "awst": 480, "nzst": 720, "nzdt": 780,
    "ist": None, "cst": None, "ast": None,
}  # fmt: skip
# Names that mean winter or summer time by the date.
ZONE_PLACES = {
    "et": "America/New_York",
    "eastern": "America/New_York",
    "eastern time": "America/New_York",
    "ct": "America/Chicago",
    "central time": "America/Chicago",
    "mt": "America/Denver",
    "mountain time": "America/Denver",
    "pt": "America/Los_Angeles",
    "pacific": "America/Los_Angeles",
    "pacific time": "America/Los_Angeles",
    "uk time": "Europe/London",
    "北京时间": "Asia/Shanghai",
    "по московскому времени": "Europe/Moscow",
}
# CST is China's too, but there nobody writes am or pm in Latin letters before it.
CENTRAL_STANDARD = -360
_GLUED_SUFFIX = re.compile(r"\s?(?:(?P<part>[AaPp][Mm])|Uhr)(?=[A-Z][a-z])")


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day; `end` is the code point after it, zone included."""

    end: int
    hour: int
    minute: int | None
    second: int | None
    zone: str | None  # folded name of the zone
    offset_minutes: int | None  # None where no zone stands or its name needs the date


@cache
def clock_pattern() -> re.Pattern[str]:
    """A time of day with what belongs to it, from its first digit or word of the day's part."""
    words = lexicon()
    parts = alternation(words.morning | words.afternoon)
    suffixes = alternation(words.clock_after)
    zones = alternation(set(ZONE_MINUTES) | set(ZONE_PLACES))
    return re.compile(
        rf"(?:(?P<part>{parts})\.?[\s:]{{0,2}})?"
        r"(?:(?P<colon>\d{1,2})\s?:\s?(?P<colon_minute>\d\d)(?::(?P<colon_second>\d\d))?"
        r"(?:(?<=:\d\d)[.,]\d{1,9})?(?!\d)"
        r"|(?P<dot>\d{1,2})\.(?P<dot_minute>[0-5]\d)(?![\d%]|[.,/]\d|\s?[€$£%])"
        r"|(?P<letter>\d{1,2})\s?h\s?(?:(?P<letter_minute>[0-5]\d)(?!\d)(?:\s?min)?|(?![^\W_]))"
        r"|(?P<kanji>\d{1,2})\s?[時时点點시](?:\s?(?P<kanji_minute>\d{1,2})\s?[分분])?"
        r"(?:\s?(?P<kanji_second>\d{1,2})\s?[秒초])?"
        r"|(?P<military>[01]\d|2[0-3])(?P<military_minute>[0-5]\d)(?=\s?(?:hrs|hours|gmt|utc|uhr))"
        r"|(?P<whole>\d{1,2})(?=\s?(?P<whole_suffix>" + f"{parts}|{suffixes}" + r")(?![^\W_])))"
        rf"(?::?\s?(?:{suffixes})(?![^\W_])\.?)?"
        rf"(?:\s?(?P<part_after>{parts})(?!{WORD_CHARACTERS})\.?)?"
        rf"(?:,?\s?[(\[]?(?P<zone>(?:utc|gmt)\s?[+-]\s?\d{{1,2}}(?::?\d\d)?(?!\d)"
        rf"|[+-]\d\d:?\d\d(?!\d)|(?:{zones}))[)\]]?)?"
    )


@cache
def clock_gap_pattern() -> re.Pattern[str]:
    """What may stand between a date and its time of day."""
    before = alternation(lexicon().clock_before)
    return re.compile(rf"t(?=\d)|\s?[,|/·•@;:)\]–—.-]{{0,2}}\s?(?:[|/·•@(\[–—-]\s?)?(?:(?:{before})[\s.:]{{0,3}})?")


def read_clock(line: str, folded: str, position: int, offset_allowed: bool = False) -> Clock | None:
    """The time of day that begins at `position` of the line, or None.

    `offset_allowed` says that a hyphen after hours and minutes begins an offset (ISO 8601);
    elsewhere it begins the end of a span of time.
    """
    match = clock_pattern().match(folded, position)
    if not match:
        return None
    kind = next(name for name in ("colon", "dot", "letter", "kanji", "military", "whole") if match[name])
    hour = int(match[kind])
    groups = match.groupdict()
    minute = groups.get(f"{kind}_minute")
    second = groups.get(f"{kind}_second")
    end = match.end()
    part_after = match["part_after"]
    glued = _GLUED_SUFFIX.match(line, end)
    if glued:  # "10:20 PMTags"
        end = glued.end()
        part_after = glued["part"].lower() if glued["part"] else part_after
    elif folded[end - 1] == "." and folded[end - 3] != "." and folded[end - 2].isascii():
        end -= 1  # the stop of a sentence, not of p.m.
    hour = _hour_of_day(hour, match["part"], part_after)
    if hour > 23 or (minute and int(minute) > 59) or (second and int(second) > 59):
        return None
    if kind == "dot" and len(match["dot"]) == 1 and not (part_after or match["zone"]):
        return None
    zone = match["zone"]
    if zone and not _is_zone(line, match, bool(offset_allowed or second)):
        zone, end = None, match.start("zone")
        while folded[end - 1] in " ,([":
            end -= 1
    clock_of_twelve = bool(part_after and part_after.isascii())
    offset = zone_offset(zone, clock_of_twelve) if zone else None
    return Clock(end, hour, int(minute) if minute else None, int(second) if second else None, zone, offset)


def _hour_of_day(hour: int, part: str | None, part_after: str | None) -> int:
    """The hour from 0 to 23 (or what is printed) by the word for the part of the day."""
    word = part_after or part
    if word is None or hour > 12:
        return hour
    # Blanks within a word may be doubled or of another kind in print.
    word = " ".join(word.split())
    if word in lexicon().afternoon:
        return hour if hour == 12 else hour + 12
    return 0 if hour == 12 else hour


def _is_zone(line: str, match: re.Match[str], offset_allowed: bool) -> bool:
    """Whether the matched zone is one: names of Latin letters stand in capitals (not French et)."""
    zone = match["zone"]
    if zone[0] == "-" and not offset_allowed:
        return False
    printed = line[match.start("zone") : match.end("zone")]
    follows = line[match.end("zone") : match.end("zone") + 2]
    # "CETFirst published": a word begins where the blank got lost.
    glued = len(zone) > 2 and len(follows) == 2 and follows.istitle() and follows.isalpha()
    if follows[:1].isalpha() and not (glued and printed.isupper()):
        return False
    if zone in ZONE_PLACES and " " in zone:
        return True
    if zone.isascii() and zone.isalpha():
        return printed.isupper() or zone in ("z", "utc", "gmt", "eastern", "pacific")
    return True


def zone_offset(zone: str, clock_of_twelve: bool = False) -> int | None:
    """Minutes east of UTC that a folded zone name states by itself, or None."""
    if zone == "cst" and clock_of_twelve:
        return CENTRAL_STANDARD
    if zone in ZONE_MINUTES:
        return ZONE_MINUTES[zone]
    match = re.search(r"([+-])\s?(\d{1,2}):?(\d\d)?$", zone)
    if not match:
        return None
    minutes = int(match[2]) * 60 + int(match[3] or 0)
    if minutes > LARGEST_OFFSET:
        return None
    return -minutes if match[1] == "-" else minutes


def zone_offset_at(zone: str | None, moment: datetime) -> int | None:
    """Minutes east of UTC of a zone whose name means winter or summer time, at a local time."""
    place = ZONE_PLACES.get(" ".join(zone.split())) if zone else None
    if place is None:
        return None
    try:
        offset = moment.replace(tzinfo=ZoneInfo(place)).utcoffset()
    except ZoneInfoNotFoundError:
        return None
    return int(offset.total_seconds() // 60) if offset is not None else None


def offset_of_last_word(text: str, moment: datetime) -> int | None:
    """Minutes east of UTC by the zone name of no season (ET) that ends `text`, or None."""
    words = text.rstrip(")] ").replace("(", " ").split()
    return zone_offset_at(words[-1].lower(), moment) if words and words[-1].isupper() else None
