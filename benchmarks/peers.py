#!/usr/bin/env python3
"""Pages a second and peak memory of a whole build, beside other tools and beside the floor, on one core.

    python benchmarks/peers.py [--pages 1000] [--rounds 3] [--html FOLDER] [--text FOLDER]

All run as processes of their own on the same files, one after the other in each round; medians are printed as a
table. Without folders the pages are made by dumps.py. `build` writes and checks all tables and draws the report;
trafilatura extracts text and metadata, resiliparse the main text; datatrove runs its pipeline of reader, trafilatura
extractor and JSON Lines writer, with its sentence splitter between them. The floor reads, hashes and decodes each file,
and writes the tables of the build again: their bytes, or their rows as Parquet. Processor seconds are those beyond
start-up, named in a column of its own: what is left of a run on few pages without their share. One page alone would
leave the rest to be charged with what the first page of a language or the first date of a kind loads.
"""

import argparse
import shutil
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from dumps import write_dumps, write_pages
from measure import Cost, run

READ = """
import hashlib, sys
from pathlib import Path
def pages():
    for path in sorted(each for each in Path(sys.argv[1]).rglob("*.*") if each.is_file() and each.suffix != ".yaml"):
        yield path.read_bytes()
"""
TRAFILATURA = (
    READ
    + """
import trafilatura
for page in pages():
    trafilatura.bare_extraction(page, fast=True, with_metadata=True)
"""
)
RESILIPARSE = (
    READ
    + """
from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.encoding import bytes_to_str, detect_encoding
for page in pages():
    extract_plain_text(bytes_to_str(page, detect_encoding(page)), main_content=True)
"""
)
DATATROVE = (
    READ
    + """
import importlib.metadata
from datatrove.data import Document
from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.extractors import Trafilatura
from datatrove.pipeline.writers import JsonlWriter
from datatrove.utils.text import split_into_sentences
def read(data, rank=0, world_size=1):
    for index, page in enumerate(pages()):
        yield Document(text=page.decode("utf-8", "replace"), id=str(index))
def split(data, rank=0, world_size=1):
    for document in data:
        document.metadata["sentences"] = split_into_sentences(document.text, "eng")
        yield document
steps = [read, Trafilatura(timeout=20), split, JsonlWriter(sys.argv[2])]
LocalPipelineExecutor(pipeline=steps, logging_dir=sys.argv[2] + "/log").run()
"""
)
FLOOR = (
    READ
    + """
for page in pages():
    hashlib.sha256(page).digest(), page.decode("utf-8", "replace")
built, out = Path(sys.argv[3]), Path(sys.argv[2])
out.mkdir(exist_ok=True)
for index, part in enumerate(sorted(built.rglob("part-*.parquet"))):
    WRITE
"""
)
BYTES = FLOOR.replace("WRITE", "(out / str(index)).write_bytes(part.read_bytes())")
PARQUET = FLOOR.replace("WRITE", "pq.write_table(pq.read_table(part), out / str(index), compression='zstd')").replace(
    "import hashlib", "import hashlib, pyarrow.parquet as pq", 1
)
FEW = 32
OTHERS = {"trafilatura, fast": TRAFILATURA, "resiliparse, main content": RESILIPARSE, "datatrove": DATATROVE}
FLOORS = {"floor: the tables' bytes": BYTES, "floor: the tables' rows": PARQUET}


def _command(tool: str, raw: Path, out: Path, built: Path) -> list[str]:
    if tool == "broadsheet build":
        return [sys.executable, "-m", "broadsheet.cli", "build", str(raw), str(out), "--workers", "1"]
    return [sys.executable, "-c", (OTHERS | FLOORS)[tool], str(raw), str(out), str(built)]


def _pages(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*.*") if path.is_file() and path.name != "source.yaml")


def _few_pages(folder: Path, place: Path) -> Path:
    """A folder with some pages of `folder`, from all over it, that lie as they do there."""
    pages = _pages(folder)
    for page in pages[:: max(1, len(pages) // FEW)][:FEW]:
        copy = place / page.relative_to(folder)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(page, copy)
    return place


def compare(raw: Path, tools: Sequence[str], rounds: int, kind: str) -> None:
    """Print a row of the table for each tool."""
    pages = len(_pages(raw))
    size = sum(path.stat().st_size for path in raw.rglob("*.*") if path.is_file())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        few = _few_pages(raw, folder / "few")
        number = len(_pages(few))
        places = {few: folder / "built-few", raw: folder / "built"}
        for source, place in places.items():
            run(_command("broadsheet build", source, place, place))
        costs: dict[tuple[str, Path], list[Cost]] = {}
        for _ in range(rounds):
            for tool in tools:
                for source, built in places.items():
                    shutil.rmtree(folder / "out", ignore_errors=True)
                    cost = run(_command(tool, source, folder / "out", built))
                    costs.setdefault((tool, source), []).append(cost)
    print(f"\n{pages} pages of {kind}, {size / pages / 1000:.1f} kB each\n")
    print("| tool | ms a page | pages a second | times the build's | start-up, CPU s | peak MB |")
    print("|---|--:|--:|--:|--:|--:|")
    found = {}
    for tool in tools:
        some, whole = (statistics.median(cost.cpu for cost in costs[tool, each]) for each in (few, raw))
        found[tool] = (whole - some) / max(1, pages - number)
        start = some - number * found[tool]
        share = found[tools[0]] / found[tool]
        memory = statistics.median(cost.memory for cost in costs[tool, raw])
        print(
            f"| {tool} | {1000 * found[tool]:.2f} | {1 / found[tool]:.0f} | {share:.2f} | {start:.1f} | {memory:.0f} |"
        )


def main() -> None:
    """Measure HTML, then text."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--pages", type=int, default=1000, help="how many pages are made where no folder is named")
    ask.add_argument("--rounds", type=int, default=3)
    ask.add_argument("--html", type=Path, help="laid out as raw/: one folder a source, with pages in HTML")
    ask.add_argument("--text", type=Path, help="laid out as raw/: one folder a source, with text dumps")
    args = ask.parse_args()
    with tempfile.TemporaryDirectory() as name:
        html, text = args.html or Path(name) / "html", args.text or Path(name) / "text"
        if not args.html:
            write_pages(html, args.pages)
        if not args.text:
            write_dumps(text, args.pages)
        compare(html, ["broadsheet build", *OTHERS], args.rounds, "HTML")
        compare(text, ["broadsheet build", *FLOORS], args.rounds, "text dumps")


if __name__ == "__main__":
    main()
