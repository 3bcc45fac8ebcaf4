"""How a program ends."""

import ctypes
import os
import subprocess
import sys
from pathlib import Path

import pytest

from broadsheet.process import with_room_for_calls

_PROGRAM = """
import atexit
from broadsheet.process import end
atexit.register(print, "last")
print("first")
end(3)
"""


def test_a_program_ends_with_its_code_and_all_that_it_said() -> None:
    ended = subprocess.run([sys.executable, "-c", _PROGRAM], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (3, "first\nlast\n", "")


def test_a_reader_that_leaves_early_is_no_error(tmp_path: Path) -> None:
    dump = tmp_path / "dump.txt"
    dump.write_text("The quay is closed, and nobody could say for how long it will be.\n" * 5000)
    command = [sys.executable, "-m", "broadsheet.cli", "explain", str(dump)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as reading:
        assert reading.stdout is not None and reading.stderr is not None
        assert reading.stdout.readline()
        reading.stdout.close()
        assert (reading.wait(), reading.stderr.read()) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only some systems have a device that is always full")
def test_what_cannot_be_written_is_said_in_a_line(tmp_path: Path) -> None:
    dump = tmp_path / "dump.txt"
    dump.write_text("The quay is closed, and nobody could say for how long it will be.\n" * 5)
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "broadsheet.cli", "explain", str(dump)],
            stdout=full, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    assert (ended.returncode, ended.stderr) == (2, "broadsheet: No space left on device\n")


def test_memory_that_was_freed_is_taken_again_by_all() -> None:
    asked = "import pyarrow as pa; print(pa.default_memory_pool().backend_name)"
    code = f"from broadsheet.process import reuse_memory; reuse_memory(); {asked}"
    for chosen, expected in ((None, "system"), ("mimalloc", "mimalloc")):
        environment = {key: value for key, value in os.environ.items() if key != "ARROW_DEFAULT_MEMORY_POOL"}
        environment |= {"ARROW_DEFAULT_MEMORY_POOL": chosen} if chosen else {}
        run = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
        assert run.stdout.strip() == expected


def test_a_function_with_room_for_calls_does_what_it_did() -> None:
    @with_room_for_calls
    def work(number: int, *others: int, by: int = 2) -> int:
        return number * by if number > 900 else work(number + 1, *others, by=by) + len(others)

    assert work(1, 4, 5, by=3) == 901 * 3 + 2 * 900


def test_arrow_does_without_pandas_until_it_is_asked_for_a_frame() -> None:
    code = (
        "from broadsheet.process import use_arrow_without_pandas; use_arrow_without_pandas()\n"
        "import sys, pyarrow as pa; table = pa.table({'a': pa.array(['x', None], pa.string())})\n"
        "print('pandas' in sys.modules, table.to_pandas().isna()['a'].tolist())"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split(maxsplit=1)[0] == "False" and "[False, True]" in run.stdout


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "malloc_trim"), reason="only glibc keeps it")
def test_memory_that_was_freed_is_given_back() -> None:
    code = """
import re
from pathlib import Path
from broadsheet.process import give_back_memory, reuse_memory

def resident():
    return int(re.search(r"VmRSS:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])

reuse_memory()
texts = [bytes(10_000) for _ in range(4_000)]
del texts[::2], texts[:-1]
kept = resident()
give_back_memory()
print(kept - resident())
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(run.stdout) > 20_000  # KiB, of 40,000
