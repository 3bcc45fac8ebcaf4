"""Headlines are chosen among many pages at once as they are page by page. All lines are invented."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from broadsheet import native
from broadsheet.labelling import headlines, headlines_at_once
from broadsheet.labelling.headlines import HeadView, content_stems, heaviest
from broadsheet.labelling.headlines_at_once import choose_headlines
from broadsheet.labelling.state import PageLines, PageState

_WORDS = [
    "Harbour", "board", "closes", "old", "pier", "harbours", "OAK", "piles", "pier_2", "__oak", "2016", "31", "1234567",
    "hafenstraße", "STRASSE", "ÉTÉ", "été", "σός", "ΣΌΣ", "порт", "ПОРТ", "港口", "港口关闭", "ハーバー",
    "항구의", "항구를", "har\xadbour", "pie\xadr", "oar", "ςα", "don't", "a.b", "中", "🎉", "\ufe0f", "¡", "№", "»",
    "«", "“", "・", "…", "...", "בית־ספר", "־", "סגר",
]  # fmt: skip
_STARTS = ["• ", "* ", "- ", "1. ", "2. ", "3.", "10. ", "By ", "— ", "»", "「", '"', "  "]
_JOINTS = [" ", " ", " ", " ", ": ", " > ", " / ", " | ", " – ", ", ", ". ", "\xa0", "\u3000", "-"]
_ENDS = ["", "", "", ".", "!", "…", "...", "。", " (1:39)", "?", " 5", ".AFP"]
_ODD = ["ﬁ", "K", "٣", "²", "1٣. x", "e\u0301", "हिन्दी", "ｆｕｌｌ", "\ud800", "\x85", "\x07"]


def _line(draw: Callable, words: list[str]) -> str:
    few = draw(st.lists(st.sampled_from(words), min_size=1, max_size=draw(st.sampled_from([1, 2, 5, 9, 25]))))
    chosen = few * draw(st.sampled_from([1, 1, 1, 2, 6]))
    joint = draw(st.sampled_from(_JOINTS))
    start = draw(st.sampled_from(_STARTS)) if draw(st.booleans()) else ""
    joined = " ".join(chosen[:-1]) + joint + chosen[-1] if len(chosen) > 1 else chosen[0]
    return (start + joined + draw(st.sampled_from(_ENDS))).strip() or "x"


@st.composite
def _views(draw: Callable, words: list[str]) -> HeadView:
    """A page in the middle of being labelled."""
    some = [_line(draw, words) for _ in range(draw(st.integers(1, 7)))]
    some += [line + end for line in some for end in ("", " | The Courier", " " + some[0])]
    lines = draw(st.lists(st.sampled_from(some), min_size=1, max_size=90))
    size = len(lines)
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    scores = random.random(size).astype(np.float32)
    page = PageState(PageLines(lines, scores, scores > draw(st.sampled_from([0.3, 0.6, 0.95])), np.zeros(size, bool)))
    kinds = ["share", "caption", "credit", "byline", "read_time", "navigation", "date_published"]
    for index in np.flatnonzero(random.random(size) < draw(st.sampled_from([0, 0.1, 0.4]))).tolist():
        page.give(index, str(random.choice(kinds)), str(random.choice(["survey_furniture", "phrase_share", "other"])))
    main = draw(st.integers(max(0, size - 20), size - 1) | st.integers(0, size - 1))
    dated = np.flatnonzero(random.random(size) < draw(st.sampled_from([0, 0.05, 0.2]))).tolist()
    return HeadView(page, main, dated)


_SIZES = [len(names) for names in (headlines._STANDING, headlines._NUMBERS, headlines._SHARED, headlines._COPIES)]


@contextmanager
def _weighed_by(weights: np.ndarray, none: float) -> Iterator[None]:
    """With other weights in the module's memory."""
    given = [*weights.tolist(), none, 1e-6 + weights[-_SIZES[-1] :].clip(0).sum()]
    address, module = headlines_at_once._packed_weights(), native.module("lines")
    shipped = module.view(address, np.float64, len(given)).copy()
    module.view(address, np.float64, len(given))[:] = given
    yield
    module.view(address, np.float64, len(given))[:] = shipped


@settings(max_examples=120, deadline=None)
@given(_views(_WORDS))
def test_each_feature_is_what_it_is_page_by_page(view: HeadView) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(headlines, "is_of_picture", lambda line: False)
        features = {index: [*view.features(index).values()] for index in view.candidates()}
    for place, name in enumerate(headlines._FEATURES):
        for sign in (1.0, -1.0):
            order = {index: (sign * own[place], -abs(view.main - index), index) for index, own in features.items()}
            expected = max(order, key=order.__getitem__) if order else headlines_at_once._NO_HEADLINE
            with _weighed_by(sign * (np.arange(len(headlines._FEATURES)) == place), -1e6):
                assert headlines_at_once._quickly_chosen([view]) == [expected], name


@settings(max_examples=200, deadline=None)
@given(st.lists(_views(_WORDS), min_size=1, max_size=4))
def test_headlines_of_known_characters_are_chosen_at_once_as_one_by_one(views: list[HeadView]) -> None:
    assert headlines_at_once._quickly_chosen(views) == _one_by_one(views)


@settings(max_examples=100, deadline=None)
@given(st.lists(_views(_WORDS + _ODD), min_size=1, max_size=4))
def test_pages_of_other_characters_are_left_to_the_longer_way(views: list[HeadView]) -> None:
    quickly = zip(headlines_at_once._quickly_chosen(views), _one_by_one(views), strict=True)
    assert all(chosen in (headlines_at_once._UNSURE, expected) for chosen, expected in quickly)


def _one_by_one(views: list[HeadView]) -> list[int]:
    """Headlines by the plain rule, of candidates that may well be of pictures."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(headlines, "is_of_picture", lambda line: False)
        found = [heaviest(view) for view in views]
    return [headlines_at_once._NO_HEADLINE if index is None else index for index in found]


@settings(max_examples=60, deadline=None)
@given(st.lists(_views([*_WORDS, *_ODD, "港口\n关闭"]), max_size=3))
def test_the_rule_is_one(views: list[HeadView]) -> None:
    assert choose_headlines(views) == [heaviest(view) for view in views]


_TEXTS = st.lists(st.sampled_from([*_WORDS, *_ODD, " ", "_", "-", "."]), max_size=20).map("".join)


@given(_TEXTS)
@example("Har\xadbour")
def test_no_stem_is_longer_than_six_letters(text: str) -> None:
    assert all(0 < len(stem) <= 6 for stem in content_stems(text))


def test_body_of_more_prose_than_logarithms_are_handed_over_is_left_to_the_longer_way() -> None:
    lines = ["Harbour board closes old pier", *["x " * 2500] * 2, "The board voted to close the old pier on Tuesday."]
    scores = np.array([0.1, 0.1, 0.1, 0.9], np.float32)
    view = HeadView(PageState(PageLines(lines, scores, scores > 0.5, np.zeros(4, bool))), 3, ())
    assert headlines_at_once._quickly_chosen([view]) == [headlines_at_once._UNSURE]
    assert choose_headlines([view]) == [heaviest(view)]


@pytest.mark.parametrize("times", [10, 1000])
def test_the_first_lines_of_a_page_may_be_long(times: int) -> None:
    first = "The harbour board closes the rotten pier. " * times
    lines = [first, "Harbour board closes pier", *["The quay is open."] * 2]
    scores = np.array([0.1, 0.1, 0.9, 0.9], np.float32)
    view = HeadView(PageState(PageLines(lines, scores, scores > 0.5, np.zeros(4, bool))), 2, ())
    assert view.copies(1)[headlines._COPIES.index("in a longer line at the top")]
    assert choose_headlines([view]) == [heaviest(view)]


def test_a_line_that_may_begin_at_every_letter_of_a_long_one() -> None:
    candidates = ["a" * 180 + f" board voted to close old pier {number}" for number in range(50)]
    lines = [*["The quay is open."] * 3, *candidates, *["The board voted to close the old pier on Tuesday."] * 2]
    lines.append("a" * 400_000)
    scores = np.array([*[0.1] * 53, 0.9, 0.9, 0.1], np.float32)
    view = HeadView(PageState(PageLines(lines, scores, scores > 0.5, np.zeros(len(lines), bool))), 53, ())
    assert headlines_at_once._quickly_chosen([view]) == [headlines_at_once._UNSURE]
    assert choose_headlines([view]) == [heaviest(view)]
