"""From articles to their sentences, with offsets in body and document."""

from collections.abc import Callable, Sequence
from operator import add

from broadsheet.quotations import in_quotation, quotation_spans
from broadsheet.records import Sentences
from broadsheet.sentences import split_line

# Between the paragraphs of a body.
_BLANK_LINE = "\n\n"


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
