"""The figures of a report: added up part by part, so that memory does not grow with the corpus."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from broadsheet.report.lines import Lines
from broadsheet.tables import read_part

_SOURCES = 24  # shown one by one; the rest are counted together
_FIELDS = (
    "headline", "description", "date_published", "date_modified", "byline", "authors", "article_section", "keywords",
    "publisher", "url", "time_required_minutes", "images", "dateline",
)  # fmt: skip
_OF_ARTICLES = ("article_id", "source", "headline", "description", "in_language", "word_count")
_VALUES = ("in_language", "article_section")  # whose most frequent ones are shown
# Labels that are drawn apart; the rest are furniture of one kind or another.
_DRAWN = ("body", "list_item", "subheading", "headline", "caption", "navigation", "related", "promo", "comments")
_MOST_MONTHS = 120
_EDGES = (0, 25, 50, 75, 110, 170, 250, 380, 570, 850, 1300, 1900, 2900, 4300, 6500, 10000)  # words


@dataclass(frozen=True, slots=True)
class Grid:
    """Named rows and columns, with a value in each cell."""

    rows: list[str]
    columns: list[str]
    values: list[list[Any]]


def _no_values() -> np.ndarray:
    return np.zeros(1 + len(_FIELDS), np.int64)


@dataclass(slots=True)
class Facts:
    """What the articles and rejects of a corpus add up to.

    `records` are by source and kind, an article or the reason of a reject; `filled` has, by source and month, how many
    articles there are and how many of them have each of `_FIELDS`; `published` are by month, None where there is no
    date; `read_times` are by minutes and words, to the nearest 50.
    """

    lines: Lines
    records: Counter[tuple[str, str]] = field(default_factory=Counter)
    filled: dict[tuple[str, str | None], np.ndarray] = field(default_factory=dict)
    published: Counter[str | None] = field(default_factory=Counter)
    values: dict[str, Counter[str | None]] = field(default_factory=lambda: {name: Counter() for name in _VALUES})
    lengths: Counter[int] = field(default_factory=Counter)
    read_times: Counter[tuple[int, int]] = field(default_factory=Counter)

    def places(self) -> dict[str, str]:
        """The place of each source, itself or the rest, those with most records first."""
        sizes: Counter[str] = Counter()
        for (source, _), count in self.records.items():
            sizes[source] += count
        ranked = sorted(sizes, key=lambda source: (-sizes[source], source))
        return {source: source if rank < _SOURCES else "other sources" for rank, source in enumerate(ranked)}


def _has(column: pa.ChunkedArray) -> np.ndarray:
    """Whether there is a value (bool[rows])."""
    is_list = pa.types.is_list(column.type)
    has = pc.greater(pc.list_value_length(column), 0).fill_null(False) if is_list else column.is_valid()
    return np.asarray(has.to_numpy(), bool)


def _months(times: pa.ChunkedArray) -> list[str | None]:
    months = times.cast(pa.timestamp("ms")).to_numpy().astype("datetime64[M]")
    return [None if month == "NaT" else month for month in months.astype(str).tolist()]


def _counted(rows: Iterable[Any]) -> list[list[Any]]:
    """Each row, or value, with how often it stands there."""
    return [[*row, count] if isinstance(row, tuple) else [row, count] for row, count in Counter(rows).items()]


def _of_articles(articles: pa.Table, metadata: pa.Table) -> dict[str, list[list[Any]]]:
    """What articles and their metadata, in the same order, add up to: rows of `Facts`, each ending in its counts."""
    columns = dict(zip(articles.column_names + metadata.column_names, articles.columns + metadata.columns, strict=True))
    has = np.stack([np.ones(len(articles), bool), *(_has(columns[name]) for name in _FIELDS)], axis=1)
    sources, words = (columns[name].to_pylist() for name in ("source", "word_count"))
    published = columns["date_published"].cast(pa.timestamp("ms"))
    months = _months(pc.coalesce(published, columns["retrieved_at"].cast(pa.timestamp("ms"))))
    filled: dict[tuple[str, str | None], np.ndarray] = {}
    for source, month, row in zip(sources, months, has, strict=True):
        filled.setdefault((source, month), _no_values())[:] += row
    minutes = columns["time_required_minutes"].to_pylist()
    stated = ((time, (count + 25) // 50 * 50) for time, count in zip(minutes, words, strict=True) if time is not None)
    return {
        # Read and written for each build: numbers in one text take a third of the time.
        "filled": [[*key, " ".join(map(str, values.tolist()))] for key, values in filled.items()],
        "published": _counted(_months(published)),
        "lengths": _counted(bisect_right(_EDGES, count) - 1 for count in words),
        "read_times": _counted(stated),
        **{name: _counted(columns[name].to_pylist()) for name in _VALUES},
    }


def of_part(out: Path, name: str) -> dict[str, list[list[Any]]]:
    """What the articles of the parts of a file name add up to, as `add_up` expects it."""
    of_metadata = ("article_id", "retrieved_at", *(column for column in _FIELDS if column not in _OF_ARTICLES))
    rows, more = read_part(out / "articles" / name, _OF_ARTICLES), read_part(out / "metadata" / name, of_metadata)
    places = pc.index_in(rows["article_id"], more["article_id"].combine_chunks())
    # A corpus whose checks failed may have articles without metadata.
    return _of_articles(rows.filter(places.is_valid()), more.take(places.drop_null()).drop_columns("article_id"))


def rejects_of_part(folders: Iterable[Path], out: Path, name: str) -> dict[str, list[list[Any]]]:
    """The rejects in the parts of a file name in `folders`, by source and reason, each row ending in its count."""
    found: Counter[tuple[str, str]] = Counter()
    for path in (folder / name for folder in folders):
        if path.is_file():
            rows = read_part(path, ["raw_path", "reason"])
            for raw_path, reason in zip(rows["raw_path"].to_pylist(), rows["reason"].to_pylist(), strict=True):
                folder, below, _ = raw_path.partition("/")
                found[folder if below else ".", reason] += 1
    return {"rejects": [[*key, count] for key, count in found.items()]}


def add_up(
    parts: Iterable[dict[str, list[list[Any]]]], rejects: Iterable[dict[str, list[list[Any]]]], lines: Lines
) -> Facts:
    """What parts of articles, each counted by `of_part`, and of rejects, by `rejects_of_part`, add up to."""
    facts = Facts(lines)
    places: dict[tuple[str, str | None], int] = {}
    texts: list[str] = []
    own: list[int] = []
    for part in parts:
        for source, month, values in part["filled"]:
            own.append(places.setdefault((source, month), len(places)))
            texts.append(values)
        facts.published.update(dict(part["published"]))
        facts.lengths.update(dict(part["lengths"]))
        facts.read_times.update({(minutes, words): count for minutes, words, count in part["read_times"]})
        for name, counts in facts.values.items():
            counts.update(dict(part[name]))
    if texts:
        sums = np.zeros((len(places), 1 + len(_FIELDS)), np.int64)
        np.add.at(sums, own, np.fromstring(" ".join(texts), np.int64, sep=" ").reshape(len(texts), -1))
        facts.filled = dict(zip(places, sums, strict=True))
    for (source, _), values in facts.filled.items():
        facts.records[source, "articles"] += int(values[0])
    for part in rejects:
        for source, reason, count in part["rejects"]:
            facts.records[source, reason] += count
    return facts


def _grid(rows: list[tuple[str, str, Any]], columns: list[str], empty: Any) -> Grid:
    """Rows (name, column, value), in order of the names, as a grid."""
    names = list(dict.fromkeys(name for name, *_ in rows))
    cells = {(name, column): value for name, column, value in rows}
    return Grid(names, columns, [[cells.get((name, column), empty) for column in columns] for name in names])


def _by_place(facts: Facts, counts: dict[tuple[str, str], int]) -> list[tuple[str, str, int]]:
    """Counts by source and something else as counts by place, in order of the places."""
    places, found = facts.places(), Counter[tuple[str, str]]()
    for (source, kind), count in counts.items():
        if source in places:
            found[places[source], kind] += count
    order = {place: rank for rank, place in enumerate(dict.fromkeys(places.values()))}
    return [(*key, found[key]) for key in sorted(found, key=lambda key: (order[key[0]], key[1]))]


def accounting(facts: Facts) -> Grid:
    """Raw records by source: articles, then rejects by reason."""
    rows = _by_place(facts, facts.records)
    return _grid(rows, ["articles", *sorted({kind for _, kind, _ in rows} - {"articles"})], 0)


def over_time(facts: Facts) -> tuple[str, list[tuple[str, int]], int]:
    """Unit (month or year), articles in each from the first to the last, and the number without a date."""
    months = sorted(month for month in facts.published if month is not None)
    undated = facts.published[None]
    if not months:
        return "month", [], undated
    first, last = (12 * int(month[:4]) + int(month[5:7]) - 1 for month in (months[0], months[-1]))
    if last - first < _MOST_MONTHS:
        names = [f"{place // 12:04d}-{place % 12 + 1:02d}" for place in range(first, last + 1)]
        return "month", [(name, facts.published[name]) for name in names], undated
    years: Counter[str] = Counter()
    for month in months:
        years[month[:4]] += facts.published[month]
    return "year", [(f"{year:04d}", years[f"{year:04d}"]) for year in range(first // 12, last // 12 + 1)], undated


def lengths(facts: Facts) -> list[tuple[str, int]]:
    """Articles by number of words, each class half as long again as the one before."""
    names = [f"{edge:,}" if edge < _EDGES[-1] else f"{edge:,}+" for edge in _EDGES]
    return [(names[index], facts.lengths[index]) for index in range(max(facts.lengths, default=0) + 1)]


def most(facts: Facts, column: str, limit: int = 12) -> list[tuple[str, int]]:
    """The most frequent values of a column of articles and metadata, what has none, and the rest together."""
    counts = facts.values[column]
    named = sorted(((value, n) for value, n in counts.items() if value is not None), key=lambda row: (-row[1], row[0]))
    rest = sum(count for _, count in named[limit:])
    others = [(f"{len(named) - limit:,} others", rest)] if rest else []
    return named[:limit] + others + ([("none", counts[None])] if counts[None] else [])


def filled(facts: Facts) -> Grid:
    """Share of a source's articles that have each value."""
    places = facts.places()
    found = {place: _no_values() for place in places.values()}
    for (source, _), values in facts.filled.items():
        found[places[source]] += values
    rows = {place: values.tolist() for place, values in found.items() if values[0]}
    shares = [[articles, *(value / articles for value in values)] for articles, *values in rows.values()]
    return Grid(list(rows), ["articles", *_FIELDS], shares)


def filled_by_month(facts: Facts, largest: int = 8) -> list[tuple[str, Grid]]:
    """For the largest sources with articles of several months: the share of each month's articles with a value."""
    months: dict[str, list[str]] = {source: [] for source in list(facts.places())[:_SOURCES]}
    for source, month in facts.filled:
        if month is not None and source in months:
            months[source].append(month)
    found = []
    for source in [source for source, own in months.items() if len(own) > 1][:largest]:
        own = sorted(months[source])[-_MOST_MONTHS:]
        counts = np.stack([facts.filled[source, month] for month in own], axis=1)
        found.append((source, Grid(list(_FIELDS), own, (counts[1:] / counts[0]).tolist())))
    return found


def labels(facts: Facts) -> Grid:
    """Share of the characters of a source's lines that have each label."""
    counts: Counter[tuple[str, str]] = Counter()
    for source, label, characters in facts.lines.characters:
        counts[source, label if label in _DRAWN else "other"] += characters
    rows, wholes = _by_place(facts, counts), Counter[str]()
    for place, _, characters in rows:
        wholes[place] += characters
    shares = [(place, label, characters / wholes[place]) for place, label, characters in rows]
    return _grid(shares, [*_DRAWN, "other"], 0.0)


def read_times(facts: Facts) -> list[tuple[int, int, int]]:
    """Stated read time in minutes, words (to the nearest 50), and how many articles have both."""
    return [(*key, count) for key, count in sorted(facts.read_times.items())[:2000]]
