#!/usr/bin/env python3
"""Text dumps for measuring size: pages of the sample outlets' kinds, as many as asked for, the same for the same seed.

    python benchmarks/dumps.py FOLDER NUMBER [SEED]

A page keeps the short lines of a sample dump (menus, dates, captions), with other numbers and days; the words of
its prose are drawn anew from those of its outlet, so that no two pages share a paragraph.
"""

import html
import random
import re
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

RAW = Path(__file__).parent.parent / "raw"
_NUMBER = re.compile("[0-9]+")
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


def _other_number(draw: random.Random, found: re.Match[str]) -> str:
    """A number of the same length, which keeps days, months and years what they are."""
    number = found[0]
    if len(number) == 4 and 1900 <= int(number) < 2100:
        return str(draw.randint(2010, 2022))
    if int(number) <= 31:
        return f"{draw.randint(1, 12 if int(number) <= 12 else 28):0{len(number)}d}"[-len(number) :]
    return "".join(str(draw.randint(1, 9)) for _ in number)


def _drawn(number: int, seed: int) -> Iterator[tuple[str, int, list[str]]]:
    """Outlet, index and lines of `number` pages; the first n of them are the same for every number."""
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
                page.append(_NUMBER.sub(partial(_other_number, draw), line))
                continue
            for _ in range(draw.randint(1, 3)):
                drawn = draw.choices(words[outlet], k=max(12, line.count(" ")))
                page += [" ".join([drawn[0].capitalize(), *drawn[1:]]).rstrip(".,") + ".", ""]
        yield outlet, index, page


def _write(folder: Path, outlet: str, index: int, ending: str, content: str) -> None:
    place = folder / f"{outlet}-{index // PAGES_OF_A_SOURCE:04d}" / f"{index:08d}.{ending}"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(content, encoding="utf-8")


def write_dumps(folder: Path, number: int, seed: int = 7) -> None:
    """Write `number` text dumps below `folder`, a folder a source."""
    for outlet, index, lines in _drawn(number, seed):
        _write(folder, outlet, index, "txt", "\n".join(lines))


def write_pages(folder: Path, number: int, seed: int = 7) -> None:
    """Write the same pages as HTML, with the menus, scripts and boxes that a page has beside its text."""
    for outlet, index, lines in _drawn(number, seed):
        filled = [html.escape(line) for line in lines if line.strip()]
        first = next((place for place, line in enumerate(filled) if len(line) >= PROSE), 0)
        last = max((place for place, line in enumerate(filled) if len(line) >= PROSE), default=0)
        menu = "".join(
            f'<li class="nav-item"><a href="/{place}">{line}</a></li>' for place, line in enumerate(filled[:first])
        )
        text = "\n".join(f"<p>{line}</p>" for line in filled[first : last + 1])
        foot = "".join(f'<div class="footer-link"><span>{line}</span></div>' for line in filled[last + 1 :])
        _write(
            folder, outlet, index, "html",
            f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{filled[0]}</title>"
            f"<meta property='og:site_name' content='{outlet}'><script>var page = {{id: {index}}};</script></head>"
            f"<body><header><nav><ul>{menu}</ul></nav></header><main><article><h1>{filled[max(0, first - 1)]}</h1>"
            f"{text}</article><aside><ul>{menu}</ul></aside></main><footer>{foot}</footer></body></html>",
        )  # fmt: skip


if __name__ == "__main__":
    write_dumps(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 7)
