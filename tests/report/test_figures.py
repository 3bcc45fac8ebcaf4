"""Figures that are added up part by part are those that a database counts over all rows."""

from collections import Counter
from pathlib import Path
from typing import Any

import duckdb
import pytest

from broadsheet.records import Article, Metadata, Reject
from broadsheet.report import figures
from broadsheet.report.lines import Lines, add_up_lines
from broadsheet.tables import read_part, rows_to_table, table_folders, table_parts, write_part


def facts_of(out: Path) -> figures.Facts:
    names = [part.name for part in table_parts(out, "articles")]
    articles = [figures.of_part(out, name) for name in names]
    folders = table_folders(out, "rejects")
    rejects = [figures.rejects_of_part(folders, out, name) for name in names]
    return figures.add_up(articles, rejects, add_up_lines(out, names))


def counted(out: Path, query: str) -> list[Any]:
    rows = f"(FROM '{out}/articles/*.parquet' JOIN '{out}/metadata/*.parquet' USING (article_id))"
    return duckdb.sql(query.format(rows=rows)).fetchall()


def test_figures_are_those_of_a_database(corpus: Path) -> None:
    facts = facts_of(corpus)
    times = (
        "SELECT time_required_minutes, 50 * CAST(round(word_count / 50) AS INTEGER), count(*) FROM {rows}"
        " WHERE time_required_minutes IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2"
    )
    assert figures.read_times(facts) == counted(corpus, times) != []
    months = "SELECT strftime(date_published, '%Y-%m'), count(*) FROM {rows} GROUP BY 1"
    assert facts.published == dict(counted(corpus, months))
    shares = (
        "SELECT source, count(*), count(headline) / count(*), avg(CASE WHEN len(authors) > 0 THEN 1.0 ELSE 0.0 END)"
        " FROM {rows} GROUP BY 1 ORDER BY 1"
    )
    grid = figures.filled(facts)
    headline, authors = (grid.columns.index(name) for name in ("headline", "authors"))
    shown = [(name, row[0], row[headline], row[authors]) for name, row in zip(grid.rows, grid.values, strict=True)]
    assert sorted(shown) == counted(corpus, shares)
    kinds = "SELECT in_language, count(*) FROM {rows} GROUP BY 1 ORDER BY 2 DESC, 1 NULLS LAST"
    assert [row for row in figures.most(facts, "in_language") if row[0] != "none"] == [
        row for row in counted(corpus, kinds) if row[0] is not None
    ]
    everything = sum(map(sum, figures.accounting(facts).values))
    rejects = sum(read_part(part).num_rows for part in table_parts(corpus, "rejects"))
    assert everything == counted(corpus, "SELECT count(*) FROM {rows}")[0][0] + rejects


def _metadata(article_id: str, byline: str | None) -> Metadata:
    values: dict[str, Any] = dict.fromkeys(Metadata.__dataclass_fields__) | {
        "article_id": article_id, "byline": byline, "authors": (), "keywords": (), "images": (), "raw_path": "a/b",
        "raw_record": 0, "raw_sha256": "", "raw_bytes": 1, "media_type": "", "encoding": "",
    }  # fmt: skip
    return Metadata(**values)


def test_articles_have_their_own_metadata_in_whatever_order(tmp_path: Path) -> None:
    """Also where some have none, as in a corpus whose checks failed."""
    articles = [Article(name, f"of {name}", None, None, "", None, 1, 25) for name in "abc"]
    write_part(tmp_path / "articles" / "p.parquet", rows_to_table("articles", articles))
    metadata = [_metadata("c", "Mara Quint"), _metadata("a", None)]
    write_part(tmp_path / "metadata" / "p.parquet", rows_to_table("metadata", metadata))
    rejects = [Reject(path, 0, None, None, 1, "ingest", "empty", "") for path in ("of c/1.txt", "2.txt")]
    write_part(tmp_path / "rejects" / "ingest" / "p.parquet", rows_to_table("rejects", rejects))
    articles_of_part = figures.of_part(tmp_path, "p.parquet")
    rejects_of_part = figures.rejects_of_part(table_folders(tmp_path, "rejects"), tmp_path, "p.parquet")
    facts = figures.add_up([articles_of_part], [rejects_of_part], Lines([], []))
    grid = figures.filled(facts)
    byline = grid.columns.index("byline")
    assert {name: row[byline] for name, row in zip(grid.rows, grid.values, strict=True)} == {"of a": 0, "of c": 1}
    assert figures.accounting(facts) == figures.Grid(
        ["of c", ".", "of a"], ["articles", "empty"], [[1, 1], [0, 1], [1, 0]]
    )
    assert figures.over_time(facts) == ("month", [], 2) and figures.lengths(facts) == [("0", 0), ("25", 2)]


@pytest.mark.parametrize("sources", [24, 30])
def test_the_smallest_sources_are_counted_together(sources: int) -> None:
    records = Counter({(f"s{number:02}", "articles"): 1 + number for number in range(sources)})
    grid = figures.accounting(figures.Facts(Lines([], []), records))
    assert grid.rows[:2] == [f"s{sources - 1}", f"s{sources - 2}"] and len(grid.rows) == min(sources, 25)
    assert sources == 24 or (grid.rows[-1], grid.values[-1]) == ("other sources", [1 + 2 + 3 + 4 + 5 + 6])
