"""Plots: every value is drawn where it belongs, under its name, whatever the names and however large the numbers."""

import html
import re
from itertools import pairwise

import pytest

from broadsheet.report import plots

_TEXT = re.compile(
    r'<text font-size="([\d.]+)px"[^>]*?text-anchor="(\w+)"[^>]* x="([-\d.]+)" y="([-\d.]+)"[^>]*>(.*?)</text>'
)


def words(svg: str) -> list[tuple[str, float, float]]:
    """Each word of a plot with its anchor's place."""
    return [(html.unescape(text), float(x), float(y)) for _, _, x, y, text in _TEXT.findall(svg)]


def rectangles(svg: str, colour: str) -> list[tuple[float, float, float, float]]:
    """Left, top, right and bottom of what is filled with a colour of the palette."""
    return [
        (float(left), float(top), float(right), float(bottom))
        for path in re.findall(rf'<path d="([^"]*)"[^>]*class="fill-{colour}"', svg)
        for left, top, right, bottom in re.findall(r"M(\S+) (\S+?)H(\S+?)V(\S+?)H\1z", path)
    ]


def test_bars_are_as_long_as_their_values_and_stand_beside_their_names() -> None:
    svg = plots.stacked_bars("a", "b", ["one", "two"], [("x", [4, 0]), ("y", [2, 8])], "records")
    (first,) = rectangles(svg, "c0")[:1]
    second, third = rectangles(svg, "c1")[:2]
    assert first[2] == pytest.approx(second[0], abs=0.02)
    assert (first[2] - first[0]) / (second[2] - second[0]) == pytest.approx(2, abs=0.01)
    assert (third[2] - third[0]) / (second[2] - second[0]) == pytest.approx(4, abs=0.01)
    places = {text: (x, y) for text, x, y in words(svg)}
    assert first[1] < places["one"][1] < first[3] < third[1] < places["two"][1] < third[3]
    left, ticks = places["0"][0], [places[text][0] for text in ("2", "4", "6", "8")]
    assert (
        left == first[0]
        and ticks[1] == pytest.approx(first[2], abs=0.02)
        and ticks[3] == pytest.approx(third[2], abs=0.02)
    )
    assert {"x", "y", "records"} <= places.keys()


def test_a_bar_of_nothing_is_not_drawn() -> None:
    svg = plots.columns("a", "b", [("p", 0), ("q", 3)], "unit")
    assert len(rectangles(svg, "c0")) == 1


@pytest.mark.parametrize("most", [0, 1, 3, 47, 999, 12_345, 1_000_000, 123_456_789])
def test_numbers_stand_apart_and_inside_the_picture(most: int) -> None:
    digit = 5.8
    below = plots.two_bars("a", "b", ("languages", [("en", most)]), ("sections", [("none", most)]))
    numbers = sorted((x, len(text)) for text, x, _ in words(below) if text.replace(".", "").isdigit())
    for (x, length), (after, following) in pairwise(numbers):
        assert after - x >= digit * (length + following) / 2 or after == x
    beside = plots.columns("a", "b", [("p", most)], "unit")
    assert all(x - digit * len(text) > 0 for text, x, _ in words(beside) if text.replace(".", "").isdigit())
    assert all(x > 5 for text, x, _ in words(beside) if text == "articles")


def test_names_are_text_and_neither_markup_nor_mathematics() -> None:
    names = ["<b>&amp;\"'", "$x^2$", "\u202bعربي", "日本 新聞", "a" * 40]
    svg = plots.stacked_bars("a", "b", names, [("articles", [1] * len(names))], "records")
    assert {text for text, _, _ in words(svg)} >= {*names, "articles", "records"}
    assert "<b>" not in svg


def test_a_cell_is_as_dark_as_its_share_and_missing_where_there_is_none() -> None:
    svg = plots.shades("a", "b", ["one", "two"], ["2020-01", "2020-02"], [[0.0, 1.0], [None, 0.5]])
    assert sorted(re.findall(r' opacity="([\d.]+)"', svg)) == ["0.06", "0.53"]
    assert len(rectangles(svg, "c0")) == 3


def test_points_are_larger_where_they_stand_for_more() -> None:
    svg = plots.points("a", "b", [(1, 200, 1), (2, 400, 30), (3, 400, 1)], "minutes", "words")
    places = {text: (x, y) for text, x, y in words(svg)}
    (small, other), (large,) = (
        [(float(x), float(y)) for x, y in re.findall(r'<use [^>]*x="([\d.]+)" y="([\d.]+)"', group)] or [centre(group)]
        for group in re.findall(r'<g id="a-PathCollection_\d">(.*?)</g>', svg, re.DOTALL)
    )
    assert small[0] == pytest.approx(places["1"][0] if "1" in places else places["1.0"][0])
    assert large[0] < other[0] and large[1] == pytest.approx(other[1]) and small[1] > large[1]


def centre(group: str) -> tuple[float, float]:
    """The middle of what is drawn in a group."""
    (path,) = re.findall(r'<path d="([^"]*)"', group)
    numbers = [float(number) for number in re.findall(r"-?[\d.]+", path)]
    return (min(numbers[::2]) + max(numbers[::2])) / 2, (min(numbers[1::2]) + max(numbers[1::2])) / 2


def test_nothing_at_all_is_drawn_without_an_error() -> None:
    for svg in (
        plots.stacked_bars("a", "b", [], [("articles", [])], "records"),
        plots.two_bars("a", "b", ("languages", []), ("sections", [])),
        plots.columns("a", "b", [], "unit"),
        plots.shades("a", "b", [], [], []),
        plots.points("a", "b", [], "minutes", "words"),
    ):
        assert svg.startswith("<svg") and "style=" not in svg


def test_a_plot_is_the_same_each_time_and_leaves_matplotlib_as_it_was() -> None:
    import matplotlib

    before = dict(matplotlib.rcParams)
    drawn = {plots.columns("a", "b", [("p", 2), ("q", 3)], "unit") for _ in range(2)}
    matplotlib.rcParams["font.size"] = 30
    drawn.add(plots.columns("a", "b", [("p", 2), ("q", 3)], "unit"))
    matplotlib.rcParams.update(before)
    assert len(drawn) == 1


def test_the_largest_grid_of_months_is_a_small_part_of_a_page() -> None:
    shares = [[(7 * row + 11 * column) % 97 / 96 for column in range(120)] for row in range(13)]
    svg = plots.shades("a", "b", ["time_required_minutes"] * 13, [f"20{month:02}" for month in range(120)], shares)
    assert len(svg) < 70_000  # eight of them are in a report, which is to stay below a megabyte
