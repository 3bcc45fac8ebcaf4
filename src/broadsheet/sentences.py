"""Sentences: where each begins and ends, in the text as it is.

Text is cut at newlines first, because none of the libraries gains from seeing more and most lose. Which
library cuts a language was measured (punkt with its prefixes for English, simplemma for most others);
Chinese and Japanese are cut after their stops, which are unambiguous.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache

from broadsheet.lines import cut_lines, cut_units

Spans = list[tuple[int, int]]
_SPACELESS = frozenset(("zh", "ja"))
# Languages that punkt cuts better than simplemma does, with the names of its models.
_PUNKT = {
    "en": "english", "nl": "dutch", "es": "spanish", "pt": "portuguese", "da": "danish", "nb": "norwegian",
    "no": "norwegian", "sv": "swedish", "et": "estonian", "sl": "slovene", "el": "greek",
}  # fmt: skip
# A stop with what closes after it; a comma or a quoting particle goes on with the sentence.
_STOP = re.compile(r"[。！？!?｡][。！？!?｡]*[」』”’）)】》〉]*(?![、，,とのでがをにはもへや」』”）)])")
_IDEOGRAPH = re.compile("[\u3040-\u30ff\u4e00-\u9fff]")
_KANA = re.compile("[\u3040-\u30ff]")
_LINE = re.compile(r"[^\n]+")


@cache
def _punkt(model: str) -> Callable[[str], Iterator[tuple[int, int]]]:
    import punkt

    tokenizer = punkt.tokenizer_for(model, prefixes=model == "english")
    return tokenizer.span_tokenize


def _spans_of_punkt(text: str, model: str) -> Spans:
    return list(_punkt(model)(text))


def _spans_of_simplemma(text: str, language: str) -> Spans:
    import simplemma

    spans, place = [], 0
    for sentence in simplemma.split_sentences(text, language):
        start = text.index(sentence, place)
        place = start + len(sentence)
        spans.append((start, place))
    return spans


def _spans_after_stops(text: str) -> Spans:
    ends = [match.end() for match in _STOP.finditer(text)]
    return list(zip([0, *ends], [*ends, len(text)], strict=True))


def _script_language(text: str) -> str:
    """A language that a text without a known one can be cut as, by its script."""
    sample = text[:1000]
    if len(_IDEOGRAPH.findall(sample)) * 3 > len(sample):
        return "ja" if _KANA.search(sample) else "zh"
    return "en"


def _trimmed(text: str, spans: Spans) -> Spans:
    """Spans without blanks at their edges, and without those that hold nothing else."""
    found = []
    for start, end in spans:
        piece = text[start:end]
        left = len(piece) - len(piece.lstrip())
        if left < len(piece):
            found.append((start + left, start + len(piece.rstrip())))
    return found


def _whole(spans: Spans, length: int) -> Spans:
    """Spans stretched so that they hold all of the text: what lies between two belongs to the first."""
    starts = [0, *(start for start, _ in spans[1:])]
    return list(zip(starts, [*starts[1:], length], strict=True))


def split_line(text: str, language: str | None) -> Spans:
    """Sentences of a text without newlines (but those of a wrapped paragraph in a script without spaces).

    Half-open spans in code points, in order, trimmed of blanks; every non-blank character is in exactly one.
    """
    code = (language or _script_language(text)).split("-", 1)[0].lower()
    if code in _SPACELESS:
        spans = _spans_after_stops(text)
    elif code in _PUNKT:
        spans = _spans_of_punkt(text, _PUNKT[code])
    else:
        spans = _spans_of_simplemma(text, code)
    return _trimmed(text, _whole(spans, len(text))) if spans else _trimmed(text, [(0, len(text))])


def split_sentences(text: str, language: str | None = None) -> Spans:
    """Sentences of a text as half-open spans in code points: `[(start, end), …]`, in order.

    `language` is a BCP 47 tag; without one the script decides. A sentence never crosses a newline, but for the
    lone newlines of a hard-wrapped paragraph in a script without spaces. Every non-blank character lies in
    exactly one sentence; edges are trimmed of blanks.
    """
    code = (language or _script_language(text)).split("-", 1)[0].lower()
    if code in _SPACELESS:
        paragraphs = [(unit.start, unit.end) for unit in cut_units(text, cut_lines(text))]
    else:
        paragraphs = [match.span() for match in _LINE.finditer(text)]
    return [
        (first + start, first + end) for first, last in paragraphs for start, end in split_line(text[first:last], code)
    ]
