"""What the programs of the project ask of the process that they run in."""

import atexit
import os
import sys
from typing import NoReturn


def compute_on_one_thread() -> None:
    """Let numpy's OpenBLAS, in this process if it is not loaded yet and in those it starts, compute on one thread.

    The products of the labelling are small: a second thread mostly waits in a loop, which took a seventh of a build's
    processor time, and workers are processes already. What the caller has set is left as it is.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def end(code: int) -> NoReturn:
    """End the program, with all that was asked to be done at its end, but without taking its objects apart first.

    Great Expectations and a build leave hundreds of thousands, which took as long as fifty pages.
    """
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(code)
