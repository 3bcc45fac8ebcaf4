"""Sentences: where each begins and ends, in the text as it is.

A paragraph is searched once for its stops, and most are decided at a glance: a sentence does not begin with a
small letter. The full stop has other work to do as well (abbreviations, initials, ordinals, items of lists);
`sentence_rules` knows those words of each language.
"""

import re

from broadsheet.lines import cut_lines, cut_units
from broadsheet.sentence_rules import Kind, Rules, language_of_script, sentence_rules

Spans = list[tuple[int, int]]

# Sentence_Terminal characters of scripts that put a space after them (UAX #29), and emoji, which may stand for one.
_EMOJI = "\u2600-\u27bf\U0001f300-\U0001faff"
_STOPS = f".!?…؟۔।॥։።፧‼⁇⁈⁉‽{_EMOJI}"
# Any mark that closes when no blank stands before it, and what is invisible.
_CLOSERS = "\"'”’“‘»«›‹)\\]}*_\u200b-\u200f\u202a-\u202e\ufe0f"
# A stop, what closes with it, marks of footnotes, and blanks: it counts only before blanks. Runs are taken whole, and
# never given back or entered again, so that the time for a character is flat.
_STOP_AND_SPACE = re.compile(rf"[{_STOPS}]([{_STOPS}\ufe0f]*+[{_CLOSERS}]*+(?:\[[0-9]{{1,3}}\])*+)\s*+")
_IS_STOP = re.compile(f"[{_STOPS}]")
_OPENERS = re.compile(r"(?:[\"'“”„‟‘’‚«»‹›(\[{*_–—•·#@\-\u200b-\u200f\u202a-\u202e\s]|,,)*+")
_INVERTED = frozenset("¿¡")
# Marks that close although a blank stands before them; « between blanks opens, in French.
_CLOSER_AFTER_SPACE = re.compile(r"([»”\"')\]](?:\s?[»”\"')\]])*+)(?:\s++|$)")
_FOOTNOTES = re.compile(r"((?:\[[^\W_]{1,3}\])++(?:\s(?:\[[^\W_]{1,3}\])++)*+)(?:\s++|$)")
_EMOTICON = re.compile(r"([:;=]-?[)(DPp])(?:\s++|$)")
_AFTER_STOP = (_CLOSER_AFTER_SPACE, _FOOTNOTES, _EMOTICON)
_SOURCE = re.compile(r"[–—―]\s?[^\W\d_a-z][^.!?…]*\Z")
_WORD = re.compile(r"[^\W_]+")
ADDRESSES = frozenset(("http", "https", "www"))
_SEPARATORS = frozenset(",;:.")
_QUOTE_CLOSERS = frozenset('"”’»“')
_BRACKETS = {")": "(", "]": "["}
# Units of one letter, which have no stop of their own.
_UNITS = frozenset("mglthVWC")
# No abbreviation, bracket of a few words, date, question or source is longer, so no search goes farther back.
_LONGEST_WORD, _LONGEST_BRACKET, _LONGEST_DATE, _LONGEST_QUESTION, _LONGEST_SOURCE = 24, 200, 40, 60, 80

# A stop with what closes after it, in a script without spaces. A closer goes with what it closes even when a
# blank got between them.
_STOP_WITHOUT_SPACE = re.compile(
    r"[。！？!?｡](?<![。！？!?｡…][。！？!?｡])(?:[ \u3000]?[。！？!?｡…])*+((?:[ \u3000]?[」』”’）)】》〉])*+)"
)
# What makes a Chinese or Japanese sentence a question.
_QUESTION_WORD = re.compile(
    "[吗嗎呢么麼嘛吧谁誰何哪几幾]|什|怎|是否|多少|如何|为啥|有没有|能不能|是不是|か|の$|だろう|でしょう"
)
# After a closer a comma or a quoting particle goes on with the sentence.
_GOES_ON = re.compile(r"[ \u3000]?(?:[、，,：:；;」』）)】》〉・]|[とのでがをにはもへや])")
_IS_QUOTED = re.compile(r"[ \u3000]?(?:[、，,」』）)】》〉]|と|って)")
_CLOSES_LATE = re.compile(r"[ \u3000]?[」』）)】》〉]")
_BLANKS = re.compile(r"\s*+")
_LINE = re.compile(r"[^\n]+")


def _is_starter(text: str, place: int, rules: Rules) -> bool:
    """Whether at `place` a sentence opens with a word that seldom stands in a name."""
    opened = _OPENERS.match(text, place)
    word = _WORD.match(text, opened.end() if opened else place)
    return word is not None and not word[0][0].islower() and word[0].lower() in rules.starters


def _ends_after(kind: Kind, text: str, following: int, rules: Rules) -> bool:
    """Whether a full stop after a word of this kind ends the sentence."""
    if kind is Kind.NEVER:
        return False
    if kind is Kind.BEFORE_NUMBER:
        return not text[following].isdigit()
    return text[following] in _INVERTED or _is_starter(text, following, rules)


def _kind_of_word(text: str, start: int, stop: int, rules: Rules) -> Kind | None:
    """What the word that ends at `stop` is to a full stop; None for an ordinary one."""
    floor = max(start, stop - _LONGEST_WORD)
    blank = text.rfind(" ", floor, stop)
    word = text[blank + 1 : stop] if blank >= 0 else text[floor:stop]
    kind = rules.kinds.get(word)
    if kind is None and (len(word) < 2 or not word.isalpha()):
        is_unit = len(word) == 1 and word in _UNITS and text[blank - 1 : blank].isdigit()
        return None if is_unit else rules.kind_of(word, blank < 0 and floor == start)
    return kind


def _ends_with_ellipsis(text: str, start: int, stop: int, following: int, rules: Rules) -> bool:
    """Whether three dots end a sentence: not at its beginning, nor before a number or a word that is always capital."""
    word = _WORD.match(text, following)
    return stop > start and (word is None or not (word[0] in rules.always_capital or word[0][0].isdigit()))


def _ends_with_emoji(text: str, start: int, stop: int, following: int, rules: Rules) -> bool:
    """Whether an emoji ends a sentence: after a stop, or before a word that opens sentences."""
    before = text[max(start, stop - 2) : stop].rstrip()
    return bool(before) and (_IS_STOP.match(before[-1]) is not None or _is_starter(text, following, rules))


def _is_in_bracket(text: str, start: int, stop: int, end: int) -> bool:
    """Whether a mark belongs to a bracket inside the sentence: `he said (really!) …`."""
    for character in text[stop:end]:
        if character in _BRACKETS:
            return text.rfind(_BRACKETS[character], max(start + 1, stop - _LONGEST_BRACKET), stop) > start
    return False


def _is_said(text: str, stop: int, end: int, following: int, rules: Rules) -> bool:
    """Whether a quotation has closed and its speaker is named with a verb of saying: `?" Smith asked`."""
    return (
        rules.speech is not None
        and not _QUOTE_CLOSERS.isdisjoint(text[stop:end])
        and rules.speech.match(text, following) is not None
    )


def _is_dateline(text: str, start: int, stop: int) -> bool:
    """Whether a single word stands before the full stop, as a place does that opens a report: `जयपुर. …`."""
    return stop - start <= _LONGEST_WORD and not any(character.isspace() for character in text[start:stop])


def _is_end(text: str, start: int, stop: int, end: int, following: int, rules: Rules) -> bool:
    """Whether the stop at `stop`, closed at `end`, ends the sentence that began at `start`; what follows may."""
    mark = text[stop]
    if mark == ".":
        if text.startswith("...", stop):
            return _ends_with_ellipsis(text, start, stop, following, rules)
        if rules.datelines and _is_dateline(text, start, stop):
            return False
        kind = _kind_of_word(text, start, stop, rules)
        return kind is None or _ends_after(kind, text, following, rules)
    if mark in "!?":
        if end > stop + 1 and (_is_in_bracket(text, start, stop, end) or _is_said(text, stop, end, following, rules)):
            return False
        return not (rules.names_with_marks and text.endswith(rules.names_with_marks, start, stop)) or _is_starter(
            text, following, rules
        )
    if mark == "…":
        return _ends_with_ellipsis(text, start, stop, following, rules)
    return mark < "\u2600" or _ends_with_emoji(text, start, stop, following, rules)


def _begins_small(text: str, start: int, stop: int, end: int, following: int, rules: Rules) -> bool:
    """Whether a sentence begins with a small letter, as in hasty writing: `he left. then she came`.

    Who has begun one so begins the next so too; elsewhere it takes a word that opens sentences, or an address.
    """
    if end > stop + 1 or stop <= start or text[stop] not in ".?!" or not text[stop - 1].isalnum():
        return False
    if text[stop] == "." and _kind_of_word(text, start, stop, rules) is not None:
        return False
    word = _WORD.match(text, following)
    return word is not None and (text[start].islower() or word[0] in rules.starters or word[0] in ADDRESSES)


def _after_marks(text: str, end: int, following: int) -> tuple[int, int] | None:
    """Where the sentence ends and the next begins when the blanks are followed by neither letter nor digit.

    None where no sentence can begin: before another stop, a source after a dash, or marks and a small letter.
    """
    closed = next((found for mark in _AFTER_STOP if (found := mark.match(text, following))), None)
    if closed:
        end, following = closed.end(1), closed.end()
        if following == len(text):
            return None
    if _IS_STOP.match(text, following):
        return None
    if len(text) - following <= _LONGEST_SOURCE and _SOURCE.match(text, following):
        return None
    opened = _OPENERS.match(text, following)
    inside = opened.end() if opened else following
    first = text[inside : inside + 1]
    if text[following] == "(" and text[end - 1] == ".":
        # A source or an aside in brackets, whatever its first letter.
        return None if first in _SEPARATORS else (end, following)
    return None if first.islower() or first in _SEPARATORS else (end, following)


def _date_alone(text: str, start: int, length: int, date_line: re.Pattern[str]) -> tuple[int, int] | None:
    """Where a full date that heads a report ends, and where the text after it begins.

    It is a line of its own, even where its newline was lost: what follows begins with a capital letter.
    """
    head = date_line.match(text, start, length)
    if head is None:
        return None
    following = _BLANKS.match(text, head.end(), length).end()  # type: ignore[union-attr]
    return (head.end(), following) if text[following : following + 1].isupper() else None


def _date_at_end(text: str, start: int, length: int, rules: Rules) -> tuple[int, int] | None:
    """Where the headline ends and its date begins, when a paragraph is the two of them."""
    if rules.date_line is None or not text[length - 1].isdigit():
        return None
    found = rules.date_line.search(text, max(start, length - _LONGEST_DATE), length)
    if found is None or found.end() != length or found.start() <= start:
        return None
    before = text[start : found.start()].rstrip()
    word = before[before.rfind(" ") + 1 :]
    return (start + len(before), found.start()) if word.isalpha() and word.lower() not in rules.starters else None


def _spans_with_spaces(text: str, rules: Rules) -> Spans:
    """Sentences of a paragraph in a script that puts a space after its stops."""
    spans: Spans = []
    length = len(text.rstrip())
    start = len(text) - len(text.lstrip())
    if rules.date_line and (head := _date_alone(text, start, length, rules.date_line)):
        spans.append((start, head[0]))
        start = head[1]
    for match in _STOP_AND_SPACE.finditer(text, start, length):
        stop, end, following = match.start(), match.end(1), match.end()
        if following == end:
            continue
        character = text[following]
        # eBay, iPhone: a small letter before a capital one begins a name.
        if character.islower() and not text[following + 1 : following + 2].isupper():
            if not _begins_small(text, start, stop, end, following, rules):
                continue
        elif not character.isalnum():
            placed = _after_marks(text, end, following)
            if placed is None:
                continue
            end, following = placed
        if following > start and _is_end(text, start, stop, end, following, rules):
            spans.append((start, end))
            start = following
    if start < length:
        if date := _date_at_end(text, start, length, rules):
            spans.append((start, date[0]))
            start = date[1]
        spans.append((start, length))
    return spans


def _is_end_without_space(text: str, start: int, match: re.Match[str]) -> bool:
    """Whether a stop ends a sentence where no space follows it."""
    stop, end = match.span()
    mark = text[stop]
    if mark in "!?" and stop > 0:
        before, after = text[stop - 1], text[end : end + 1]
        # Yahoo!ニュース: a mark that is part of a name in Latin letters.
        if before.isascii() and before.isalpha() and after and not after.isascii():
            return False
        # 约翰?史密斯: the middle dot of a foreign name, lost in a conversion.
        if (
            mark == "?"
            and end == stop + 1
            and after.isalpha()
            and _QUESTION_WORD.search(text, max(start, stop - _LONGEST_QUESTION), stop) is None
        ):
            return False
    closes = match.end(1) > match.start(1)
    goes_on = _GOES_ON if closes else _CLOSES_LATE if mark in "。｡" else _IS_QUOTED
    return not goes_on.match(text, end)


def _spans_without_spaces(text: str) -> Spans:
    """Sentences of a paragraph in a script whose stops are unambiguous and followed by no space."""
    spans: Spans = []
    length = len(text.rstrip())
    start = len(text) - len(text.lstrip())
    for match in _STOP_WITHOUT_SPACE.finditer(text, start, length):
        end = match.end()
        if end < length and _is_end_without_space(text, start, match):
            spans.append((start, end))
            start = _BLANKS.match(text, end).end()  # type: ignore[union-attr]
    if start < length:
        spans.append((start, length))
    return spans


def split_line(text: str, language: str | None) -> Spans:
    """Sentences of a text without newlines (but those of a wrapped paragraph in a script without spaces).

    Half-open spans in code points, in order, trimmed of blanks; every non-blank character is in exactly one.
    """
    rules = sentence_rules(language or language_of_script(text))
    return _spans_with_spaces(text, rules) if rules.has_spaces else _spans_without_spaces(text)


def split_sentences(text: str, language: str | None = None) -> Spans:
    """Sentences of a text as half-open spans in code points: `[(start, end), …]`, in order.

    `language` is a BCP 47 tag; without one the script decides. A sentence never crosses a newline, but for the
    lone newlines of a hard-wrapped paragraph in a script without spaces. Every non-blank character lies in
    exactly one sentence; edges are trimmed of blanks.
    """
    code = language or language_of_script(text)
    if sentence_rules(code).has_spaces:
        paragraphs = [match.span() for match in _LINE.finditer(text)]
    else:
        paragraphs = [(unit.start, unit.end) for unit in cut_units(text, cut_lines(text))]
    return [
        (first + start, first + end) for first, last in paragraphs for start, end in split_line(text[first:last], code)
    ]
