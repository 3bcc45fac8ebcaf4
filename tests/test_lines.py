"""Lines cover every character; hard-wrapped paragraphs are found, others left alone."""

from hypothesis import given
from hypothesis import strategies as st

from broadsheet.lines import cut_lines, cut_units, lines_and_texts, lines_as_units, may_be_wrapped, unwrapped

WRAPPED = """HARBOUR MASTER RESIGNS

LOWE POINT, May 3 (Norvane Wire) -- The harbour master of Lowe Point
resigned on Friday after a dredger that she had ordered turned out to be
too wide for the lock it was meant to clear.

The vessel, which cost 2.1 million crowns, will be sold to a buyer up
the coast who has no lock.
"""


def texts(text: str) -> list[str]:
    return [unwrapped(text, unit.start, unit.end) for unit in cut_units(text, cut_lines(text))]


def test_wrapped_paragraphs_are_one_unit_with_newlines_as_spaces() -> None:
    found = texts(WRAPPED)
    assert len(found) == 3
    assert found[1].startswith("LOWE POINT, May 3") and "Lowe Point resigned" in found[1] and "\n" not in found[1]


def test_an_indent_opens_a_paragraph_where_no_blank_line_does() -> None:
    text = "".join(
        f"   The {word} report of the water board was read aloud on Monday evening\n"
        "to a hall of forty people, of whom thirty had come about the parking of\n"
        "lorries in the lane.\n"
        for word in ("first", "second", "third")
    )
    assert len(texts(text)) == 3


def test_a_list_of_links_is_not_a_wrapped_paragraph() -> None:
    text = "Council votes for the bridge\nFerry to run all winter\nSchool reopens\nWeather\nMore news\n"
    assert len(texts(text)) == 5


def test_long_lines_are_paragraphs_of_their_own() -> None:
    text = ("The council met for the third time this week and parted without a vote. " * 4 + "\n") * 3
    assert len(texts(text)) == 3


def test_wrapped_japanese_keeps_its_newlines() -> None:
    line = "港の新しい橋が開通し、市長は集まった住民を前に喜びを語った"
    text = f"{line}\n{line}\n{line}\nと述べた。\n"
    (found,) = texts(text)
    assert found == text.strip()


@given(st.text(alphabet=st.sampled_from("ab \t\n\x0b\x1c\x85\u2028\u3000é漢.\r"), max_size=120))
def test_lines_are_exactly_the_non_blank_ones_trimmed(text: str) -> None:
    lines, texts = lines_and_texts(text)
    assert [text[line.start : line.end] for line in lines] == texts
    assert texts == [line.strip() for line in text.split("\n") if line.strip()]
    units = cut_units(text, lines)
    assert [index for unit in units for index in range(unit.first, unit.last + 1)] == list(range(len(lines)))
    for unit in units:
        assert len(unwrapped(text, unit.start, unit.end)) == unit.end - unit.start


_PAGES = st.lists(
    st.text(alphabet=st.sampled_from("ab \n漢"), max_size=40)
    | st.lists(st.sampled_from(["The ferry lands at the quay " * 2, "", "  It rains.", "x" * 120]), max_size=6).map(
        "\n".join
    )
    | st.just(WRAPPED),
    max_size=6,
)


@given(_PAGES)
def test_pages_that_nobody_wrapped_are_told_together_as_alone(pages: list[str]) -> None:
    lines = [*map(cut_lines, pages)]
    told = may_be_wrapped(lines) if lines else []
    assert told == [may_be_wrapped([page])[0] for page in lines]
    for text, page, is_perhaps_wrapped in zip(pages, lines, told, strict=True):
        assert is_perhaps_wrapped or list(cut_units(text, page)) == list(lines_as_units(page))
    assert all(is_told for text, is_told in zip(pages, told, strict=True) if text == WRAPPED)
