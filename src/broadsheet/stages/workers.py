"""Running a function over parts in worker processes, a bounded number at a time."""

import multiprocessing
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

from tqdm import tqdm

from broadsheet.errors import UsageError

Task = TypeVar("Task")
Result = TypeVar("Result")

# Tasks waiting for each worker: enough that none is idle, few enough that memory does not grow with the corpus.
_WAITING = 3


def map_parts(
    function: Callable[[Task], Result], tasks: Iterable[Task], workers: int, description: str, total: int
) -> Iterator[Result]:
    """Results of `function` over `tasks`, in the order of the tasks, with a progress bar in a terminal.

    With one worker everything runs in this process. `function` and its tasks must be picklable. Raises
    UsageError where a worker process dies.
    """
    # Quiet in a pipe, and for work that is over before anyone could look.
    with tqdm(total=total, desc=description, unit="part", disable=not sys.stderr.isatty(), delay=1, leave=False) as bar:
        for result in map(function, tasks) if min(workers, total) <= 1 else _in_processes(function, tasks, workers):
            bar.update()
            yield result


def _in_processes(function: Callable[[Task], Result], tasks: Iterable[Task], workers: int) -> Iterator[Result]:
    # Threads of Arrow and DuckDB do not survive a fork, so processes start afresh.
    context = multiprocessing.get_context("spawn")
    waiting: deque[Future[Result]] = deque()
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        try:
            for task in tasks:
                waiting.append(pool.submit(function, task))
                if len(waiting) >= workers * _WAITING:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        except BrokenProcessPool as error:
            raise UsageError("a worker process died (out of memory?); run again with fewer --workers") from error
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
