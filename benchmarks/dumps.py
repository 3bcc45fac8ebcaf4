#!/usr/bin/env python3
"""Text dumps for measuring size: pages of the sample outlets' kinds, as many as asked for, the same for the same seed.

    python benchmarks/dumps.py FOLDER NUMBER [SEED]

A page keeps the short lines of a sample dump (menus, dates, captions), with other numbers; the words of its prose
are drawn anew from those of its outlet, so that no two pages share a paragraph.
"""

import random
import sys
from pathlib import Path

RAW = Path(__file__).parent.parent / "raw"
PROSE = 120  # code points from which a line is prose
PAGES_OF_A_SOURCE = 500


def _samples() -> list[tuple[str, list[str]]]:
    """Outlet and lines of each sample dump of some length that is UTF-8 and in words divided by blanks."""
    found = []
    for path in sorted(RAW.rglob("*.txt")):
        try:
            text = path.read_bytes().decode("utf-8")
        except UnicodeDecodeError:
            continue
        lines = text.splitlines()
        if sum(len(line) >= PROSE and line.count(" ") > 10 for line in lines) >= 3:
            found.append((path.parent.name, lines))
    return found


def write_dumps(folder: Path, number: int, seed: int = 7) -> None:
    """Write `number` dumps below `folder`, a folder a source; the first n of them are the same for every number."""
    samples = _samples()
    words: dict[str, list[str]] = {}
    for outlet, lines in samples:
        words.setdefault(outlet, []).extend(word for line in lines if len(line) >= PROSE for word in line.split())
    for index in range(number):
        draw = random.Random(seed * 1_000_003 + index)
        outlet, lines = samples[draw.randrange(len(samples))]
        page = []
        for line in lines:
            if len(line) < PROSE:
                page.append("".join(str(draw.randint(1, 9)) if "1" <= each <= "9" else each for each in line))
                continue
            for _ in range(draw.randint(1, 3)):
                drawn = draw.choices(words[outlet], k=max(12, line.count(" ")))
                page += [" ".join([drawn[0].capitalize(), *drawn[1:]]).rstrip(".,") + ".", ""]
        place = folder / f"{outlet}-{index // PAGES_OF_A_SOURCE:04d}" / f"{index:08d}.txt"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text("\n".join(page), encoding="utf-8")


if __name__ == "__main__":
    write_dumps(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 7)
