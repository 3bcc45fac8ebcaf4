"""Which parts of a text stand inside quotation marks: English, German, French, Spanish, Nordic and CJK marks.

A mark such as `"`, `”` or `»` opens in one tradition and closes in another; what stands beside it tells which.
A quotation may run over paragraphs: each may repeat the opening mark (French and Spanish also the closing one),
or the next mark of its kind, a few paragraphs on, closes it.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

Spans = list[tuple[int, int]]

# What may close a quotation that a mark opened.
_CLOSERS = {
    "“": "”\"", "„": "“”\"", "‟": "”", "”": "”", '"': '"', "«": "»", "»": "«»", "‹": "›", "›": "‹›",
    ",,": "''\"", "''": "''", "``": "''\"", "「": "」", "『": "』", "〝": "〟〞",
    "‘": "’", "‚": "‘’", "'": "'",
}  # fmt: skip
# Marks that can only open, wherever they stand.
_ALWAYS_OPEN = frozenset(("„", "‟", ",,", "``", "「", "『", "〝"))
_SINGLE = frozenset(("‘", "‚", "'"))
# An apostrophe has letters on both sides or stands before a number; it is left out here. Each alternative begins
# with its character, so that the search skips from one of them to the next; what stands before is looked at after.
_MAY_OPEN = r"(?<![^\s(\[“„\"«—–\-].)(?=[^\W\d_])"
_MAY_CLOSE = r"(?<=[\w.,!?…%].)(?!\w)"
_MARK = re.compile(
    "|".join(
        (
            "\n\n", r",,(?=\S)", "``", "''", *"“”„‟\"«»‹›「」『』〝〞〟",
            f"'(?:{_MAY_OPEN}|{_MAY_CLOSE})", f"‘{_MAY_OPEN}", f"‚{_MAY_OPEN}", f"’{_MAY_CLOSE}",
        )
    )
)  # fmt: skip
_BEFORE_OPENING = frozenset("([{—–-/:'‘“„«‚\u200b\u200e\u200f¿¡")
_AFTER_OPENING = frozenset("([{…‘'“„«¿¡#@$€£\u200b\u200e\u200f")
# Paragraphs that a quotation may run on without repeating its mark.
_LONGEST_RUN = 3


class _Open(NamedTuple):
    """A quotation that has begun: its mark, where it began, where its first unmarked paragraph break is."""

    mark: str
    start: int
    break_at: int | None = None
    breaks: int = 0


def _opens(text: str, start: int, end: int) -> bool:
    """Whether the mark at `start` looks as if it opened: with nothing before it and something after it."""
    before, after = text[start - 1 : start], text[end : end + 1]
    if text[start:end] == "«":
        # French puts a blank inside: « mot ».
        return not before or before.isspace() or before in _BEFORE_OPENING
    begins = after.isalnum() or (after != "" and after in _AFTER_OPENING)
    return begins and (not before or before.isspace() or before in _BEFORE_OPENING)


def _given_up(opened: _Open, text_end: int) -> Spans:
    """What of a quotation without a closing mark counts: its paragraph, and none of a single mark's."""
    if opened.mark in _SINGLE:
        return []
    return [(opened.start, opened.break_at if opened.break_at is not None else text_end)]


def _after_break(opened: _Open, text: str, place: int, after: int) -> _Open | None:
    """The open quotation in the paragraph that begins at `after`; None where it cannot run on."""
    if text.startswith((opened.mark, _CLOSERS[opened.mark][0]), after):
        return opened
    if opened.mark in _SINGLE or opened.breaks >= _LONGEST_RUN:
        return None
    return opened._replace(break_at=opened.break_at or place, breaks=opened.breaks + 1)


def quotation_spans(text: str) -> Spans:
    """The quotations of a text as half-open spans in code points, marks included, in order, not nested.

    Paragraphs are separated by a blank line.
    """
    spans: Spans = []
    opened: _Open | None = None
    depth = 0
    for match in _MARK.finditer(text):
        mark, start, end = match[0], match.start(), match.end()
        if mark == "\n\n":
            if opened is not None:
                running = _after_break(opened, text, start, end)
                if running is None:
                    spans += _given_up(opened._replace(break_at=opened.break_at or start), start)
                opened = running
            continue
        repeats = start >= 2 and text[start - 2 : start] == "\n\n"
        looks_open = mark in _ALWAYS_OPEN or _opens(text, start, end)
        if opened is None:
            if mark in _CLOSERS and looks_open:
                opened, depth = _Open(mark, start), 0
            continue
        if repeats and opened.break_at is None and mark in (opened.mark, _CLOSERS[opened.mark][0]):
            continue
        if mark == opened.mark and mark in "「『":
            depth += 1
        elif mark == opened.mark and looks_open and mark not in _SINGLE:
            # The mark before this one was never closed.
            spans += _given_up(opened, start) if opened.break_at is not None else []
            opened = _Open(mark, start)
        elif mark in _CLOSERS[opened.mark] and not (looks_open and mark in '"”»'):
            if depth:
                depth -= 1
            else:
                spans.append((opened.start, end))
                opened = None
    if opened is not None:
        spans += _given_up(opened, len(text))
    return spans


def in_quotation(sentences: Sequence[tuple[int, int]], quotations: Spans) -> Iterator[bool]:
    """For each sentence whether the larger part of its characters lies in a quotation; both in order."""
    index = 0
    for start, end in sentences:
        while index < len(quotations) and quotations[index][1] <= start:
            index += 1
        inside, place = 0, index
        while place < len(quotations) and quotations[place][0] < end:
            inside += min(end, quotations[place][1]) - max(start, quotations[place][0])
            place += 1
        yield inside * 2 > end - start
