"""The report of a build: one page that shows what the corpus holds and how it was checked."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, ParamSpec

from markupsafe import Markup

from broadsheet.checks.parts import part_folders
from broadsheet.checks.report import finding, name_of
from broadsheet.collection import no_search_for_cycles
from broadsheet.report import figures, plots
from broadsheet.report.html import render
from broadsheet.report.lines import add_up_lines, kept_by_part
from broadsheet.report.text import shown
from broadsheet.schema import tables
from broadsheet.stages import STAGES
from broadsheet.stages.kept import code_key, key_of, read_entry, write_entry
from broadsheet.tables import read_part, table_parts, write_text

Values = ParamSpec("Values")
_TICK = 40


def _short(names: list[str]) -> list[str]:
    return [shown(name, _TICK) for name in names]


def _pairs(rows: list[tuple[str, int]]) -> list[tuple[str, int]]:
    return [(shown(name, _TICK // 2), count) for name, count in rows]


class _Drawing:
    """Draws plots, but those that the last report of a corpus had too."""

    def __init__(self, out: Path) -> None:
        self._place = out / ".state" / "plots.json"
        entry = read_entry(self._place)
        self._before: dict[str, str] = entry.get("plots", {}) if entry and entry["key"] == code_key() else {}
        self._drawn: dict[str, str] = {}

    def __call__(self, plot: Callable[Values, Markup], *values: Values.args, **named: Values.kwargs) -> Markup:
        key = key_of(plot.__name__, values, named)
        drawn = self._before.get(key) or plot(*values, **named)
        self._drawn[key] = drawn
        return Markup(drawn)

    def keep(self) -> None:
        """Keep what was drawn for the next report."""
        write_entry(self._place, {"key": code_key(), "plots": self._drawn})


def _by_month(draw: _Drawing, index: int, place: str, grid: figures.Grid) -> tuple[str, Markup, figures.Grid]:
    label = "Share of articles with each value, by month"
    return place, draw(plots.shades, f"month{index}", label, grid.rows, grid.columns, grid.values), grid


def _plots(facts: figures.Facts, draw: _Drawing) -> dict[str, Any]:
    """What the page draws and lists, by name; a figure of nothing is None."""
    records, label, filled = figures.accounting(facts), figures.labels(facts), figures.filled(facts)
    unit, times, undated = figures.over_time(facts)
    languages, sections = figures.most(facts, "in_language"), figures.most(facts, "article_section")
    read_times, months = figures.read_times(facts), figures.filled_by_month(facts)
    lengths = figures.lengths(facts)
    drawn: dict[str, Markup | None] = {
        "accounting": draw(
            plots.stacked_bars, "accounting", "Raw records by source: articles, and rejects by reason",
            _short(records.rows),
            [(column, [row[index] for row in records.values]) for index, column in enumerate(records.columns)],
            "raw records",
        ),
        "times": draw(plots.columns, "times", f"Articles by {unit} of publication", times, unit) if times else None,
        "lengths": draw(
            plots.columns, "lengths", "Articles by number of words", lengths, "words, from"
        ),
        "kinds": draw(
            plots.two_bars, "kinds", "Articles by language and by section", ("languages", _pairs(languages)),
            ("sections", _pairs(sections)),
        ),
        "labels": draw(
            plots.stacked_bars, "labels", "Share of characters by label, for each source", _short(label.rows),
            # To less than a pixel, so that a changed line seldom draws it anew.
            [(column, [round(row[index], 3) for row in label.values]) for index, column in enumerate(label.columns)],
            "share of characters",
        ),
        "read_times": draw(
            plots.points, "read_times", "Stated read time against number of words", read_times,
            "minutes, as stated", "words",
        ) if read_times else None,
    }  # fmt: skip
    return {
        "drawn": drawn,
        "months": [_by_month(draw, index, *entry) for index, entry in enumerate(months)],
        "accounting": records, "labels": label, "filled": filled, "times": times, "undated": undated, "unit": unit,
        "lengths": lengths, "languages": languages, "sections": sections,
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


def _parts(out: Path, until: str) -> dict[str, list[Path]]:
    """The parts of each table that the stages up to `until` have written; those behind it may be of another build."""
    return {
        name: [path for path in table_parts(out, name) if path.parent in part_folders(out, table, until)]
        if STAGES.index(table.stages[0]) <= STAGES.index(until)
        else []
        for name, table in tables().items()
    }


def _rows(parts: dict[str, list[Path]], manifest: dict[str, Any]) -> dict[str, int]:
    """How many rows each table has."""
    if manifest:
        return {name: entry["rows"] for name, entry in manifest["tables"].items()}
    return {name: sum(read_part(path, []).num_rows for path in paths) for name, paths in sorted(parts.items())}


@no_search_for_cycles()
def write_build_report(out: Path, until: str = STAGES[-1]) -> None:
    """Write report.html from tables, checks, manifest and metrics; `until` is the last stage that has run.

    The page of a build whose check failed shows the tables up to there, and has no manifest to name.
    """
    manifest, parts, drawing = _read_json(out / "manifest.json"), _parts(out, until), _Drawing(out)
    names = [path.name for path in parts["blocks"]]
    articles = kept_by_part(out, "facts", names, figures.of_part)
    count_rejects = partial(figures.rejects_of_part, part_folders(out, tables()["rejects"], until))
    rejects = kept_by_part(out, "rejects", [path.name for path in parts["documents"]], count_rejects)
    facts = figures.add_up(articles, rejects, add_up_lines(out, names))
    values = _plots(facts, drawing)
    drawing.keep()
    checks = _checks(out, until)
    page = render("report.html", manifest=manifest, counts=_rows(parts, manifest), checks=checks, **values)
    write_text(out / "report.html", page)
