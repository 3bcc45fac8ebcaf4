"""Features of lines from the marks of HTML pages, many pages at a time; all zero for a page without marks.

What tells the body is less what single elements are called than which of them are made alike: the share of
the page's prose that stands under the same path of elements and classes, or in the same container.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from broadsheet.records import Mark, Marks, columns_of

from .features import Analysis, Columns, analyse
from .lexicon import Lines, cumulative, share

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
# Elements and hints whose lines are flagged. Several names in one string count as one.
GROUPS = (
    "p", "li", "blockquote", "figure", "figcaption", "table", "td th", "pre", "article", "main", "nav", "aside",
    "header", "footer", "section", "form", "button label", "address", "ul ol dl", "time", "h1", "h2", "h3 h4 h5 h6",
    "hint:body", "hint:headline", "hint:description hint:kicker", "hint:author hint:biography", "hint:biography",
    "hint:date hint:meta hint:read_time", "hint:caption hint:credit", "hint:comment", "hint:share hint:embed",
    "hint:related hint:popular", "hint:ad", "hint:promo", "hint:newsletter hint:paywall", "hint:nav", "hint:tags",
    "hint:legal hint:modal hint:print", "hint:quote", "hint:media", "hint:sidebar", "hint:box hint:correction",
    "hint:footer",
)  # fmt: skip
_GROUP_OF = {tag: number for number, tags in enumerate(GROUPS) for tag in tags.split()}
_BIOGRAPHY = _GROUP_OF["hint:biography"]
_LINK, _PATH, _OTHER = len(GROUPS), len(GROUPS) + 1, len(GROUPS) + 2
# Spans that are no element with lines of its own: what is written inside a line, and paths.
_MOST_CONTAINERS = 3_000
_MAIN_SHARE = 0.6
_FAR = 60


@dataclass(frozen=True)
class Spans:
    """The marks of a batch of pages, as spans of its lines and characters."""

    group: np.ndarray  # int64[marks]
    first: np.ndarray  # int64[marks], first line that the mark touches
    past: np.ndarray  # int64[marks], past the last one
    path: np.ndarray  # int64[lines], number of the line's path on its page, -1 for none
    linked: np.ndarray  # int64[lines], characters in links
    characters: np.ndarray  # int64[lines]


def _group_of(tag: str) -> int:
    if tag == "a":
        return _LINK
    return _PATH if tag.startswith("path:") else _GROUP_OF.get(tag, _OTHER)


def _joined(arrays: Sequence[np.ndarray]) -> np.ndarray:
    return np.concatenate([np.zeros(0, np.int64), *arrays])


def _codes(columns: Sequence[Marks]) -> tuple[np.ndarray, np.ndarray]:
    """The marks' tags as numbers (int64[marks]), the same for the same tag of a page, and the group of each number."""
    first: dict[int, int] = {}
    groups: list[int] = []
    for page in columns:
        if id(page.names) not in first:
            first[id(page.names)] = len(groups)
            groups += map(_group_of, page.names)
    return _joined([page.code + first[id(page.names)] for page in columns]), np.array(groups, np.int64)


def spans_of(
    texts: Sequence[str],
    starts: Sequence[np.ndarray],
    ends: Sequence[np.ndarray],
    marks: Sequence[Marks | Sequence[Mark]],
) -> Spans:
    """Marks as spans of lines. `texts[i][starts[i][k]:ends[i][k]]` is line k of page i; a batch is one long text."""
    base = np.cumsum([0, *(len(text) + 1 for text in texts)])
    start = np.concatenate([own + offset for own, offset in zip(starts, base, strict=False)] or [np.zeros(0, int)])
    end = np.concatenate([own + offset for own, offset in zip(ends, base, strict=False)] or [np.zeros(0, int)])
    columns = [columns_of(page) for page in marks]
    offset = np.repeat(base[: len(marks)], [len(page.code) for page in columns])
    begin = _joined([page.start for page in columns]) + offset
    stop = _joined([page.end for page in columns]) + offset
    code, groups = _codes(columns)
    group = groups[code]
    first = np.searchsorted(end, begin, "right")
    past = np.maximum(np.searchsorted(start, stop, "left"), first)
    path = np.full(len(start), -1, np.int64)
    some = group == _PATH
    for number, line, behind in zip(code[some].tolist(), first[some].tolist(), past[some].tolist(), strict=True):
        path[line:behind] = number
    return Spans(group, first, past, path, _linked(group, begin, stop, start, end), end - start)


def _linked(group: np.ndarray, begin: np.ndarray, stop: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Characters of each line that stand in links. Links do not overlap but on pages that are broken."""
    of_links = group == _LINK
    begin, stop = begin[of_links], np.maximum.accumulate(stop[of_links]) if of_links.any() else stop[of_links]
    if not len(begin):
        return np.zeros(len(start), np.int64)
    begin = np.concatenate((begin[:1], np.maximum(begin[1:], stop[:-1])))
    sums = cumulative(np.maximum(stop - begin, 0))

    def before(places: np.ndarray) -> np.ndarray:
        """Linked characters before a place."""
        which = np.searchsorted(begin, places, "right") - 1
        inside = np.minimum(places, stop[which]) - begin[which]
        return np.where(which >= 0, sums[which] + np.maximum(inside, 0), 0)

    return before(end) - before(start)


def covered(count: int, first: np.ndarray, past: np.ndarray) -> np.ndarray:
    """How many (int64[count]) of some spans of lines hold each line."""
    delta = np.bincount(first, minlength=count + 1) - np.bincount(past, minlength=count + 1)
    return np.cumsum(delta[:count])


def _flags(out: Columns, lines: Lines, spans: Spans, prose: np.ndarray) -> dict[str, np.ndarray]:
    """A column for each group: 0 outside, 1 in one that holds most of the page's prose, 2 in a narrower one."""
    sums = cumulative(prose)
    total = lines.page_sums(prose)
    page_total = np.append(total, 0)[np.minimum(spans.first, lines.count)]
    wide = (sums[spans.past] - sums[spans.first]) * 2 > page_total
    found = {}
    order = np.argsort(spans.group, kind="stable")
    cuts = np.searchsorted(spans.group[order], np.arange(len(GROUPS) + 1))
    for number, name in enumerate(GROUPS):
        own = order[cuts[number] : cuts[number + 1]]
        flag = np.zeros(lines.count, np.int64)
        if len(own):
            narrow = own[~wide[own]]
            flag[covered(lines.count, spans.first[own], spans.past[own]) > 0] = 1
            flag[covered(lines.count, spans.first[narrow], spans.past[narrow]) > 0] = 2
        found[name] = flag
        out.add(f"in {name}", flag)
    return found


@dataclass(frozen=True)
class Containers:
    """Elements with several lines: for each line the innermost one and the one around that; 0 is the whole page."""

    first: np.ndarray  # int64[containers]
    past: np.ndarray  # int64[containers]
    inner: np.ndarray  # int64[lines]
    outer: np.ndarray  # int64[lines]
    depth: np.ndarray  # int64[lines]


def containers_of(lines: Lines, spans: Spans) -> Containers:
    """The containers of a batch. Those of a page come in order, the outer before the inner."""
    holds = (spans.past - spans.first > 1) & (spans.group != _LINK) & (spans.group != _PATH)
    number = np.flatnonzero(holds)
    first, past = spans.first[number], spans.past[number]
    key = first * (lines.count + 1) + past
    _, once = np.unique(key, return_index=True)
    once = np.sort(once)
    # The first of a page, so that no page's features depend on the others of the batch.
    page = lines.page[first[once]]
    once = once[np.arange(len(once)) - np.searchsorted(page, page) < _MOST_CONTAINERS]
    order = np.lexsort((-past[once], first[once]))
    first, past = first[once][order], past[once][order]
    pages = lines.pages
    firsts = np.concatenate((lines.page_first, first))
    pasts = np.concatenate((lines.page_past, past))
    inner = lines.page.astype(np.int64).copy()
    outer = inner.copy()
    depth = np.zeros(lines.count, np.int64)
    for index, (begin, end) in enumerate(zip(first.tolist(), past.tolist(), strict=True), pages):
        outer[begin:end] = inner[begin]
        inner[begin:end] = index
        depth[begin:end] += 1
    return Containers(firsts, pasts, inner, outer, depth)


def _container_features(out: Columns, analysis: Analysis, spans: Spans, prose: np.ndarray) -> None:
    """Shares of the page's prose around the line, and what its containers are like."""
    lines, basics = analysis.lines, analysis.basics
    found = containers_of(lines, spans)
    here = np.arange(lines.count)
    total = np.maximum(lines.page_sums(prose), 1)
    sums, words, links, sizes = map(cumulative, (prose, basics.words, spans.linked, spans.characters))
    mass = sums[found.past] - sums[found.first]
    own = np.bincount(found.inner, prose, len(mass))
    out.add("depth", found.depth)
    out.add("share of prose in container", mass[found.inner] / total)
    out.add("share of prose in container itself", own[found.inner] / total)
    out.add("share of prose in outer container", mass[found.outer] / total)
    size = found.past - found.first
    out.add("lines of container", size[found.inner])
    out.add("words a line of container", share(words[found.past] - words[found.first], size)[found.inner])
    out.add("links of container", share(links[found.past] - links[found.first],
                                        sizes[found.past] - sizes[found.first])[found.inner])  # fmt: skip
    out.add("lines into container", np.minimum(here - found.first[found.inner], _FAR))
    out.add("lines to end of container", np.minimum(found.past[found.inner] - here - 1, _FAR))
    _main_features(out, analysis, found, mass, own, total)


def _main_features(
    out: Columns, analysis: Analysis, found: Containers, mass: np.ndarray, own: np.ndarray, total: np.ndarray
) -> None:
    """Place against the main container: the deepest with most of the prose, and the one with most of its own."""
    lines = analysis.lines
    here = np.arange(lines.count)
    page_of = lines.page[np.minimum(found.first, max(lines.count - 1, 0))] if lines.count else found.first
    page_total = np.zeros(lines.pages, np.int64)
    page_total[lines.page] = total
    size = found.past - found.first
    for name, is_good, weight in (
        ("main container", mass >= _MAIN_SHARE * page_total[page_of], -size),
        ("container of most prose", own > 0, own),
    ):
        best = np.arange(lines.pages)
        order = np.lexsort((np.arange(len(size)), weight))
        order = order[is_good[order]]
        best[page_of[order]] = order
        first, past = found.first[best][lines.page], found.past[best][lines.page]
        out.add(f"lines after start of {name}", np.clip(here - first, -_FAR, 200))
        out.add(f"lines before end of {name}", np.clip(past - 1 - here, -_FAR, 200))
        out.add(f"in {name}", (here >= first) & (here < past))
        out.add(f"in {name} itself", found.inner == best[lines.page])


def _path_features(out: Columns, analysis: Analysis, spans: Spans, prose: np.ndarray) -> None:
    """Shares of the page's prose under the line's own path, and what lines of that path are like."""
    lines, basics = analysis.lines, analysis.basics
    here = np.arange(lines.count)
    key = lines.page * (spans.path.max(initial=0) + 2) + spans.path + 1
    _, which = np.unique(key, return_inverse=True)
    number = np.bincount(which)
    mass = np.bincount(which, prose)
    total = np.maximum(lines.page_sums(prose), 1)
    out.add("share of prose of path", mass[which] / total)
    out.add("lines of path", number[which])
    out.add("words a line of path", (np.bincount(which, basics.words) / number)[which])
    out.add("sentences of path", (np.bincount(which, basics.ends_sentence) / number)[which])
    out.add("links of path", share(np.bincount(which, spans.linked), np.bincount(which, spans.characters))[which])
    best = np.zeros(lines.pages)
    np.maximum.at(best, lines.page, mass[which])
    is_main = (mass[which] == best[lines.page]) & (best[lines.page] > 0)
    out.add("main path", is_main)
    out.add("share of prose of path against main", mass[which] / np.maximum(best[lines.page], 1))
    out.add("lines since main path", lines.since(is_main))
    out.add("lines until main path", lines.until(is_main))
    count = cumulative(is_main)
    out.add("lines of main path before", count[here] - count[lines.first])
    out.add("lines of main path after", count[lines.past] - count[here + 1])
    out.around("main path", lines, is_main.astype(np.int64), (3, 10))
    same = np.zeros(lines.count, bool)
    same[1:] = (spans.path[1:] == spans.path[:-1]) & (lines.page[1:] == lines.page[:-1])
    out.add("lines of path in a run", lines.since(~same))
    out.beside("share of path", lines, np.rint(mass[which] * 100 / total).astype(np.int64), (-2, -1, 1, 2))


def _link_features(out: Columns, analysis: Analysis, spans: Spans) -> None:
    lines = analysis.lines
    percent = spans.linked * 100 // np.maximum(spans.characters, 1)
    out.add("percent linked", percent)
    out.beside("percent linked", lines, percent, (-2, -1, 1, 2))
    out.around("percent linked", lines, percent, (3, 10))
    out.add("unlinked characters", spans.characters - spans.linked)
    out.around("unlinked characters", lines, np.minimum(spans.characters - spans.linked, 400), (3,))


def _heading_features(out: Columns, analysis: Analysis, flags: dict[str, np.ndarray]) -> None:
    lines, here = analysis.lines, np.arange(analysis.lines.count)
    sums = cumulative(analysis.basics.words)
    heading = (flags["h2"] > 0) | (flags["h3 h4 h5 h6"] > 0)
    for name, where in (
        ("h1", flags["h1"] > 0),
        ("heading", heading),
        ("hint of headline", flags["hint:headline"] == 2),
        ("date", (flags["hint:date hint:meta hint:read_time"] == 2) | (flags["time"] > 0)),
        ("hint of author", flags["hint:author hint:biography"] == 2),
        ("hint of comment", flags["hint:comment"] == 2),
        ("hint of related", flags["hint:related hint:popular"] == 2),
        ("hint of tags or share", (flags["hint:tags"] == 2) | (flags["hint:share hint:embed"] == 2)),
    ):
        out.add(f"lines since {name}", lines.since(where))
        out.add(f"lines until {name}", lines.until(where))
        number = cumulative(where)
        out.add(f"lines of {name} before", number[here] - number[lines.first])
        last = np.maximum(here - 1 - lines.since(where), lines.first)
        out.add(f"words since {name}", sums[here] - sums[last])


def markup_columns(analysis: Analysis, spans: Spans) -> Columns:
    """Features (a column a name of MARKUP_NAMES) of the lines of a batch of pages with marks."""
    lines, basics = analysis.lines, analysis.basics
    out = Columns()
    unlinked = spans.linked * 2 < spans.characters
    prose = np.where(basics.prose & unlinked, np.minimum(basics.words, 200), 0)
    if lines.count:
        marked = covered(lines.count, spans.first, spans.past) > 0
        has_marks = lines.page_sums(marked) > 0
    else:
        has_marks = np.zeros(0, bool)
    out.add("has marks", has_marks)
    flags = _flags(out, lines, spans, prose)
    _link_features(out, analysis, spans)
    _container_features(out, analysis, spans, prose)
    _path_features(out, analysis, spans, prose)
    _heading_features(out, analysis, flags)
    # Of a page without marks nothing is known, which must look the same whatever stands beside it in the batch.
    if not has_marks.all():
        out.values = [np.where(has_marks, values, 0) for values in out.values]
    return out


def _names() -> tuple[str, ...]:
    nothing = analyse([], [], [])
    return tuple(markup_columns(nothing, spans_of([], [], [], [])).names)


MARKUP_NAMES: tuple[str, ...] = _names()
"""Names of the columns of `markup_columns`."""
