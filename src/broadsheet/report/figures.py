"""The figures of a report: counted by DuckDB over the tables, so that memory does not grow with the corpus."""

from dataclasses import dataclass
from typing import Any

import duckdb

from broadsheet.report.lines import Lines

_SOURCES = 24  # shown one by one; the rest are counted together
_FIELDS = (
    "headline", "description", "date_published", "date_modified", "byline", "authors", "article_section", "keywords",
    "publisher", "url", "time_required_minutes", "images", "dateline",
)  # fmt: skip
_LISTS = ("authors", "keywords", "images")
# Labels that are drawn apart; the rest are furniture of one kind or another.
_DRAWN = ("body", "list_item", "subheading", "headline", "caption", "navigation", "related", "promo", "comments")
_MOST_MONTHS = 120
_OF_REJECT = "CASE WHEN contains(raw_path, '/') THEN split_part(raw_path, '/', 1) ELSE '.' END"


@dataclass(frozen=True, slots=True)
class Grid:
    """Named rows and columns, with a value in each cell."""

    rows: list[str]
    columns: list[str]
    values: list[list[Any]]


def _fetch(connection: duckdb.DuckDBPyConnection, query: str) -> list[tuple[Any, ...]]:
    return connection.execute(query).fetchall()


def _has(column: str) -> str:
    return f"{f'len({column}) > 0' if column in _LISTS else f'{column} IS NOT NULL'} AS has_{column}"


_SHARES = ", ".join(f"avg(CASE WHEN has_{column} THEN 1.0 ELSE 0.0 END)" for column in _FIELDS)


def prepare(connection: duckdb.DuckDBPyConnection, lines: Lines) -> None:
    """What the figures are counted from: `facts`, an article a row; `characters` of lines by source and label; and
    the `place` of a source, itself or the rest.

    The tables are gone through once for it; what they hold beside it is not read.
    """
    columns = [[row[place] for row in lines.characters] for place in range(3)]
    connection.execute(
        "CREATE TABLE characters AS SELECT unnest(CAST(? AS VARCHAR[])) AS source,"
        " unnest(CAST(? AS VARCHAR[])) AS label, unnest(CAST(? AS BIGINT[])) AS n",
        columns,
    )
    connection.execute(
        "CREATE TABLE facts AS SELECT source, word_count, in_language, article_section, time_required_minutes,"
        " date_published, date_trunc('month', coalesce(date_published, CAST(retrieved_at AS TIMESTAMP))) AS month,"
        f" {', '.join(map(_has, _FIELDS))} FROM articles JOIN metadata USING (article_id)"
    )
    connection.execute(
        "CREATE TABLE records AS SELECT source, 'articles' AS kind, count(*) AS n FROM facts GROUP BY source"
        f" UNION ALL SELECT {_OF_REJECT}, reason, count(*) FROM rejects GROUP BY 1, 2"
    )
    connection.execute(
        f"CREATE TABLE places AS SELECT source,"
        f" CASE WHEN rank <= {_SOURCES} THEN source ELSE 'other sources' END AS place,"
        f" least(rank, {_SOURCES + 1}) AS rank FROM ("
        f"SELECT source, row_number() OVER (ORDER BY sum(n) DESC, source) AS rank FROM records GROUP BY source)"
    )


def _grid(rows: list[tuple[str, str, Any]], columns: list[str], empty: Any) -> Grid:
    """Rows (name, column, value), in order of the names, as a grid."""
    names = list(dict.fromkeys(name for name, *_ in rows))
    cells = {(name, column): value for name, column, value in rows}
    return Grid(names, columns, [[cells.get((name, column), empty) for column in columns] for name in names])


def accounting(connection: duckdb.DuckDBPyConnection) -> Grid:
    """Raw records by source: articles, then rejects by reason."""
    rows = _fetch(
        connection,
        "SELECT place, kind, sum(n) FROM records JOIN places USING (source)"
        " GROUP BY place, kind ORDER BY min(rank), kind",
    )
    reasons = sorted({kind for _, kind, _ in rows} - {"articles"})
    order = list(dict.fromkeys(place for place, *_ in rows))
    return _grid(
        [(p, k, int(n)) for p, k, n in sorted(rows, key=lambda r: order.index(r[0]))], ["articles", *reasons], 0
    )


def over_time(connection: duckdb.DuckDBPyConnection) -> tuple[str, list[tuple[str, int]], int]:
    """Unit (month or year), articles in each from the first to the last, and the number without a date."""
    (first, last, undated), *_ = _fetch(
        connection, "SELECT min(date_published), max(date_published), count(*) - count(date_published) FROM facts"
    )
    if first is None:
        return "month", [], undated
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    unit, form = ("month", "%Y-%m") if months <= _MOST_MONTHS else ("year", "%Y")
    counts = dict(
        _fetch(
            connection,
            f"SELECT strftime(date_published, '{form}'), count(*) FROM facts"
            " WHERE date_published IS NOT NULL GROUP BY 1",
        )
    )
    if unit == "year":
        names = [f"{year:04d}" for year in range(first.year, last.year + 1)]
    else:
        start = first.year * 12 + first.month - 1
        names = [f"{place // 12:04d}-{place % 12 + 1:02d}" for place in range(start, start + months)]
    return unit, [(name, counts.get(name, 0)) for name in names], undated


def lengths(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, int]]:
    """Articles by number of words, each class half as long again as the one before."""
    edges = [0, 25, 50, 75, 110, 170, 250, 380, 570, 850, 1300, 1900, 2900, 4300, 6500, 10000]
    counted = dict(
        _fetch(
            connection,
            f"SELECT len(list_filter({edges}, lambda edge: edge <= word_count)) - 1, count(*) FROM facts GROUP BY 1",
        )
    )
    last = max(counted, default=0)
    names = [f"{edge:,}" if edge < edges[-1] else f"{edge:,}+" for edge in edges]
    return [(names[index], counted.get(index, 0)) for index in range(last + 1)]


def most(connection: duckdb.DuckDBPyConnection, column: str, limit: int = 12) -> list[tuple[str, int]]:
    """The most frequent values of a column of articles and metadata, what has none, and the rest together."""
    rows = _fetch(connection, f"SELECT {column}, count(*) FROM facts GROUP BY 1 ORDER BY 2 DESC, 1 NULLS LAST")
    named = [(value, count) for value, count in rows if value is not None]
    none = [("none", count) for value, count in rows if value is None]
    rest = sum(count for _, count in named[limit:])
    return named[:limit] + ([(f"{len(named) - limit:,} others", rest)] if rest else []) + none


def filled(connection: duckdb.DuckDBPyConnection) -> Grid:
    """Share of a source's articles that have each value."""
    rows = _fetch(
        connection,
        f"SELECT place, count(*), {_SHARES} FROM facts JOIN places USING (source) GROUP BY place ORDER BY min(rank)",
    )
    return Grid([row[0] for row in rows], ["articles", *_FIELDS], [list(row[1:]) for row in rows])


def filled_by_month(connection: duckdb.DuckDBPyConnection, largest: int = 8) -> list[tuple[str, Grid]]:
    """For the largest sources with articles of several months: the share of each month's articles with a value."""
    rows = _fetch(
        connection,
        f"SELECT rank, source, strftime(month, '%Y-%m'), {_SHARES} FROM facts JOIN places USING (source)"
        " WHERE month IS NOT NULL AND source IN (SELECT source FROM facts JOIN places USING (source)"
        f" WHERE month IS NOT NULL AND rank <= {_SOURCES} GROUP BY source HAVING count(DISTINCT month) > 1"
        f" ORDER BY min(rank) LIMIT {largest}) GROUP BY rank, source, month ORDER BY rank, month",
    )
    found = []
    for place in dict.fromkeys(row[1] for row in rows):
        of_place = [row for row in rows if row[1] == place][-_MOST_MONTHS:]
        values = [[row[3 + index] for row in of_place] for index in range(len(_FIELDS))]
        found.append((place, Grid(list(_FIELDS), [row[2] for row in of_place], values)))
    return found


def labels(connection: duckdb.DuckDBPyConnection) -> Grid:
    """Share of the characters of a source's lines that have each label."""
    drawn = ", ".join(f"'{label}'" for label in _DRAWN)
    rows = _fetch(
        connection,
        "SELECT place, label, sum(n) / sum(sum(n)) OVER (PARTITION BY place), min(rank) FROM ("
        f"SELECT source, CASE WHEN label IN ({drawn}) THEN label ELSE 'other' END AS label, n FROM characters)"
        " JOIN places USING (source)"
        " GROUP BY place, label ORDER BY min(rank), place, label",
    )
    order = sorted({(rank, place) for place, _, _, rank in rows})
    names = list(dict.fromkeys(place for _, place in order))
    ordered = sorted(((p, label, float(share)) for p, label, share, _ in rows), key=lambda row: names.index(row[0]))
    return _grid(ordered, [*_DRAWN, "other"], 0.0)


def read_times(connection: duckdb.DuckDBPyConnection) -> list[tuple[int, int, int]]:
    """Stated read time in minutes, words (to the nearest 50), and how many articles have both."""
    return [
        (minutes, words, count)
        for minutes, words, count in _fetch(
            connection,
            "SELECT time_required_minutes, 50 * CAST(round(word_count / 50) AS INTEGER), count(*) FROM facts"
            " WHERE time_required_minutes IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2 LIMIT 2000",
        )
    ]
