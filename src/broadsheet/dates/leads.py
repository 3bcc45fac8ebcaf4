"""Lead words of dates: which of them say that a page was published or modified then."""

from __future__ import annotations

import re

from broadsheet.dates.found import DateFound
from broadsheet.dates.lexicon import WHOLE_WORD, WORD, lexicon

LEAD_WINDOW = 60
LONGEST_LEAD = 4  # words
ROLES = ("published", "modified", "until", "event")  # the words of another role say that it is neither
_WORD = re.compile(WHOLE_WORD)
_BYLINE = re.compile(r"\b(?:by|von|par|por|door|av|af|przez)\b(?!.*[.;])")
_AFTER = re.compile(r"[\s(\[|:,·-]{0,3}")
_COMBINED = re.compile(rf"({WORD})\s*(?:[/&+]|or|and|oder|und|ou|et|o|y)\s*(?:last\s+)?$")
_SENTENCE_END = re.compile(r"[.!?]\s|[|•·]")


def find_role(line: str, folded: str, found: DateFound, floor: int, ceiling: int) -> str | None:
    """The role that a lead word before the date states, else one right after it, or None.

    Lead words are looked for between `floor` and `ceiling`, the neighbouring dates.
    """
    first = max(floor, found.start - LEAD_WINDOW)
    role = _role_before(folded[first : found.start], line[first : found.start])
    role = role or _role_after(folded, found.end, ceiling, ceiling >= len(line))
    return role if role in ROLES else None


def _role_before(window: str, printed: str) -> str | None:
    """The role by the words at the end of `window`, the folded text before a date."""
    if not window or window.isspace():
        return None
    words = [(match[0].strip("."), match.start(), match.end()) for match in _WORD.finditer(window)]
    connectors = lexicon().connectors
    weekdays = lexicon().weekdays
    position = len(window)
    for _ in range(4):
        if not words:
            break
        joins = words[-1][0] in connectors or words[-1][0] in weekdays
        # The stop after a short form ("d. 7. maj", "Mo. 7.11.") ends no sentence.
        if not joins and _SENTENCE_END.search(window[words[-1][2] : position]):
            break
        role = _role_of_last(words, printed)
        if role == "modified" and _is_combined(window[: words[-1][1]]):
            return "published"
        if role:
            return role
        if not joins:
            break
        position = words.pop()[1]
    byline = _BYLINE.search(window)
    if not byline:
        return None
    return _role_of_last([word for word in words if word[2] <= byline.start()], printed)


def _is_combined(before: str) -> bool:
    """Whether the text before a word for changing ends in one for publishing: "Published/updated" says both."""
    joined = _COMBINED.search(before)
    return joined is not None and lexicon().leads.get(joined[1]) == "published"


def _role_of_last(words: list[tuple[str, int, int]], printed: str) -> str | None:
    """The role of the longest lead phrase that the last of `words` make, or None."""
    leads = lexicon().leads
    for count in range(min(LONGEST_LEAD, len(words)), 0, -1):
        role = leads.get(" ".join(word for word, _, _ in words[-count:]))
        if role:
            return role
    if not words:
        return None
    last, start, end = words[-1]
    if not last.isascii():
        # Scripts without blanks: the lead word is the end of a run of letters.
        for length in range(min(8, len(last) - 1), 1, -1):
            if last[-length:] in leads:
                return leads[last[-length:]]
        return None
    # "CETFirst published", "ETUpdated": the blank before the lead word got lost.
    match = re.search(r"[A-Z][a-z]+$", printed[start:end])
    return leads.get(match[0].lower()) if match else None


def _role_after(folded: str, end: int, ceiling: int, is_last: bool) -> str | None:
    """The role by the words right after a date ("2019.03.26 更新"), or None."""
    gap = _AFTER.match(folded, end)
    position = gap.end() if gap else end
    match = _WORD.match(folded, position, min(ceiling, position + 24))
    if not match:
        return None
    leads = lexicon().leads
    word = match[0].strip(".")
    role = leads.get(word)
    stop = match.end()
    if role is None and not word.isascii():
        for length in range(min(6, len(word)), 1, -1):
            if word[:length] in leads:
                role = leads[word[:length]]
                stop = position + length
                break
    if role is None:
        return None
    # Right before the next date or number ("最終更新 1/14 21:17") the word belongs to that one.
    following = folded[stop:ceiling].strip(" :,.|()[]·-")
    if following[:1].isdigit() or (not is_last and not following):
        return None
    # A word of running prose ("2016 published figures") is no mark of the date.
    rest = folded[stop:ceiling].lstrip(" ")
    return role if not rest or not rest[0].isalnum() or not word.isascii() else None
