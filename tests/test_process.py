"""How a program ends."""

import subprocess
import sys
from pathlib import Path

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
    program = f"{sys.executable} -m broadsheet.cli explain {dump}"
    piped = subprocess.run(f"{program} | head -1; echo $?", shell=True, capture_output=True, text=True, check=True)
    assert piped.stderr == ""
    assert piped.stdout.endswith("\n0\n")
