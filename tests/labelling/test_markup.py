"""Features of marks: nothing for text dumps, the same in every batch, and telling where it matters."""

from dataclasses import replace

import numpy as np
import pytest
import wasmtime

from broadsheet.labelling.features import LineFeatures, names
from broadsheet.labelling.lexicon import lay_out
from broadsheet.labelling.markup import marks_of
from broadsheet.labelling.wording import no_wording
from broadsheet.lines import cut_lines
from broadsheet.readers.html import render
from broadsheet.records import Mark, Marks, Names, Rendered, columns_of

PROSE = "The mill turned on Sunday for the first time in ninety years, said the nine people who saw it."
PAGE = render(
    f"<nav><a href=/>Home</a> <a href=/s>Sport</a></nav><div class=story-body><p>{PROSE}</p><p>{PROSE}</p></div>"
    f"<div class=comments><h3>Comments</h3><div><p>{PROSE}</p></div></div>"
)
DUMP = Rendered(PAGE.text, (), {})
NAMES, OF_TEXT = names()
MARKUP_NAMES = NAMES[OF_TEXT:]
FEATURES = LineFeatures(no_wording())


def table(*pages: Rendered) -> np.ndarray:
    texts = [page.text for page in pages]
    cut = [cut_lines(text) for text in texts]
    starts = [np.array([line.start for line in lines], np.int64) for lines in cut]
    ends = [np.array([line.end for line in lines], np.int64) for lines in cut]
    table, _ = FEATURES(lay_out(texts, starts, ends), marks_of([page.marks for page in pages]))
    return table[OF_TEXT:].copy()


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
    own, names = columns_of(PAGE.marks), Names(["none", "path:none", *reversed(columns_of(PAGE.marks).names)])
    code = np.array([names.index(own.names[code]) for code in own.code], np.int32)
    shared = Rendered(PAGE.text, Marks(own.start, own.end, code, names), {})
    assert np.array_equal(table(shared, PAGE, shared), table(PAGE, PAGE, PAGE))


def test_spans_of_a_tag() -> None:
    marks = columns_of((Mark(0, 9, "h1"), Mark(0, 4, "a"), Mark(12, 15, "h1")))
    assert list(marks.spans("h1")) == [(0, 9), (12, 15)]
    assert list(marks.spans("p")) == list(columns_of(()).spans("h1")) == []


def test_no_lines() -> None:
    assert table().shape == (len(MARKUP_NAMES), 0)
    assert table(Rendered("", (Mark(0, 0, "p"),), {})).shape == (len(MARKUP_NAMES), 0)


def marked(text: str, *marks: tuple[int, int, str]) -> np.ndarray:
    return table(Rendered(text, tuple(Mark(*mark) for mark in marks), {}))


def test_links_that_overlap_count_once() -> None:
    found = marked("abcdefghij\nklmnopqrst", (2, 6, "a"), (4, 15, "a"), (5, 7, "a"))
    assert column(found, "percent linked") == [80, 40]
    assert column(found, "unlinked characters") == [2, 6]


def test_containers_and_what_is_around_them() -> None:
    text = f"{PROSE}\na\nb\nc\nd"
    lines = [(line.start, line.end) for line in cut_lines(text)]
    inner, outer = (lines[2][0], lines[3][1]), (lines[1][0], lines[3][1])
    found = marked(text, (*outer, "section"), (*outer, "q"), (*inner, "ul"), (*inner, "a"), (*lines[2], "li"))
    assert column(found, "depth") == [0, 1, 2, 2, 0]
    assert column(found, "lines of container") == [5, 3, 2, 2, 5]
    assert column(found, "lines into container") == [0, 0, 0, 1, 4]
    assert column(found, "share of prose in container") == [1, 0, 0, 0, 1]
    assert column(found, "share of prose in outer container") == [1, 1, 0, 0, 1]
    assert column(found, "in section") == [0, 2, 2, 2, 0] and column(found, "in li") == [0, 0, 2, 0, 0]
    assert column(found, "in container of most prose itself") == [1, 0, 0, 0, 1]


def test_paths_of_lines() -> None:
    text = f"{PROSE}\na\n{PROSE}\nb\nc"
    lines = [(line.start, line.end) for line in cut_lines(text)]
    names = ("path:p", "path:q", "path:p", "path:q")
    found = marked(text, *((*line, name) for line, name in zip(lines, names, strict=False)))
    assert column(found, "lines of path") == [2, 2, 2, 2, 1]
    assert column(found, "share of prose of path") == [1, 0, 1, 0, 0]
    assert column(found, "main path") == [1, 0, 1, 0, 0]
    assert column(found, "lines since main path") == [99, 0, 1, 0, 1]
    assert column(found, "lines of main path after") == [1, 1, 0, 0, 0]
    assert column(found, "share of path at -1") == [-1, 100, 0, 100, 0]


def test_anchors() -> None:
    text = "a b\nc\nd\ne"
    found = marked(text, (0, 3, "h1"), (4, 5, "h2"), (6, 7, "h3"))
    assert column(found, "lines since h1") == [99, 0, 1, 2]
    assert column(found, "lines of heading before") == [0, 0, 1, 2]
    assert column(found, "words since h1") == [0, 2, 3, 4]


def test_containers_beyond_all_bounds_are_the_first_ones() -> None:
    text = "a\n" * 4_000
    some = marked(text, *((2 * i, 2 * i + 3, "q") for i in range(3_500)))
    assert column(some, "depth")[2_998:3_003] == [2, 2, 1, 0, 0]


def test_marks_of_tags_that_are_not_named_are_refused() -> None:
    lines = lay_out(["a"], [np.array([0])], [np.array([1])])
    marks = marks_of([(Mark(0, 1, "p"),)])
    for wrong in (-1, 1):
        columns = marks.columns.copy()
        columns[2] = wrong
        with pytest.raises(wasmtime.Trap):
            FEATURES(lines, replace(marks, columns=columns))
