"""The report of a build: one page that shows what the corpus holds and how it was checked."""

import json
from pathlib import Path
from typing import Any

import duckdb
from markupsafe import Markup

from broadsheet.checks.database import open_database, table_view
from broadsheet.checks.report import finding, name_of
from broadsheet.report import figures, plots
from broadsheet.report.html import render
from broadsheet.report.text import shown
from broadsheet.schema import tables
from broadsheet.stages import STAGES
from broadsheet.tables import table_parts, write_text

_TICK = 40


def _short(names: list[str]) -> list[str]:
    return [shown(name, _TICK) for name in names]


def _stacks(grid: figures.Grid) -> list[tuple[str, list[Any]]]:
    return [(column, [row[index] for row in grid.values]) for index, column in enumerate(grid.columns)]


def _pairs(rows: list[tuple[str, int]]) -> list[tuple[str, int]]:
    return [(shown(name, _TICK // 2), count) for name, count in rows]


def _plots(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """What the page draws and lists, by name; a figure of nothing is None."""
    records, label, filled = figures.accounting(connection), figures.labels(connection), figures.filled(connection)
    unit, times, undated = figures.over_time(connection)
    languages, sections = figures.most(connection, "in_language"), figures.most(connection, "article_section")
    read_times, lengths = figures.read_times(connection), figures.lengths(connection)
    drawn: dict[str, Markup | None] = {
        "accounting": plots.stacked_bars(
            "Raw records by source: articles, and rejects by reason", _short(records.rows), _stacks(records),
            "raw records",
        ),
        "times": plots.columns(f"Articles by {unit} of publication", times, unit) if times else None,
        "lengths": plots.columns("Articles by number of words", lengths, "words, from"),
        "kinds": plots.two_bars(
            "Articles by language and by section", ("languages", _pairs(languages)), ("sections", _pairs(sections))
        ),
        "labels": plots.stacked_bars(
            "Share of characters by label, for each source", _short(label.rows), _stacks(label), "share of characters"
        ),
        "read_times": plots.points(
            "Stated read time against number of words", read_times, "minutes, as stated", "words"
        ) if read_times else None,
    }  # fmt: skip
    months = [
        (place, plots.shades("Share of articles with each value, by month", grid.rows, grid.columns, grid.values), grid)
        for place, grid in figures.filled_by_month(connection)
    ]
    return {
        "drawn": drawn, "months": months, "accounting": records, "labels": label, "filled": filled, "times": times,
        "undated": undated, "unit": unit, "lengths": lengths, "languages": languages, "sections": sections,
        "read_times": read_times,
    }  # fmt: skip


def _read_json(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else {}


def _checks(out: Path, until: str) -> list[dict[str, Any]]:
    """Each stage's check up to `until`, with the wording that the terminal has too."""
    found = []
    for stage in STAGES[: STAGES.index(until) + 1]:
        report = _read_json(out / "checks" / f"{stage}.json")
        results = [
            {
                "where": f"{entry['table']}.{entry['column']}" if "column" in entry else entry["table"],
                "name": name_of(entry),
                "success": entry["success"],
                "severity": entry["severity"],
                "found": "" if entry["success"] else entry.get("error") or finding(entry),
                "sample": [json.dumps(row, ensure_ascii=False) for row in entry.get("sample", [])],
            }
            for entry in report.get("results", [])
        ]
        found.append({"stage": stage, "success": report.get("success", False), "results": results})
    return found


def write_build_report(out: Path, until: str = STAGES[-1]) -> None:
    """Write report.html from tables, checks, manifest and metrics; `until` is the last stage that has run.

    The page of a build whose check failed shows the tables up to there, and has no manifest to name.
    """
    with open_database(threads=1) as connection:
        for name, table in tables().items():
            ran = STAGES.index(table.stages[0]) <= STAGES.index(until)
            table_view(connection, name, name, [part.absolute() for part in table_parts(out, name)] if ran else ())
        figures.prepare(connection)
        values = _plots(connection)
        counts = {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in sorted(tables())}  # type: ignore[index]
    checks = _checks(out, until)
    page = render("report.html", manifest=_read_json(out / "manifest.json"), counts=counts, checks=checks, **values)
    write_text(out / "report.html", page)
