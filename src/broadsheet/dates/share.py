"""How much of a line its dates make up."""

from __future__ import annotations

from broadsheet.dates.clock import ZONE_MINUTES, read_clock
from broadsheet.dates.finder import LINE_LIMIT
from broadsheet.dates.found import DateFound
from broadsheet.dates.lexicon import fold, lexicon
from broadsheet.dates.tokens import Token, tokenize


def date_share(line: str, found: list[DateFound]) -> float:
    """The share, 0 to 1, of the line's non-blank characters that belong to its dates.

    `found` is what `find_dates(line)` gives. Lead words, weekdays, times of day and zones count
    with the date that they touch, and so does every character that is neither letter nor digit:
    1.0 is a line of nothing but dates. Without a date it is 0.0; what lies beyond the first 500
    code points counts as foreign.
    """
    total = len("".join(line.split()))
    if not found or not total:
        return 0.0
    head = line[:LINE_LIMIT]
    folded = fold(head)
    foreign = len("".join(line[LINE_LIMIT:].split()))
    position = 0
    for date in found:
        foreign += _foreign_characters(head, folded, position, date.start, position > 0, True)
        position = date.end
    foreign += _foreign_characters(head, folded, position, len(head), True, False)
    return max(0.0, 1.0 - foreign / total)


def _foreign_characters(line: str, folded: str, start: int, end: int, after_date: bool, before_date: bool) -> int:
    """Letters and digits between two code points that do not belong to a date at either end."""
    sizes = _foreign_sizes(line[start:end], folded[start:end])
    lengths = [length for length, _ in sizes]
    own = [foreign for _, foreign in sizes]
    first = 0
    while after_date and first < len(own) and own[first] == 0:
        first += 1
    last = len(own)
    while before_date and last > first and own[last - 1] == 0:
        last -= 1
    if first >= last:
        return 0
    # A word in part explained ("วันที่เผยแพร่ข่าว") counts in part where it touches the date.
    middle = sum(lengths[first:last])
    if after_date:
        middle -= lengths[first] - own[first]
    if before_date and last - 1 > first:
        middle -= lengths[last - 1] - own[last - 1]
    return middle


def _foreign_sizes(line: str, folded: str) -> list[tuple[int, int]]:
    """For each word, number and time of day: its length and how much of it no date explains."""
    sizes = []
    clock_end = 0
    for token in tokenize(folded):
        if token.start < clock_end:
            continue
        if token.is_number:
            clock = read_clock(line, folded, token.start)
            if clock and clock.minute is not None:
                clock_end = clock.end
                sizes.append((clock.end - token.start, 0))
                continue
        sizes.append((len(token.text), _foreign_part(token)))
    return sizes


def _foreign_part(token: Token) -> int:
    """How many characters of a word are not explained by words that stand beside dates."""
    text = token.text.strip(".")
    words = lexicon()
    if text in words.fillers or text in ZONE_MINUTES:
        return 0
    if token.is_number or text.isascii():
        return len(text)
    while text:  # scripts without blanks: words for dates follow each other
        for length in range(min(8, len(text)), 0, -1):
            if text[:length] in words.fillers:
                text = text[length:]
                break
        else:
            return len(text)
    return 0
