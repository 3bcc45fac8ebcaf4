"""From articles to their sentences, with offsets in body and document.

The rules are here twice: `segment` has those of `sentences` and `quotations` for one article, and native/sentences.c
has them for many articles at once. That leaves to the former what it cannot tell for sure, paragraph by paragraph:
scripts whose stops no space follows, characters that it does not know, and what is rare.
"""

from collections.abc import Callable, Iterable, Sequence
from enum import IntEnum
from functools import cache
from itertools import chain
from operator import add
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from broadsheet import native
from broadsheet.quotations import in_quotation, quotation_spans
from broadsheet.records import Sentences
from broadsheet.sentence_rules import Kind, sentence_rules
from broadsheet.sentences import ADDRESSES, split_line
from broadsheet.tables import columns_to_table, documents_to_table, text_bytes

# Between the paragraphs of a body.
_BLANK_LINE = "\n\n"
# Bytes of bodies: fewer are cut sooner than the module is compiled, and of more it would need some ten times as much
# memory.
_FEWEST, _MOST = 100_000, 1 << 24
_END_OF_NAME = 2  # characters of it that are looked at


class Word(IntEnum):
    """What a word is to the sentences of its language; as in native/sentences/words.h."""

    NEVER = 1
    BEFORE_NUMBER = 2
    BEFORE_STARTER = 3
    STARTER = 4
    ALWAYS_CAPITAL = 8
    ADDRESS = 16
    NAME_END = 32
    SPEECH = 64
    WEEKDAY = 128


class _Words(NamedTuple):
    """The words of one language."""

    codes: np.ndarray  # uint32[characters], of one word after the other
    sizes: np.ndarray  # int32[words], in characters
    kinds: np.ndarray  # uint8[words], as `Word`
    ordinals: bool


class Bodies(NamedTuple):
    """Bodies of articles and where their paragraphs begin."""

    article_id: pa.StringArray
    body: pa.StringArray
    in_language: Sequence[str | None]
    paragraphs: np.ndarray  # int32[articles + 1], those before each body
    paragraph_start: np.ndarray  # int32[paragraphs], in documents.text

    def starts(self, index: int) -> np.ndarray:
        """Where the paragraphs of a body begin in documents.text (int32[paragraphs])."""
        return self.paragraph_start[self.paragraphs[index] : self.paragraphs[index + 1]]

    def take(self, some: Sequence[int]) -> "Bodies":
        """Some of the bodies by their index, in order."""
        if len(some) == len(self.in_language):
            return self
        starts = [self.starts(index) for index in some]
        return Bodies(
            self.article_id.take(pa.array(some, pa.int32())), self.body.take(pa.array(some, pa.int32())),
            [self.in_language[index] for index in some], np.cumsum([0, *map(len, starts)], dtype=np.int32),
            np.concatenate(starts) if starts else self.paragraph_start[:0],
        )  # fmt: skip


def segment(
    article_id: str,
    body: str,
    in_language: str | None,
    paragraph_starts: Sequence[int],
    split: Callable[[str, str | None], Sequence[tuple[int, int]]] = split_line,
) -> Sentences:
    """Sentences of one article; `paragraph_starts` are where its paragraphs begin in documents.text.

    A paragraph has the same length in both, so an offset in the document is one addition away.
    """
    spans: list[tuple[int, int]] = []
    # Of each sentence its paragraph, and how far its offset in the document is from that in the body.
    paragraphs: list[int] = []
    shifts: list[int] = []
    place = 0
    for index, (paragraph, document_start) in enumerate(zip(body.split(_BLANK_LINE), paragraph_starts, strict=True)):
        found = split(paragraph, in_language)
        spans += [(place + start, place + end) for start, end in found]
        paragraphs += [index] * len(found)
        shifts += [document_start - place] * len(found)
        place += len(paragraph) + len(_BLANK_LINE)
    count, starts, ends = len(spans), [start for start, _ in spans], [end for _, end in spans]
    return Sentences(
        [f"{article_id}-{index}" for index in range(count)], article_id, range(count), paragraphs,
        starts, ends, list(map(add, starts, shifts)), list(map(add, ends, shifts)),
        [body[start:end] for start, end in spans], list(in_quotation(spans, quotation_spans(body))),
    )  # fmt: skip


def segment_all(bodies: Bodies) -> pa.Table:
    """The table `sentences` of articles, one article after the other."""
    begins, _ = text_bytes(bodies.body)
    is_for_module = _FEWEST <= begins[-1] - begins[0] <= _MOST
    return segment_at_once(bodies) if is_for_module else segment_each(bodies)


def segment_each(
    bodies: Bodies, split: Callable[[str, str | None], Sequence[tuple[int, int]]] = split_line
) -> pa.Table:
    """The table `sentences` of articles by the rules in Python."""
    columns = bodies.article_id.to_pylist(), bodies.body.to_pylist(), bodies.in_language
    articles = enumerate(zip(*columns, strict=True))
    return documents_to_table(
        "sentences", [segment(*own, bodies.starts(index).tolist(), split) for index, own in articles]
    )


def segment_at_once(bodies: Bodies) -> pa.Table:
    """The table `sentences` of articles, of which there is one at least, by the rules in C."""
    begins, content = text_bytes(bodies.body)
    text, edges = np.frombuffer(content[begins[0] : begins[-1]], np.uint8), begins - begins[0]
    places, counts, spans = _split(bodies, text, edges)
    counts, spans = _with_asked(bodies, places, counts, spans)
    sentences = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)[bodies.paragraphs]
    texts, flags = _gathered(bodies, (text, edges), sentences, spans)
    return _table(bodies, (places, counts, spans), sentences, texts, flags)


@cache
def _words_of(language: str) -> _Words | None:
    """The words of a language; None for one whose paragraphs are all left to `split_line`."""
    rules = sentence_rules(language)
    if not rules.has_spaces or rules.datelines:
        return None
    groups: tuple[tuple[Word, Iterable[str]], ...] = (
        *((Word[kind.name], [word for word, own in rules.kinds.items() if own is kind]) for kind in Kind),
        (Word.STARTER, rules.starters),
        (Word.ALWAYS_CAPITAL, rules.always_capital),
        (Word.ADDRESS, ADDRESSES),
        (Word.NAME_END, {name[-_END_OF_NAME:] for name in rules.names_with_marks}),
        (Word.SPEECH, rules.speech_verbs),
        (Word.WEEKDAY, rules.beginnings_of_dates),
    )
    kinds: dict[str, int] = {}
    for kind, words in groups:
        for word in words:
            kinds[word] = kinds.get(word, 0) | kind
    codes = np.frombuffer("".join(kinds).encode("utf-32-le"), np.uint32)
    sizes, values = (np.fromiter(each, np.int32, len(kinds)) for each in (map(len, kinds), kinds.values()))
    return _Words(codes, sizes, values.astype(np.uint8), rules.ordinals)


def _split(bodies: Bodies, text: np.ndarray, edges: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Where each paragraph begins in its body (int32[paragraphs]), how many sentences it has or -1 where that is to be
    asked for (int32[paragraphs]), and start and end of the sentences in their body (int32[sentences, 2]).

    `text` are the bytes of the bodies, `edges` where each begins and the last ends.
    """
    known = {code: found for code in dict.fromkeys(bodies.in_language) if code and (found := _words_of(code))}
    numbers = {code: number for number, code in enumerate(known)}
    language = np.fromiter((numbers.get(code or "", -1) for code in bodies.in_language), np.int32, len(edges) - 1)
    words = list(known.values())
    lasts = np.cumsum([0, *(len(each.sizes) for each in words)])
    rows = [(*pair, each.ordinals) for *pair, each in zip(lasts, lasts[1:], words, strict=False)]
    codes, sizes, kinds = (np.concatenate([[0], *column]) for column in list(zip(*words, strict=True))[:3] or ((),) * 3)
    inputs = [
        text, edges, language, bodies.paragraphs, np.array(rows, np.int32), codes[1:].astype(np.uint32),
        np.cumsum(sizes, dtype=np.int32), kinds[1:].astype(np.uint8),
    ]  # fmt: skip
    count = int(bodies.paragraphs[-1])
    module = native.module("sentences")
    address, (places, counts, _) = module.call(
        "split", inputs, [(np.int32, count), (np.int32, count), (np.uint8, 0)], len(language), len(words)
    )
    if not address:
        raise ValueError("a body has another number of paragraphs than its blocks say")
    places, counts = places.copy(), counts.copy()
    return places, counts, module.view(address, np.int32, 2 * int(counts[counts > 0].sum())).reshape(-1, 2).copy()


def _with_asked(
    bodies: Bodies, places: np.ndarray, counts: np.ndarray, spans: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The numbers of sentences, and their starts and ends, with those of paragraphs that `split_line` is asked for."""
    is_asked = counts < 0
    if not is_asked.any():
        return counts, spans
    asked = np.flatnonzero(is_asked)
    owners = np.searchsorted(bodies.paragraphs, asked, "right") - 1
    paragraphs = cache(lambda owner: bodies.body[owner].as_py().split(_BLANK_LINE))
    places_in_bodies = (asked - bodies.paragraphs[owners]).tolist()
    found = [
        split_line(paragraphs(owner)[place], bodies.in_language[owner])
        for owner, place in zip(owners.tolist(), places_in_bodies, strict=True)
    ]
    counts = counts.copy()
    counts[asked] = [len(each) for each in found]
    answers = np.array(list(chain.from_iterable(found)), np.int32).reshape(-1, 2)
    joined, of_asked = np.empty((counts.sum(), 2), np.int32), np.repeat(is_asked, counts)
    joined[of_asked] = answers + np.repeat(places[asked], counts[asked])[:, None]
    joined[~of_asked] = spans
    return counts, joined


def _gathered(
    bodies: Bodies, text: tuple[np.ndarray, np.ndarray], sentences: np.ndarray, spans: np.ndarray
) -> tuple[pa.StringArray, np.ndarray]:
    """The text of each sentence, and whether it stands in a quotation (bool[sentences])."""
    content, edges = text
    count, number = len(spans), len(edges) - 1
    outputs: list[tuple[type, int]] = [
        (np.uint8, len(content)), (np.int32, count + 1), (np.bool_, count), (np.bool_, number), (np.uint8, 0)
    ]  # fmt: skip
    inputs = [content, edges, sentences, spans]
    _, (joined, begins, flags, is_unsure, _) = native.module("sentences").call("gather", inputs, outputs, number)
    flags, begins = flags.copy(), begins.copy()
    texts = pa.StringArray.from_buffers(count, pa.py_buffer(begins), pa.py_buffer(joined[: begins[-1]].tobytes()))
    for index in np.flatnonzero(is_unsure).tolist():
        own = slice(sentences[index], sentences[index + 1])
        quotations = quotation_spans(bodies.body[index].as_py())
        flags[own] = list(in_quotation(spans[own].tolist(), quotations))
    return texts, flags


def _table(
    bodies: Bodies,
    found: tuple[np.ndarray, np.ndarray, np.ndarray],
    sentences: np.ndarray,
    texts: pa.StringArray,
    flags: np.ndarray,
) -> pa.Table:
    """The table of all that was found; `found` is what `_split` gives, `sentences` are those before each body."""
    places, counts, spans = found
    paragraph = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
    article = np.repeat(np.arange(len(sentences) - 1, dtype=np.int32), np.diff(sentences))
    index = np.arange(len(spans), dtype=np.int32) - sentences[article]
    ids = bodies.article_id.take(pa.array(article))
    shifts = (bodies.paragraph_start - places)[paragraph]
    sentence_ids = pc.binary_join_element_wise(ids, pc.cast(pa.array(index), pa.string()), "-")
    start, end = spans.T
    in_body = (paragraph - bodies.paragraphs[article], start, end)
    return columns_to_table(
        "sentences", (sentence_ids, ids, index, *in_body, start + shifts, end + shifts, texts, flags)
    )
