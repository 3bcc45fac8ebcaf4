#!/usr/bin/env python3
"""How a build grows: memory with ten times the dumps, two workers beside one, and what a few new dumps cost.

    python benchmarks/scaling.py [NUMBER OF DUMPS] [FOLDER]

Builds NUMBER (default 10,000) and ten times as many synthetic dumps in FOLDER (default: a temporary one) and prints
peaks of memory (proportional set size of all processes, checks included; Linux only), CPU seconds and ratios. Start-up
is named apart: it is the cost of a build of one page.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from dumps import write_dumps

HERE = Path(__file__).resolve()


def _memory_of(group: int) -> int:
    """Proportional set size in kB of the processes of a group."""
    total = 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if os.getpgid(int(process.name)) == group:
                lines = (process / "smaps_rollup").read_text().splitlines()
                total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
        except (OSError, ValueError):  # it ended
            continue
    return total


def _run(command: list[str]) -> dict[str, float]:
    """CPU and wall seconds of a command, and its peak of memory in MB."""
    before, start, peak = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic(), 0
    process = subprocess.Popen(command, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while process.poll() is None:
        peak = max(peak, _memory_of(process.pid))
        time.sleep(0.1)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"cpu": cpu, "wall": time.monotonic() - start, "memory": peak / 1024}


def _build(raw: Path, out: Path, workers: int) -> dict[str, float]:
    return _run([sys.executable, "-m", "broadsheet.cli", "build", str(raw), str(out), "--workers", str(workers)])


def _stages(raw: Path, out: Path, workers: int) -> dict[str, float]:
    """Wall seconds of the stages without checks, in a process and with workers that have started."""
    command = [sys.executable, str(HERE), "--stages", str(raw), str(out), str(workers)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def run_stages(raw: Path, out: Path, number: int) -> None:
    """What `_stages` runs: once on one source to start, then on all."""
    from broadsheet.build import run_stage
    from broadsheet.parameters import read_parameters
    from broadsheet.stages import STAGES
    from broadsheet.stages.publish import publish
    from broadsheet.stages.workers import Workers

    parameters = read_parameters()
    with Workers(number) as workers, tempfile.TemporaryDirectory() as name:
        for place, dumps in ((Path(name), sorted(raw.iterdir())[0]), (out, raw)):
            start, cpu = time.monotonic(), time.process_time()
            for stage in STAGES:
                run_stage(stage, dumps, place, parameters, workers)
            publish(place, workers)
    print(json.dumps({"wall": time.monotonic() - start, "parent": time.process_time() - cpu}))


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(name)
        write_dumps(folder / "one", 1)
        write_dumps(folder / "small", number)
        write_dumps(folder / "large", 10 * number)
        start_up = _build(folder / "one", folder / "out-one", 1)["cpu"]
        clean = _build(folder / "small", folder / "out", 1)
        again = _build(folder / "small", folder / "out", 1)
        changed = next(iter(sorted(folder.glob("small/*/*.txt"))))
        changed.write_text(changed.read_text(encoding="utf-8") + "\nOne more line.\n", encoding="utf-8")
        one = _build(folder / "small", folder / "out", 1)
        write_dumps(folder / "small", number + number // 100)
        percent = _build(folder / "small", folder / "out", 1)
        print(f"start-up: {start_up:.1f} CPU s; {number} dumps, clean: {clean['cpu']:.1f} CPU s with it")
        work = clean["cpu"] - start_up
        for what, run in (("nothing changed", again), ("one dump changed", one), ("1 % added", percent)):
            share = (run["cpu"] - start_up) / work
            print(f"  {what}: {run['cpu']:.1f} CPU s; beyond start-up {share:.1%} of a clean build")
        ones, twos = (_stages(folder / "small", folder / f"stages-{workers}", workers) for workers in (1, 2))
        ratio = ones["wall"] / twos["wall"]
        print(f"stages, 1 worker {ones['wall']:.1f} s, 2 workers {twos['wall']:.1f} s: {ratio:.2f} times")
        print(f"  of it in the parent of 2 workers: {twos['parent']:.2f} CPU s")
        small, large = (_build(folder / raw, folder / f"memory-{raw}", 2) for raw in ("small", "large"))
        print(
            f"peak memory, {number} dumps {small['memory']:.0f} MB, {10 * number} dumps {large['memory']:.0f} MB: ",
            end="",
        )
        print(f"{large['memory'] / small['memory']:.2f} times")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--stages"]:
        run_stages(Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]))
    else:
        main()
