"""From documents to labelled lines and articles, many at a time."""

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import chain, compress
from typing import NamedTuple

import numpy as np

from broadsheet.articles import Extracted, assemble, body_of
from broadsheet.collection import no_search_for_cycles
from broadsheet.evidence import evidence_of
from broadsheet.labelling.body import body_lines, body_scores
from broadsheet.labelling.furniture import line_hashes
from broadsheet.labelling.glance import CutPage, Glance, cut_and_glance, glance_at
from broadsheet.labelling.headlines_at_once import main_starts
from broadsheet.labelling.labels import label_pages
from broadsheet.labelling.state import Labels, PageLines, rounded_scores
from broadsheet.language import identify_languages
from broadsheet.lines import Lines, Units, cut_units, lines_as_units, may_be_wrapped, unwrapped
from broadsheet.parameters import Extract
from broadsheet.records import Document, Source

# Pages whose lines are scored together: enough for numpy, few enough for the cache.
_BATCH = 128


class _Cut(NamedTuple):
    """The lines of a document, its units, the text of each unit, and what is seen of them."""

    lines: Lines
    units: Units
    texts: list[str]
    glance: Glance


def _cut(document: Document, page: CutPage, is_perhaps_wrapped: bool) -> _Cut:
    lines, texts, glance = page
    units = cut_units(document.text, lines) if is_perhaps_wrapped else lines_as_units(lines)
    if len(units) < len(lines):
        texts = [unwrapped(document.text, unit.start, unit.end) for unit in units]
        glance = glance_at([texts])[0]
    return _Cut(lines, units, texts, glance)


def _scores(documents: Sequence[Document], cut: Sequence[_Cut]) -> list[np.ndarray]:
    """The body model's score of each unit of each document; a wrapped paragraph is read as one line."""
    texts, starts, ends = [], [], []
    for document, (lines, units, *_) in zip(documents, cut, strict=True):
        text = document.text
        for unit in units if len(units) < len(lines) else ():
            if unit.first != unit.last:
                text = text[: unit.start] + unwrapped(text, unit.start, unit.end).replace("\n", " ") + text[unit.end :]
        texts.append(text)
        starts.append(units.start)
        ends.append(units.end)
    return body_scores(texts, starts, ends, [document.marks for document in documents])


@lru_cache(64)
def _furniture(source: Source) -> np.ndarray:
    """Hashes of lines (uint64), in order."""
    return np.sort(np.array([int(each, 16) for each in source.furniture], np.uint64))


def _repeated(pages: Sequence[Sequence[str]], sources: Sequence[Source]) -> list[np.ndarray]:
    """Which lines of each page (bool[lines]) its source repeats from page to page."""
    furniture = list(map(_furniture, sources))
    hashes = line_hashes(list(chain.from_iterable(compress(pages, map(len, furniture)))))
    found, past = [], 0
    for page, own in zip(pages, furniture, strict=True):
        first, past = past, past + len(page) * bool(len(own))
        places = np.searchsorted(own, hashes[first:past])
        repeated = own.take(places, mode="clip") == hashes[first:past] if len(own) else np.zeros(len(page), bool)
        found.append(repeated)
    return found


def _labelled(pages: Iterable[PageLines], parameters: Extract) -> list[Labels]:
    found = label_pages(pages)
    if not parameters.keep_list_items:
        for labels in found:
            labels.labels[:] = ["other" if label == "list_item" else label for label in labels.labels]
    return found


def _extract_batch(
    documents: Sequence[Document], sources: Mapping[str, Source], parameters: Extract
) -> list[Extracted]:
    seen = cut_and_glance([document.text for document in documents])
    cut = list(map(_cut, documents, seen, may_be_wrapped([page.lines for page in seen])))
    own = [sources.get(document.source) or Source(document.source) for document in documents]
    pages, glances = [each.texts for each in cut], [each.glance for each in cut]
    scores, repeated = _scores(documents, cut), _repeated(pages, own)
    rounded, mains = rounded_scores(scores), main_starts(scores, [each.units.end - each.units.start for each in cut])
    given = map(PageLines, pages, scores, map(body_lines, scores), repeated, glances, rounded, mains)
    labelled = [
        (source, labels, body_of(lines, labels, parameters))
        for source, lines, labels in zip(own, pages, _labelled(given, parameters), strict=True)
    ]
    languages = identify_languages([body.text for _, _, body in labelled])
    found = []
    for document, (lines, units, texts, _), places, (source, labels, body), language in zip(
        documents, cut, rounded, labelled, languages, strict=True
    ):
        hints = json.loads(document.hints) if document.hints else None
        extracted = assemble(document, hints, lines, units, texts, labels, places, source, body, language)
        if extracted.article is not None and extracted.metadata is not None:
            article, metadata = extracted.article, extracted.metadata
            rows = evidence_of(document, hints, units, texts, labels, source, article, metadata)
            extracted = Extracted(extracted.blocks, article, metadata, None, rows)
        found.append(extracted)
    return found


@no_search_for_cycles()
def extract(documents: Sequence[Document], sources: Mapping[str, Source], parameters: Extract) -> list[Extracted]:
    """Blocks and article or reject of each document, in order; `sources` by name, absent ones know nothing."""
    return [
        extracted
        for first in range(0, len(documents), _BATCH)
        for extracted in _extract_batch(documents[first : first + _BATCH], sources, parameters)
    ]
