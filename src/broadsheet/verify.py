"""Checking a built corpus: every expectation, and that the files are those of the manifest."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from broadsheet.checks import check_stage, expectation_count, failures, warnings
from broadsheet.errors import UsageError
from broadsheet.schema import tables
from broadsheet.stages import STAGES
from broadsheet.tables import check_folder, table_parts


def manifest_failures(out: Path) -> list[str]:
    """What of the corpus is not as its manifest says, a line each."""
    path = out / "manifest.json"
    if not path.is_file():
        return ["manifest.json is missing: the build was not finished or its checks failed"]
    try:
        manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        stated = {name: entry for table in manifest["tables"].values() for name, entry in table["files"].items()}
    except (json.JSONDecodeError, UnicodeDecodeError, KeyError, TypeError, AttributeError):
        return ["manifest.json is not readable as a manifest"]
    found = {part.relative_to(out).as_posix(): part for name in tables() for part in table_parts(out, name)}
    lines = [f"{name} is in the manifest but not there" for name in sorted(stated.keys() - found.keys())]
    lines += [f"{name} is there but not in the manifest" for name in sorted(found.keys() - stated.keys())]
    for name in sorted(stated.keys() & found.keys()):
        if hashlib.sha256(found[name].read_bytes()).hexdigest() != stated[name].get("sha256"):
            lines.append(f"{name} is not the file that the manifest describes")
    return lines


def _release_failures(out: Path) -> list[str]:
    from broadsheet.release import release_failures

    try:
        manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
        return release_failures(out, manifest)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return []  # said of the manifest already


def verify(out: Path, say: Callable[[str], None]) -> bool:
    """Run every expectation and compare files with the manifest; True where all is well. Says what is not."""
    check_folder(out, "name one that `broadsheet build RAW OUT` has made")
    if not any(table_parts(out, name) for name in tables()):
        raise UsageError(f"{out}: no tables here; name a folder that `broadsheet build RAW OUT` has made")
    wrong = [f"manifest: {line}" for line in manifest_failures(out)]
    wrong += [f"release: {line}" for line in _release_failures(out)]
    count = 0
    for stage in STAGES:
        report = check_stage(out, stage)
        count += expectation_count(report)
        for line in warnings(report):
            say(f"warning: {line}")
        wrong += failures(report)
    for line in wrong:
        say(f"failed: {line}")
    say(f"{out}: {count} expectations, " + (f"{len(wrong)} failures" if wrong else "all passed"))
    return not wrong
