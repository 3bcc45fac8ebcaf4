#!/usr/bin/env python3
"""Pages a second from HTML: a whole `broadsheet build` beside trafilatura's fast extraction, on one core.

    python benchmarks/html_pages.py FOLDER_OF_HTML_FILES [--rounds 3]

Both run as processes of their own on the same files, one after the other in each round, and are measured in
seconds of processor time, start-up included. `build` writes and checks all tables; trafilatura reads each file
and extracts text and metadata. Prints the median of each and the ratio.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

THREADS = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "ARROW_NUM_THREADS", "POLARS_MAX_THREADS"), "1")
TRAFILATURA = """
import sys
from pathlib import Path
import trafilatura
for path in sorted(Path(sys.argv[1]).rglob("*.html")):
    trafilatura.bare_extraction(path.read_bytes(), fast=True, with_metadata=True)
"""


def processor_seconds(command: list[str]) -> float:
    """Seconds of processor time that a command and all its children take."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, env=os.environ | THREADS, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def main() -> None:
    """Measure both in turn and print pages a second and their ratio."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("folder", type=Path, help="laid out as raw/: one folder a source, files named *.html")
    ask.add_argument("--rounds", type=int, default=3)
    args = ask.parse_args()
    pages = len(list(args.folder.rglob("*.html")))
    if not pages:
        sys.exit(f"{args.folder}: no file named *.html")
    took: dict[str, list[float]] = {"trafilatura": [], "broadsheet": []}
    for _ in range(args.rounds):
        took["trafilatura"].append(processor_seconds([sys.executable, "-c", TRAFILATURA, str(args.folder)]))
        with tempfile.TemporaryDirectory() as out:
            build = [sys.executable, "-m", "broadsheet.cli", "build", str(args.folder), out, "--workers", "1"]
            took["broadsheet"].append(processor_seconds(build))
    medians = {name: statistics.median(seconds) for name, seconds in took.items()}
    for name, seconds in medians.items():
        print(f"{name:12} {pages / seconds:8.1f} pages/s  {1000 * seconds / pages:7.2f} ms a page")
    print(f"ratio        {medians['trafilatura'] / medians['broadsheet']:8.2f}")


if __name__ == "__main__":
    main()
