"""From documents to labelled lines and articles, many at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np

from broadsheet.articles import Extracted, assemble
from broadsheet.collection import no_search_for_cycles
from broadsheet.evidence import evidence_of
from broadsheet.labelling.body import body_lines, body_scores
from broadsheet.labelling.furniture import line_hash
from broadsheet.labelling.labels import label_page
from broadsheet.labelling.state import PageLines
from broadsheet.lines import Line, Unit, cut_lines, cut_units, unwrapped
from broadsheet.parameters import Extract
from broadsheet.records import Document, Source

# Pages whose lines are scored together: enough for numpy, few enough for the cache.
_BATCH = 128


def _scores(documents: Sequence[Document], cut: Sequence[tuple[list[Line], list[Unit]]]) -> list[np.ndarray]:
    """The body model's score of each unit of each document; a wrapped paragraph is read as one line."""
    texts, starts, ends = [], [], []
    for document, (lines, units) in zip(documents, cut, strict=True):
        text = document.text
        for unit in units if len(units) < len(lines) else ():
            if unit.first != unit.last:
                text = text[: unit.start] + unwrapped(text, unit.start, unit.end).replace("\n", " ") + text[unit.end :]
        texts.append(text)
        spans = np.array(units, np.int32).reshape(-1, 4)
        starts.append(spans[:, 0])
        ends.append(spans[:, 1])
    return body_scores(texts, starts, ends, [document.marks for document in documents])


@lru_cache(64)
def _furniture(source: Source) -> frozenset[str]:
    return frozenset(source.furniture)


def _extract_batch(
    documents: Sequence[Document], sources: Mapping[str, Source], parameters: Extract
) -> list[Extracted]:
    cut = []
    for document in documents:
        lines = cut_lines(document.text)
        cut.append((lines, cut_units(document.text, lines)))
    found = []
    for document, (lines, units), scores in zip(documents, cut, _scores(documents, cut), strict=True):
        source = sources.get(document.source) or Source(document.source)
        if len(units) < len(lines):
            texts = [unwrapped(document.text, unit.start, unit.end) for unit in units]
        else:
            texts = [document.text[start:end] for start, end, _, _ in lines]
        repeated = _furniture(source)
        furniture = np.array([bool(repeated) and line_hash(text) in repeated for text in texts], bool)
        labels = label_page(PageLines(texts, scores, body_lines(scores), furniture))
        if not parameters.keep_list_items:
            labels.labels[:] = ["other" if label == "list_item" else label for label in labels.labels]
        places: list[float] = np.round(scores.astype(np.float64), 3).tolist()
        extracted = assemble(document, lines, units, texts, labels, places, source, parameters)
        if extracted.article is not None and extracted.metadata is not None:
            rows = evidence_of(document, units, texts, labels, source, extracted.article, extracted.metadata)
            extracted = replace(extracted, evidence=rows)
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
