"""What the programs of the project ask of the process that they run in."""

import atexit
import ctypes
import os
import sys
from collections.abc import Callable, Sequence
from importlib.abc import MetaPathFinder
from types import FunctionType, ModuleType
from typing import NoReturn, ParamSpec, TypeVar

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

# Of mallopt(3): from how many bytes on memory is asked of the system and given back each time, and how many bytes may
# be free at the end before they are given back: with more, what workers keep while they wait grows with a corpus.
_MMAP_THRESHOLD, _TRIM_THRESHOLD = (-3, 32 << 20), (-1, 32 << 20)
# Values of 8 bytes, a little more than half of a piece of 1 MiB, none of which is ever touched.
_STACK = 70_000


def compute_on_one_thread() -> None:
    """Let numpy's OpenBLAS, in this process if it is not loaded yet and in those it starts, compute on one thread.

    The products of the labelling are small: a second thread mostly waits in a loop, which took a seventh of a build's
    processor time, and workers are processes already. What the caller has set is left as it is.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def reuse_memory() -> None:
    """Let this process take memory again that it has freed, and Arrow that of all others, from now on.

    Texts of pages and columns of parts come and go, and the system clears what it gives each time: a fifth of that was
    memory that had just been given back. What Arrow freed it kept to itself, a tenth of a build's peak. What the caller
    has set for Arrow is left as it is; C libraries other than glibc have nothing to set.
    """
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    if set_option := getattr(ctypes.CDLL(None), "mallopt", None):
        for option, size in (_MMAP_THRESHOLD, _TRIM_THRESHOLD):
            set_option(option, size)


def give_back_memory() -> None:
    """Let the system have what this process has freed; with C libraries other than glibc nothing happens."""
    if trim := getattr(ctypes.CDLL(None), "malloc_trim", None):
        trim(0)


class _NoPandas(MetaPathFinder):
    """Says of pandas that it is not installed."""

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> None:
        if fullname == "pandas":
            raise ModuleNotFoundError(fullname)


def use_arrow_without_pandas() -> None:
    """Let this process make no arrays of what pandas holds.

    At the first array Arrow imports pandas, to know its kinds by: a fifth of a second and 45 MB. It looks for it again
    where it is asked for data frames.
    """
    import pyarrow as pa

    finder = _NoPandas()
    sys.meta_path.insert(0, finder)
    try:
        pa.array([])
    finally:
        sys.meta_path.remove(finder)


def with_room_for_calls(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """A function from within which all others are called, of which Python then keeps the variables in one piece.

    It takes memory for them in pieces of 16 KiB and gives each back when the first call in it returns: a call that
    happens to be that one, over and over while modules are imported, took a fifth of what a build's start was given by
    the system. A piece that a function needs more for is larger, and has room for those that it calls.
    """
    assert isinstance(function, FunctionType)
    function.__code__ = function.__code__.replace(co_stacksize=_STACK)
    return function


def end(code: int) -> NoReturn:
    """End the program, with all that was asked to be done at its end, but without taking its objects apart first.

    Great Expectations and a build leave hundreds of thousands, which took as long as fifty pages.
    """
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(code)
