"""Lines of pages, counted in memory and beyond it."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.stages import repeated_lines
from broadsheet.stages.repeated_lines import RepeatedLines

ROWS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 5).map(lambda line: 2**64 - 1 - line), st.integers(0, 4)))


@settings(deadline=None)
@given(parts=st.lists(ROWS, max_size=6), least=st.integers(1, 4), most=st.sampled_from([3, 7, 1 << 20]))
def test_pages_of_lines_are_counted_the_same_in_memory_and_beyond(
    parts: list[list[tuple[int, int, int]]], least: int, most: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("spill")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(repeated_lines, "_MOST_ROWS", most)
        repeated = RepeatedLines(folder)
        for rows in parts:
            sources, lines, pages = zip(*rows, strict=True) if rows else ((), (), ())
            repeated.add(np.array(sources, np.int32), np.array(lines, np.uint64), np.array(pages, np.uint64))
        found = list(repeated.on_pages(least))
    pages_of = Counter((source, line) for source, line, _ in {row for rows in parts for row in rows})
    assert sorted(found) == sorted((*key, count) for key, count in pages_of.items() if count >= least)
    assert any(folder.iterdir()) == (sum(map(len, parts)) > most)


def test_many_lines_take_no_more_memory_than_they_may(tmp_path: Path) -> None:
    repeated = RepeatedLines(tmp_path)
    lines = np.random.default_rng(7).integers(0, 2**64, 1_500_000, np.uint64)
    for page in range(3):
        repeated.add(np.zeros(len(lines), np.int32), lines, np.full(len(lines), page, np.uint64))
        assert sum(map(len, repeated._gathered)) <= repeated_lines._MOST_ROWS
    assert max(path.stat().st_size for path in tmp_path.iterdir()) < 20 * len(lines) / 100
    assert sum(count == 3 for *_, count in repeated.on_pages(3)) == len(lines)
