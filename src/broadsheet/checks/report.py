"""A report as lines for a terminal."""

import json
from typing import Any

_SHOWN_ROWS = 5


def lines(report: dict[str, Any], severity: str) -> list[str]:
    """What failed with a severity: a line for each expectation, then its first rows, indented.

    Expectations of a table that an error kept from running share one line.
    """
    failed = [entry for entry in report["results"] if not entry["success"] and entry["severity"] == severity]
    found = [line for entry in failed if "error" not in entry for line in _lines_of(entry, report["stage"])]
    for (table, error), count in _errors(failed).items():
        noun = "expectation" if count == 1 else "expectations"
        found.append(f"{table}: {count} {noun} could not run: {error}")
    return found


def _errors(failed: list[dict[str, Any]]) -> dict[tuple[str, str], int]:
    counts: dict[tuple[str, str], int] = {}
    for entry in failed:
        if "error" in entry:
            key = (entry["table"], entry["error"])
            counts[key] = counts.get(key, 0) + 1
    return counts


def _lines_of(entry: dict[str, Any], stage: str) -> list[str]:
    place = f"{entry['table']}.{entry['column']}" if "column" in entry else entry["table"]
    heading = f"{place}: {name_of(entry)}: {finding(entry)}"
    rows = entry.get("sample", [])
    shown = [f"    {json.dumps(row, ensure_ascii=False)}" for row in rows[:_SHOWN_ROWS]]
    if len(rows) > _SHOWN_ROWS:
        shown.append(f"    … more in checks/{stage}.json")
    return [heading, *shown]


def name_of(entry: dict[str, Any]) -> str:
    """Which expectation: an invariant by its name and meaning, else the type with its arguments."""
    kwargs = {key: value for key, value in entry["kwargs"].items() if key != "column"}
    if entry["type"] == "expect_query_to_return_no_rows":
        return f"{kwargs['name']} ({entry['description']})"
    arguments = ", ".join(f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in kwargs.items())
    return f"{entry['type']} {{{arguments}}}" if arguments else entry["type"]


def finding(entry: dict[str, Any]) -> str:
    """What was found in place of what was expected."""
    if "unexpected_count" not in entry:
        return f"found {json.dumps(entry.get('observed_value'), ensure_ascii=False)}"
    count, elements = entry["unexpected_count"], entry["element_count"]
    if entry["type"] == "expect_parts_to_have_schema":
        return f"{count} {'problem' if count == 1 else 'problems'} in {elements} {'part' if elements == 1 else 'parts'}"
    return f"{count} of {elements} {'row' if elements == 1 else 'rows'}"
