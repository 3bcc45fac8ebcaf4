#!/usr/bin/env python3
"""How a build grows: what a changed dump costs, two workers beside one, where the time goes, memory with the size.

    python benchmarks/scaling.py [--dumps 10000] [--sizes 10000 100000] [--rounds 3] [--folder FOLDER]

Dumps are made by dumps.py. Start-up is the cost of a build of one page and is named apart; it moves by half a second on
a shared machine, so that each build onto a corpus is compared with a build of one page just before it. Memory is the
peak of the proportional set size of all processes, checks included (Linux only). The default takes an hour and more.
"""

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from dumps import write_dumps
from measure import ENVIRONMENT, Cost, run

HERE = Path(__file__).resolve()
# Builds after a change, each with one of one page, at the least.
PAIRS = 5
# Dumps that are enough for each worker to get some.
FEW = 1000


def _build(raw: Path, out: Path, workers: int = 1) -> Cost:
    return run([sys.executable, "-m", "broadsheet.cli", "build", str(raw), str(out), "--workers", str(workers)])


def increments(folder: Path, number: int, rounds: int) -> None:
    """A clean build of `number` dumps, then builds onto it after changes; processor seconds beyond start-up."""
    raw, out = folder / "raw", folder / "out"
    write_dumps(raw, number)
    write_dumps(folder / "one", 1)
    _build(folder / "one", folder / "out-warm")
    starts: list[float] = []

    def beyond_start() -> float:
        one = folder / f"out-one-{len(starts)}"
        starts.append(_build(folder / "one", one).cpu)
        shutil.rmtree(one)
        return _build(raw, out).cpu - starts[-1]

    whole = _build(raw, out).cpu
    # One in the middle, and another one each time.
    files = sorted(raw.rglob("*.txt"))[number // 2 :: 7][: max(rounds, PAIRS)]
    same = statistics.median(_build(raw, out).cpu for _ in range(rounds))
    changed = []
    for file in files:
        file.write_text(file.read_text(encoding="utf-8") + "\nOne more line.\n", encoding="utf-8")
        changed.append(beyond_start())
    write_dumps(folder / "raw", number + number // 100)
    added = beyond_start()
    start = statistics.median(starts)
    clean = whole - start
    print(f"\n{number} dumps; start-up {start:.1f} CPU s, which every row has beside what is named\n")
    print("| build | CPU s | share of the clean build |\n|---|--:|--:|")
    print(f"| clean | {clean:.1f} | 100 % |")
    rows = (("one dump changed", statistics.median(changed)), ("1 % of dumps added and some changed", added))
    for what, cpu in rows:
        print(f"| {what} | {cpu:.2f} | {cpu / clean:.1%} |")
    print(f"| nothing changed, start-up included (no check runs) | {same:.2f} | {same / clean:.1%} |")


def stages(folder: Path, number: int, rounds: int) -> None:
    """Wall seconds of the stages without checks, with 1 worker and with 2 that have started; and each stage's share."""
    raw, few = folder / "raw", folder / "few"
    write_dumps(raw, number)
    write_dumps(few, FEW)
    took: dict[int, list[dict[str, float]]] = {1: [], 2: []}
    for _ in range(rounds):
        for workers, found in took.items():
            command = [sys.executable, str(HERE), "--stages", str(few), str(raw), str(workers)]
            done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=ENVIRONMENT)
            found.append(json.loads(done.stdout))
    print(f"\n{number} dumps, stages without checks, wall seconds\n")
    print("| stage | 1 worker | ms a page | 2 workers | times as fast |\n|---|--:|--:|--:|--:|")
    for stage in took[1][0]:
        one, two = (statistics.median(each[stage] for each in found) for found in took.values())
        print(f"| {stage} | {one:.2f} | {1000 * one / number:.2f} | {two:.2f} | {one / max(two, 1e-9):.2f} |")


def run_stages(few: Path, raw: Path, number: int) -> None:
    """What `stages` runs: once on a few dumps, of which each worker gets some and so starts, then on all."""
    from broadsheet.build import run_stage
    from broadsheet.parameters import read_parameters
    from broadsheet.stages import STAGES
    from broadsheet.stages.publish import publish
    from broadsheet.stages.workers import Workers

    parameters = read_parameters()
    with Workers(number) as workers, tempfile.TemporaryDirectory() as name:
        for place, dumps in ((Path(name) / "few", few), (Path(name) / "all", raw)):
            took = {}
            begin = time.monotonic()
            for stage in STAGES:
                start = time.monotonic()
                run_stage(stage, dumps, place, parameters, workers)
                took[stage] = time.monotonic() - start
            start = time.monotonic()
            publish(place, workers)
            took["publish"] = time.monotonic() - start
            took["all"] = time.monotonic() - begin
    print(json.dumps(took))


def sizes(folder: Path, numbers: list[int]) -> None:
    """Builds by two workers of each number of dumps."""
    print("\n| dumps | CPU s | wall s | pages a second | peak MB | times the first |\n|--:|--:|--:|--:|--:|--:|")
    first = 0.0
    for number in numbers:
        write_dumps(folder / "sizes", number)
        cost = _build(folder / "sizes", folder / f"out-{number}", 2)
        first = first or cost.memory
        print(
            f"| {number} | {cost.cpu:.0f} | {cost.wall:.0f} | {number / cost.wall:.0f} | {cost.memory:.0f} |"
            f" {cost.memory / first:.2f} |",
            flush=True,
        )


def main() -> None:
    """All three, in one run."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--dumps", type=int, default=10_000, help="for increments, workers and stages; 0 leaves them out")
    ask.add_argument("--sizes", type=int, nargs="*", default=[10_000, 100_000], help="numbers of dumps for memory")
    ask.add_argument("--rounds", type=int, default=3)
    ask.add_argument("--folder", type=Path, help="an empty folder; default a temporary one")
    args = ask.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = args.folder or Path(name)
        if args.dumps:
            increments(folder / "increments", args.dumps, args.rounds)
            stages(folder / "stages", args.dumps, args.rounds)
        if args.sizes:
            sizes(folder, args.sizes)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--stages"]:
        run_stages(Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]))
    else:
        main()
