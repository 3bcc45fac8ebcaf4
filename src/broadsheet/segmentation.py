"""From articles to their sentences, with offsets in body and document."""

from collections.abc import Callable, Sequence

from broadsheet.quotations import in_quotation, quotation_spans
from broadsheet.records import Sentence
from broadsheet.sentences import split_line

# Between the paragraphs of a body.
_BLANK_LINE = "\n\n"


def segment(
    article_id: str,
    body: str,
    in_language: str | None,
    paragraph_starts: Sequence[int],
    split: Callable[[str, str | None], Sequence[tuple[int, int]]] = split_line,
) -> list[Sentence]:
    """Sentences of one article; `paragraph_starts` are where its paragraphs begin in documents.text.

    A paragraph has the same length in both, so an offset in the document is one addition away.
    """
    spans: list[tuple[int, int]] = []
    # Of each sentence its paragraph, and how far its offset in the document is from that in the body.
    paragraphs: list[tuple[int, int]] = []
    place = 0
    for index, (paragraph, document_start) in enumerate(zip(body.split(_BLANK_LINE), paragraph_starts, strict=True)):
        found = split(paragraph, in_language)
        spans += [(place + start, place + end) for start, end in found]
        paragraphs += [(index, document_start - place)] * len(found)
        place += len(paragraph) + len(_BLANK_LINE)
    return [
        Sentence(
            f"{article_id}-{index}", article_id, index, paragraph, start, end,
            start + shift, end + shift, body[start:end], quoted,
        )
        for index, ((start, end), (paragraph, shift), quoted) in enumerate(
            zip(spans, paragraphs, in_quotation(spans, quotation_spans(body)), strict=True)
        )
    ]  # fmt: skip
