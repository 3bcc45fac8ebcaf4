"""From articles to their sentences, with offsets in body and document."""

from collections.abc import Callable, Sequence

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
    sentences: list[Sentence] = []
    place = 0
    for paragraph_index, (paragraph, document_start) in enumerate(
        zip(body.split(_BLANK_LINE), paragraph_starts, strict=True)
    ):
        for start, end in split(paragraph, in_language):
            index = len(sentences)
            sentences.append(
                Sentence(
                    sentence_id=f"{article_id}-{index}",
                    article_id=article_id,
                    sentence_index=index,
                    paragraph_index=paragraph_index,
                    start=place + start,
                    end=place + end,
                    document_start=document_start + start,
                    document_end=document_start + end,
                    text=paragraph[start:end],
                )
            )
        place += len(paragraph) + len(_BLANK_LINE)
    return sentences
