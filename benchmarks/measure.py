"""What a command costs: seconds of processor time of it and its children, wall seconds, peak memory."""

import os
import resource
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "ARROW_NUM_THREADS", "POLARS_MAX_THREADS")
# One core a process. Without compiled files imports would be measured, ours and those of others.
ENVIRONMENT = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"} | dict.fromkeys(
    _THREADS, "1"
)


@dataclass(frozen=True, slots=True)
class Cost:
    """Processor seconds, wall seconds, and the peak of the proportional set size of all its processes in MB."""

    cpu: float
    wall: float
    memory: float


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


def run(command: list[str]) -> Cost:
    """Run a command and measure it; ends the benchmark with the command's words where it fails."""
    before, start, peak = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic(), 0
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            command, start_new_session=True, stdout=subprocess.DEVNULL, stderr=said, env=ENVIRONMENT
        )
        while process.poll() is None:
            peak = max(peak, _memory_of(process.pid))
            time.sleep(0.1)
        if process.returncode:
            said.seek(0)
            raise SystemExit(f"{' '.join(command)[:200]} failed:\n{said.read().decode(errors='replace')[-2000:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(cpu, time.monotonic() - start, peak / 1024)
