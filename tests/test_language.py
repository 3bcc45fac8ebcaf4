"""Which language a text is in, and how many words it has."""

import numpy as np
import pytest
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from broadsheet.identifier import _LONGEST_GRAM, _PIECE, _model, probabilities
from broadsheet.language import identify_language
from broadsheet.words import word_count

_ENGLISH = "The council said on Monday that the new bridge over the river would open to traffic in the spring. "
_GERMAN = "Der Rat teilte am Montag mit, dass die neue Brücke über den Fluss im Frühjahr für den Verkehr öffnet. "


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (_ENGLISH, "en"),
        (_GERMAN, "de"),
        ("新しい橋が開通し、市長は集まった住民を前に喜びを語った。住民も喜んだ。", "ja"),
        ("Predsednik opštine je u nedelju saopštio da je most posle dve godine otvoren za saobraćaj i pešake.", "sr"),
        ("Председник општине је у недељу саопштио да је мост после две године отворен за саобраћај и пешаке.", "sr"),
        ("Ravnatelj županije priopćio je prošli tjedan da je most otvoren za promet tijekom travnja i svibnja.", "hr"),
        (
            "Polisi mengatakan bahwa jembatan baru di kota itu bisa dibuka untuk mobil pada Rabu karena aman.",
            "id",
        ),
        (
            "Polis berkata bahawa jambatan di bandar itu boleh dibuka kepada kereta pada Khamis kerana siap.",
            "ms",
        ),
        ("Hun sier at de ikke vet hva som skjedde fra den nye broen i går, men noen så mer enn politiet.", "nb"),
        ("Ho seier at dei ikkje veit kva som skjedde frå den nye brua i går, men nokon såg meir enn politiet.", "nn"),
    ],
)
def test_language_of_a_text(text: str, language: str) -> None:
    found = identify_language(text)
    assert found is not None
    assert found[0] == language
    assert 0.9 <= found[1] <= 1


@pytest.mark.parametrize(
    "text",
    ["", "12:40", "Bridge opens", "1 2 3 4 5 6 7 8 9 " * 20, "\ud800" * 90, _ENGLISH * 8 + _GERMAN * 8],
)
def test_too_short_or_mixed_is_no_guess(text: str) -> None:
    assert identify_language(text) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("It was a well-known fact.", 5),
        ("新华社北京五月三日电", 5),
        ("新しい橋が開通した。", 5),
        ("ประเทศไทยเป็นประเทศที่สวยงาม", 5),
        ("東京 Olympics 2020 開幕", 4),
        ("Η γέφυρα άνοιξε χθες", 4),
    ],
)
def test_words_of_a_text(text: str, words: int) -> None:
    assert word_count(text) == words


def test_texts_that_walk_together_are_as_likely_as_the_library_says_of_each() -> None:
    library = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    texts = [_ENGLISH, "", _GERMAN * 9, "新しい橋が開通し", "a", _ENGLISH.upper(), "\ud800", _ENGLISH + _GERMAN]
    texts += [(_ENGLISH + _GERMAN)[start : start + _PIECE + more] for start in range(9) for more in (-1, 0, 1, _PIECE)]
    for text, found in zip(texts, probabilities(texts), strict=True):
        assert (found == library._decide(text)).all(), text


def test_a_state_of_the_model_knows_no_more_than_the_longest_n_gram() -> None:
    """It stands for the longest end of what went before that begins an n-gram (Aho and Corasick), so that pieces of a
    text may walk by themselves."""
    model, letters = _model(), np.arange(256)
    count = len(model.features)
    depth, longest_end, layer = np.full(count, -1), np.zeros(count, np.intp), np.zeros(1, np.intp)
    depth[0] = 0
    is_child = np.zeros((count, 256), bool)
    while len(layer):
        moves = model.moves[model.first_move[layer][:, None] + letters]
        found, places = np.unique(moves, return_index=True)
        new = depth[found] < 0
        found, parents, by = found[new], layer[places[new] // 256], places[new] % 256
        depth[found] = depth[layer[0]] + 1
        is_child[parents, by] = True
        if layer[0]:
            longest_end[found] = model.moves[model.first_move[longest_end[parents]] + by]
        layer = found
    assert depth.min() == 0 and depth.max() == _LONGEST_GRAM
    for first in range(1, count, 4096):
        states = np.arange(first, min(first + 4096, count))
        own = model.moves[model.first_move[states][:, None] + letters]
        of_end = model.moves[model.first_move[longest_end[states]][:, None] + letters]
        assert ((own == of_end) | is_child[states]).all()
