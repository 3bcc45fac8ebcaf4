"""File names that DVC cannot take: `python -m broadsheet.raw_names RAW`, before `dvc repro`.

DVC keeps names as text and fails with a traceback on one that is not UTF-8. `broadsheet build` reads such files.
"""

import os
import sys


def names_that_are_not_utf_8(raw: str) -> list[str]:
    """Paths below `raw` whose bytes are not UTF-8, printable, in order."""
    found = []
    for folder, folders, files in os.walk(raw):
        for name in (*folders, *files):
            path = os.path.join(folder, name)  # noqa: PTH118 (a path's bytes, not a Path, decide)
            if any("\udc80" <= character <= "\udcff" for character in path):
                found.append(os.fsencode(path).decode("utf-8", "backslashreplace"))
    return sorted(found)


def main() -> int:
    """Exit 2 with one line where there is such a name, 0 otherwise."""
    found = names_that_are_not_utf_8(sys.argv[1])
    if not found:
        return 0
    more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
    print(
        f"broadsheet: {found[0]}{more}: DVC cannot take a name that is not UTF-8; rename it, or use: broadsheet build",
        file=sys.stderr,
    )
    return 2


if __name__ == "__main__":
    sys.exit(main())
