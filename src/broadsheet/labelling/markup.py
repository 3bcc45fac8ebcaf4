"""Marks of HTML pages as columns, many pages at a time, and the groups of them that features are made of.

What tells the body is less what single elements are called than which of them are made alike: the share of
the page's prose that stands under the same path of elements and classes, or in the same container.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from broadsheet.records import Mark, Marks, columns_of

# Elements and hints whose lines are flagged: 1 in one that holds most of the page's prose, 2 in a narrower one.
# Several names in one string count as one.
GROUPS = (
    "p", "li", "blockquote", "figure", "figcaption", "table", "td th", "pre", "article", "main", "nav", "aside",
    "header", "footer", "section", "form", "button label", "address", "ul ol dl", "time", "h1", "h2", "h3 h4 h5 h6",
    "hint:body", "hint:headline", "hint:description hint:kicker", "hint:author hint:biography", "hint:biography",
    "hint:date hint:meta hint:read_time", "hint:caption hint:credit", "hint:comment", "hint:share hint:embed",
    "hint:related hint:popular", "hint:ad", "hint:promo", "hint:newsletter hint:paywall", "hint:nav", "hint:tags",
    "hint:legal hint:modal hint:print", "hint:quote", "hint:media", "hint:sidebar", "hint:box hint:correction",
    "hint:footer",
)  # fmt: skip
# What lines are placed against: one of two groups, and the least flag that counts.
ANCHORS = {
    "h1": (("h1", 1), ("h1", 1)),
    "heading": (("h2", 1), ("h3 h4 h5 h6", 1)),
    "hint of headline": (("hint:headline", 2), ("hint:headline", 2)),
    "date": (("hint:date hint:meta hint:read_time", 2), ("time", 1)),
    "hint of author": (("hint:author hint:biography", 2), ("hint:author hint:biography", 2)),
    "hint of comment": (("hint:comment", 2), ("hint:comment", 2)),
    "hint of related": (("hint:related hint:popular", 2), ("hint:related hint:popular", 2)),
    "hint of tags or share": (("hint:tags", 2), ("hint:share hint:embed", 2)),
}
# Behind the groups come marks that are no element with lines of its own: links, which stand inside a line, and paths.
_LINK, _PATH, _OTHER = len(GROUPS), len(GROUPS) + 1, len(GROUPS) + 2
_GROUP_OF = {tag: number for number, tags in enumerate(GROUPS) for tag in tags.split()} | {"a": _LINK}


def anchor_table() -> np.ndarray:
    """Groups and least flags of the anchors (int32[anchors, 2, 2])."""
    numbered = [[(GROUPS.index(group), least) for group, least in groups] for groups in ANCHORS.values()]
    return np.array(numbered, np.int32)


@dataclass(frozen=True)
class BatchMarks:
    """The marks of a batch of pages."""

    columns: np.ndarray  # int32[4, marks]: start and end in the text of the page, number of the tag, group
    page_marks: np.ndarray  # int32[pages + 1], marks before each page
    tags: int  # numbers of tags


def no_marks(pages: int) -> BatchMarks:
    """The marks of text dumps."""
    return BatchMarks(np.zeros((4, 0), np.int32), np.zeros(pages + 1, np.int32), 0)


# What the name of a path begins with.
PATH = "path:"


def _groups_of(tags: Sequence[str]) -> np.ndarray:
    """Group (int32[tags]) of each tag."""
    found = [_PATH if tag[:5] == PATH else _GROUP_OF.get(tag, _OTHER) for tag in tags]
    return np.array(found, np.int32)


def marks_of(marks: Sequence[Marks | Sequence[Mark]]) -> BatchMarks:
    """The marks of pages, in order of their starts, outer before inner."""
    pages = [columns_of(page) for page in marks]
    page_marks = np.cumsum([0, *(len(page.code) for page in pages)], dtype=np.int32)
    # Pages may share their names.
    groups = {id(page.names): _groups_of(page.names) for page in {id(page.names): page for page in pages}.values()}
    columns = np.empty((4, page_marks[-1]), np.int32)
    if pages:
        np.concatenate([page.start for page in pages], out=columns[0])
        np.concatenate([page.end for page in pages], out=columns[1])
        np.concatenate([page.code for page in pages], out=columns[2])
        np.concatenate([groups[id(page.names)][page.code] for page in pages], out=columns[3])
    return BatchMarks(columns, page_marks, max(map(len, groups.values()), default=0))
