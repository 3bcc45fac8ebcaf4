"""Bylines and the names in them. All names are invented."""

import pytest

from broadsheet.labelling.names import author_names, byline_lead, is_byline, is_lead_alone, is_name_line, person_name


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("By Ada Quill", ["Ada Quill"]),
        ("By Ada Quill and Bo Ekström", ["Ada Quill", "Bo Ekström"]),
        ("By Ada Quill, Bo Ekström and Cy van der Meulen", ["Ada Quill", "Bo Ekström", "Cy van der Meulen"]),
        ("By Ada Quill, Staff Writer", ["Ada Quill"]),
        ("By ADA QUILL, Staff Writer", ["ADA QUILL"]),
        ("By Prof. Ada Quill", ["Ada Quill"]),
        ("Ada Quill MS, RDN, LD", ["Ada Quill"]),
        ("By Ada Quill | aquill@valley.example | New Haven Daily News", ["Ada Quill"]),
        ("By Ada Quill in Lisbon and Bo Ekström in Oslo", ["Ada Quill", "Bo Ekström"]),
        ("By Ada Quill Valley News", ["Ada Quill"]),
        ("By Ada Quill By Bo Ekström", ["Ada Quill", "Bo Ekström"]),
        ("von Ada Quill, TAL RADIO", ["Ada Quill"]),
        ("Von Ada Quill und Bo Ekström", ["Ada Quill", "Bo Ekström"]),
        ("Par Aline Dubois-Marchand", ["Aline Dubois-Marchand"]),
        ("Por Íris Camargo e Bento Dias", ["Íris Camargo", "Bento Dias"]),
        ("Автор: Анна Рябова", ["Анна Рябова"]),
        ("记者 林知远", ["林知远"]),
        ("Ada Quill and Bo Ekström in Port Lanning", ["Ada Quill", "Bo Ekström"]),
        ("Ada Quill 7 hours", ["Ada Quill"]),
        ("by Ada Quill@adaquill", ["Ada Quill"]),
        ("by Ada Quill, Coastal Institute of Tides and Shore Winds", ["Ada Quill"]),
        ("By Ada Quill and Bo Ekström Valley Staff", ["Ada Quill", "Bo Ekström"]),
        ("Ada Quill   Valley Courier & Gazette", ["Ada Quill"]),
        ("von Ada Quill, TAL RÜBENWERDER", ["Ada Quill"]),
        ("By Tidal Wire Media", []),
        ("By Staff", []),
        ("By Valley News Agency", []),
    ],
)
def test_author_names(byline: str, names: list[str]) -> None:
    assert list(author_names(byline)) == names


def test_fields_that_lost_their_blank_are_parted() -> None:
    assert author_names("By Ada QuillCity Columnist") == ("Ada Quill",)
    assert author_names("ByAda Quill") == ("Ada Quill",)
    assert author_names("Ada QuillBo Ekström") == ("Ada Quill", "Bo Ekström")


def test_two_initials_and_particles_are_part_of_a_name() -> None:
    assert person_name("R. W. Marsh") == "R. W. Marsh"
    assert person_name("Ludo van den Berg") == "Ludo van den Berg"


@pytest.mark.parametrize(
    "text", ["The Valley", "ada quill", "Quill", "Share This Idea", "Ada Quill 3", "Actualizado el"]
)
def test_what_is_no_name(text: str) -> None:
    assert person_name(text) is None


def test_a_lead_needs_a_whole_word() -> None:
    assert byline_lead("By Ada Quill") == 3
    assert byline_lead("Bypass closed for a week") == 0


def test_a_lead_alone_has_its_names_on_the_next_line() -> None:
    assert is_lead_alone("By")
    assert is_lead_alone("• Author:")
    assert not is_lead_alone("By Ada Quill")
    assert not is_lead_alone("Bypass")


def test_a_byline_may_name_a_desk_only() -> None:
    assert is_byline("By Valley News Staff")
    assert author_names("By Valley News Staff") == ()
    assert not is_byline("By the time the ferry came the pier was gone.")


@pytest.mark.parametrize(
    "line", ["Ada Quill", "Ada Quill, senior editor", "Ada Quill   Valley Courier", "大町 美咲", "Ada Quill, Ph.D."]
)
def test_name_lines(line: str) -> None:
    assert is_name_line(line)


@pytest.mark.parametrize(
    "line",
    [
        "Ada Quill opens the new pier on Monday after years of delay",
        "— Ada Quill (@adaquill)",
        "In Kürze:",
        "新規登録",
        "来源：新河网",
    ],
)
def test_what_is_no_name_line(line: str) -> None:
    assert not is_name_line(line)
