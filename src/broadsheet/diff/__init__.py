"""What differs between two corpora, row by row and in words."""

import json
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory


def diff(old: str, new: str, as_json: bool, parquet: Path | None, write: Callable[[str], None]) -> bool:
    """Compare two corpora, each a folder or a git revision; True where they hold the same rows.

    Writes text, or JSON, line by line, and every changed value into the file `parquet` where one is named.
    Raises UsageError where a corpus cannot be had.
    """
    from broadsheet.checks.database import open_database
    from broadsheet.diff import words
    from broadsheet.diff.compare import compare, write_values
    from broadsheet.diff.revisions import corpus_at

    with TemporaryDirectory(prefix="broadsheet-diff-") as beside, open_database() as connection:
        folders = [corpus_at(place, Path(beside) / side) for place, side in ((old, "old"), (new, "new"))]
        comparisons = compare(connection, *folders)
        findings = words.in_words(connection, comparisons)
        diffs = [each.diff for each in comparisons]
        if parquet is not None:
            write_values(connection, comparisons, parquet)
    if as_json:
        write(json.dumps(words.as_json(old, new, findings, diffs), ensure_ascii=False, indent=1))
    else:
        for line in words.as_text(old, new, findings, diffs):
            write(line)
    return all(each.is_same for each in diffs)
