"""Quotations: which sentences stand inside quotation marks, over paragraphs too."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.quotations import in_quotation, quotation_spans
from broadsheet.segmentation import segment


def quoted(body: str, language: str) -> list[tuple[str, bool]]:
    starts, place = [], 0
    for paragraph in body.split("\n\n"):
        starts.append(place)
        place += len(paragraph) + 2
    return [(row.text, row.in_quotation) for row in segment("0" * 20, body, language, starts).rows()]


# What stands between ⟦ and ⟧ is a sentence in a quotation; all others are not.
@pytest.mark.parametrize(
    ("language", "marked"),
    [
        ("en", "⟦“I saw it.⟧ ⟦It was larger than a house,” he said.⟧ Nobody else was there."),
        ("en", '⟦"I saw it.⟧ ⟦It was larger than a house," he said.⟧ Nobody else was there.'),
        ("en", "⟦‘I saw it, and it’s gone.⟧ ⟦It was the boys’ own,’ he said.⟧ Nobody’s boat was lost."),
        ("en", "⟦“One paragraph.⟧\n\n⟦“Another paragraph.⟧\n\n⟦“The last of them.”⟧\n\nHe left."),
        ("en", "Pellow called it “a mess” and left the hall. He did not return."),
        ("en", "The pole was 6' long. It wasn't the '90s. She'd left."),
        ("en", '⟦"He forgot to close this one.⟧\n\nThe council met.\n\n⟦"This one is closed," she said.⟧'),
        ("de", "⟦„Das war gut.⟧ ⟦Es war besser als sonst“, sagte er.⟧ Niemand widersprach."),
        ("de", "⟦„Das war gut.⟧\n\n⟦Es war besser als sonst.“⟧\n\nEr ging."),
        ("de", "⟦»Das war gut.⟧ ⟦Es war besser als sonst«, sagte er.⟧ Niemand widersprach."),
        ("fr", "⟦« Il pleut.⟧ ⟦Personne ne viendra », dit-elle.⟧ La salle était vide."),
        ("fr", "⟦« Il pleut.⟧\n\n⟦« Personne ne viendra. »⟧\n\nLa salle était vide."),
        ("es", "⟦«Llueve.⟧\n\n⟦»No vendrá nadie», dijo.⟧\n\nLa sala estaba vacía."),
        ("sv", "⟦”Det regnar.⟧ ⟦Ingen kommer hit”, sade hon.⟧ Salen var tom."),
        ("fi", "⟦”Sataa.⟧ ⟦Kukaan ei tule tänne”, hän sanoi.⟧ Sali oli tyhjä."),
        ("sv", "⟦»Det regnar.⟧ ⟦Ingen kommer hit», sade hon.⟧ Salen var tom."),
        ("nb", "⟦«Det regner.⟧ ⟦Ingen kommer hit», sa hun.⟧ Salen var tom."),
        ("pl", "⟦„Pada deszcz.⟧ ⟦Nikt tu nie przyjdzie” – powiedziała.⟧ Sala była pusta."),
        ("nl", "⟦,,Het regent.⟧ ⟦Niemand komt hier'', zei ze.⟧ De zaal was leeg."),
        ("ru", "⟦«Идёт дождь.⟧ ⟦Никто сюда сегодня не придёт», — сказала она.⟧ Зал был пуст."),
        ("zh", "⟦“下雨了，没有人会来这里。⟧\n\n⟦“大厅是空的。”⟧\n\n他走了。"),
        ("zh", "⟦「下雨了『真的』。⟧⟦沒有人來。」⟧他走了。"),
        ("ja", "⟦「雨だ。⟧⟦誰も来ないだろう。」と彼女は言った。⟧会場は空だった。"),
    ],
)
def test_sentences_in_quotations(language: str, marked: str) -> None:
    body = marked.replace("⟦", "").replace("⟧", "")
    found = quoted(body, language)
    inside = [piece.split("⟧")[0] for piece in marked.split("⟦")[1:]]
    assert [text for text, is_quoted in found if is_quoted] == inside
    assert len(found) > len(inside)


def test_the_larger_part_decides() -> None:
    assert list(in_quotation([(0, 10), (10, 20), (20, 30)], [(2, 8), (9, 15), (24, 40)])) == [True, False, True]


@given(st.text(alphabet=st.sampled_from("“”„«»\"'‘’「」『』, .\n a1"), max_size=120))
def test_spans_are_in_order_and_inside_the_text(text: str) -> None:
    place = 0
    for start, end in quotation_spans(text):
        assert place <= start < end <= len(text)
        place = end


@pytest.mark.parametrize("piece", ['"', "“", "” ", "‘a", "「", '\n\n"', "\n\n“a", "'a' ", "« ", ",,a"])
def test_time_for_a_character_is_flat(piece: str) -> None:
    def seconds(count: int) -> float:
        began = time.process_time()
        quotation_spans(piece * count)
        return time.process_time() - began

    seconds(100)
    assert seconds(16_000) < 8 * 3 * max(seconds(2_000), 0.02)
