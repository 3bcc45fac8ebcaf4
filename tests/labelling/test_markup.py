"""Features of marks: nothing for text dumps, the same in every batch, and telling where it matters."""

import numpy as np

from broadsheet.labelling.features import analyse
from broadsheet.labelling.markup import MARKUP_NAMES, markup_columns, spans_of
from broadsheet.lines import cut_lines
from broadsheet.readers.html import render
from broadsheet.records import Mark, Marks, Rendered, columns_of

PROSE = "The mill turned on Sunday for the first time in ninety years, said the nine people who saw it."
PAGE = render(
    f"<nav><a href=/>Home</a> <a href=/s>Sport</a></nav><div class=story-body><p>{PROSE}</p><p>{PROSE}</p></div>"
    f"<div class=comments><h3>Comments</h3><div><p>{PROSE}</p></div></div>"
)
DUMP = Rendered(PAGE.text, (), {})


def table(*pages: Rendered) -> np.ndarray:
    texts = [page.text for page in pages]
    cut = [cut_lines(text) for text in texts]
    starts = [np.array([line.start for line in lines], np.int64) for lines in cut]
    ends = [np.array([line.end for line in lines], np.int64) for lines in cut]
    spans = spans_of(texts, starts, ends, [page.marks for page in pages])
    return markup_columns(analyse(texts, starts, ends), spans).stack()


def column(values: np.ndarray, name: str) -> list[float]:
    return values[MARKUP_NAMES.index(name)].tolist()


def test_a_text_dump_has_none() -> None:
    assert not table(DUMP).any()
    count = len(cut_lines(PAGE.text))
    both = table(DUMP, PAGE)
    assert not both[:, :count].any() and both[:, count:].any()


def test_a_page_reads_the_same_in_every_batch() -> None:
    alone = table(PAGE)
    assert np.array_equal(np.concatenate((alone, alone), axis=1), table(PAGE, PAGE))


def test_links_paths_and_hints() -> None:
    found = table(PAGE)
    assert column(found, "percent linked")[0] >= 90 and column(found, "percent linked")[1] == 0
    assert column(found, "main path") == [0, 1, 1, 0, 0]
    assert column(found, "in hint:comment") == [0, 0, 0, 2, 2]
    assert column(found, "in hint:body")[1] == 1


def test_columns_that_share_their_names_read_as_the_marks_do() -> None:
    own, names = columns_of(PAGE.marks), ["none", "path:none", *reversed(columns_of(PAGE.marks).names)]
    code = np.array([names.index(own.names[code]) for code in own.code], np.int32)
    shared = Rendered(PAGE.text, Marks(own.start, own.end, code, names), {})
    assert np.array_equal(table(shared, PAGE, shared), table(PAGE, PAGE, PAGE))


def test_spans_of_a_tag() -> None:
    marks = columns_of((Mark(0, 9, "h1"), Mark(0, 4, "a"), Mark(12, 15, "h1")))
    assert list(marks.spans("h1")) == [(0, 9), (12, 15)]
    assert list(marks.spans("p")) == list(columns_of(()).spans("h1")) == []


def test_no_lines() -> None:
    nothing = analyse([], [], [])
    assert markup_columns(nothing, spans_of([], [], [], [])).stack().shape == (len(MARKUP_NAMES), 0)
