#!/usr/bin/env python3
"""Pages a second on one core: our labelling and whole build of text dumps beside jusText's rules, in one run.

    python benchmarks/labelling.py [FOLDER OF DUMPS]

Reads text dumps (default: those of raw/), repeats them to a fixed number of pages, and prints medians of several
rounds and their ratio. jusText's rules get the same lines as paragraphs, with an English stop list.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

# One core: numpy and Arrow would otherwise use the other for themselves.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "ARROW_NUM_THREADS"):
    os.environ.setdefault(name, "1")

import numpy as np
from justext import get_stoplist
from justext.core import classify_paragraphs, revise_paragraph_classification
from justext.paragraph import Paragraph

from broadsheet.collection import no_search_for_cycles
from broadsheet.encodings import Decoded, decode
from broadsheet.labelling.body import body_lines, body_scores
from broadsheet.labelling.glance import glance_at
from broadsheet.labelling.labels import label_pages
from broadsheet.labelling.state import PageLines
from broadsheet.lines import cut_lines, cut_units, unwrapped

ROUNDS = 5
BUILDS = 3
BATCH = 128
BASE = 30


def read_texts(folder: Path) -> list[str]:
    paths = sorted(folder.rglob("*.txt"))
    found = (decode(path.read_bytes()) for path in paths)
    return [each.text for each in found if isinstance(each, Decoded) and each.text.strip()]


def label_all(texts: list[str]) -> int:
    """Cut and label every page; the number of body lines."""
    chosen = 0
    for first in range(0, len(texts), BATCH):
        batch = texts[first : first + BATCH]
        units = [cut_units(text, cut_lines(text)) for text in batch]
        pages = [
            [unwrapped(text, unit.start, unit.end) for unit in each] for text, each in zip(batch, units, strict=True)
        ]
        scores = body_scores(batch, [each.start for each in units], [each.end for each in units])
        labelled = label_pages(
            PageLines(lines, own, body_lines(own), np.zeros(len(lines), bool), glance)
            for lines, own, glance in zip(pages, scores, glance_at(pages), strict=True)
        )
        chosen += sum(label == "body" for labels in labelled for label in labels.labels)
    return chosen


class _Path:
    dom = "p"
    xpath = "p"


def justext_all(texts: list[str]) -> int:
    """jusText's two passes over the same lines; the number of good ones."""
    stop_words = get_stoplist("English")
    good = 0
    for text in texts:
        paragraphs = []
        for line in cut_lines(text):
            paragraph = Paragraph(_Path())
            paragraph.append_text(text[line.start : line.end])
            paragraphs.append(paragraph)
        classify_paragraphs(paragraphs, stop_words)
        revise_paragraph_classification(paragraphs)
        good += sum(not paragraph.is_boilerplate for paragraph in paragraphs)
    return good


@no_search_for_cycles()
def seconds(work: Callable[[], object]) -> float:
    """CPU seconds of `work`, as the stages run it: without searches for cycles."""
    began = time.process_time()
    work()
    return time.process_time() - began


def _build_seconds(raw: Path, out: Path) -> float:
    """CPU seconds of `broadsheet build` with one worker, start-up and checks included."""
    before = os.times()
    subprocess.run(
        [sys.executable, "-m", "broadsheet.cli", "build", str(raw), str(out), "--workers", "1"],
        check=True, capture_output=True,
    )  # fmt: skip
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def build_pages_a_second(texts: list[str]) -> float:
    """Pages a second of the whole build beyond start-up: the difference between many pages and few, medians."""
    with tempfile.TemporaryDirectory() as name:
        for kind, pages in (("few", texts[:BASE]), ("all", texts)):
            (Path(name) / kind / "pages").mkdir(parents=True)
            for index, text in enumerate(pages):
                # A line of its own keeps repeated pages from being copies.
                (Path(name) / kind / "pages" / f"{index:05d}.txt").write_text(f"{text}\n{index}\n", encoding="utf-8")
        costs: dict[str, list[float]] = {"few": [], "all": []}
        for number in range(BUILDS):
            for kind, seconds_of in costs.items():
                seconds_of.append(_build_seconds(Path(name) / kind, Path(name) / f"out-{kind}-{number}"))
        few, whole = (statistics.median(costs[kind]) for kind in ("few", "all"))
    return (len(texts) - BASE) / max(whole - few, 1e-9)


def table(texts: list[str]) -> Iterator[str]:
    label_all(texts[:BATCH])
    justext_all(texts[:BATCH])
    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours.append(len(texts) / seconds(lambda: label_all(texts)))
        theirs.append(len(texts) / seconds(lambda: justext_all(texts)))
    size = sum(len(text) for text in texts) / len(texts)
    yield f"{len(texts)} pages of {size:.0f} characters, medians of {ROUNDS} rounds, CPU time of one core"
    yield f"labelling alone      {statistics.median(ours):8.0f} pages/s"
    yield f"jusText's rules      {statistics.median(theirs):8.0f} pages/s"
    yield f"ratio                {statistics.median(ours) / statistics.median(theirs):8.2f}"
    yield f"whole build          {build_pages_a_second(texts):8.0f} pages/s beyond start-up, checks included"


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("folder", type=Path, nargs="?", default=Path("raw"))
    ask.add_argument("--pages", type=int, default=600)
    args = ask.parse_args()
    texts = read_texts(args.folder)
    if not texts:
        sys.exit(f"{args.folder}: no text dumps here")
    repeated = (texts * (args.pages // len(texts) + 1))[: args.pages]
    for line in table(repeated):
        print(line)


if __name__ == "__main__":
    main()
