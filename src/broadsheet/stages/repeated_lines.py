"""Lines that stand on several pages of their source, counted in bounded memory.

Lines of pages are gathered until there are many; then they go to files of a folder, those with the same hash to the
same file, and each file is counted by itself.
"""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np

_ROW = np.dtype([("source", np.int32), ("line", np.uint64), ("page", np.uint64)])
# Rows that are counted at a time; to put them in order takes five times the memory that they have.
_MOST_ROWS = 2_000_000
# Files: with a thousand million lines each still has no more rows than that. The last bits of a hash say which.
_FILES = 512


def _counted(rows: np.ndarray, least: int) -> Iterator[tuple[int, int, int]]:
    """Source, line and number of pages where it is at least `least`; rows are `_ROW` in any order."""
    rows = rows[np.lexsort((rows["page"], rows["line"], rows["source"]))]
    is_line = np.ones(len(rows), bool)
    is_line[1:] = (np.diff(rows["source"]) != 0) | (rows["line"][1:] != rows["line"][:-1])
    is_page = is_line.copy()
    is_page[1:] |= rows["page"][1:] != rows["page"][:-1]
    first = np.flatnonzero(is_line)
    pages = np.add.reduceat(is_page, first, dtype=np.int64) if len(first) else first
    found = rows[first[pages >= least]]
    yield from zip(found["source"].tolist(), found["line"].tolist(), pages[pages >= least].tolist(), strict=True)


class RepeatedLines:
    """Counts the pages of lines; `folder` is an empty one, for what does not fit in memory."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._gathered: list[np.ndarray] = []
        self._size = 0

    def add(self, sources: np.ndarray, lines: np.ndarray, pages: np.ndarray) -> None:
        """Lines of pages: numbers of their sources (int32), and hashes of the line and its page (uint64)."""
        rows = np.empty(len(lines), _ROW)
        rows["source"], rows["line"], rows["page"] = sources, lines, pages
        self._gathered.append(rows)
        self._size += len(rows)
        if self._size > _MOST_ROWS:
            self._spill()

    def _spill(self) -> None:
        rows = np.concatenate(self._gathered)
        self._gathered, self._size = [], 0
        files = (rows["line"] % _FILES).astype(np.int16)
        order = np.argsort(files, kind="stable")
        edges = np.searchsorted(files[order], np.arange(_FILES + 1))
        for file, (first, last) in enumerate(pairwise(edges)):
            with (self._folder / str(file)).open("ab") as spilled:
                spilled.write(rows[order[first:last]].tobytes())

    def on_pages(self, least: int) -> Iterator[tuple[int, int, int]]:
        """Source, line and number of pages of each line on at least `least` pages of a source."""
        files = sorted(self._folder.iterdir())
        if files and self._gathered:
            self._spill()
        for file in files:
            yield from _counted(np.fromfile(file, _ROW), least)
        if self._gathered:
            yield from _counted(np.concatenate(self._gathered), least)
