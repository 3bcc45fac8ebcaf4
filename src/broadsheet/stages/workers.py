"""Worker processes: one pool a build, which runs functions over parts and outlives the death of a worker.

A worker that dies (killed, out of memory, a crash in a native library) costs at most the document it died on: its
task is given out again with the order to work on one document at a time and to say on which, and a document that
ends a worker twice so is left out.
"""

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
import traceback
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import Any, Generic, TypeVar

import pyarrow as pa
from tqdm import tqdm

from broadsheet.errors import UsageError
from broadsheet.process import (
    compute_on_one_thread,
    give_back_memory,
    reuse_memory,
    use_arrow_without_pandas,
    with_room_for_calls,
)

Task = TypeVar("Task")
Result = TypeVar("Result")
Item = TypeVar("Item")

# Deaths of workers on one task, none of them at a document, after which the build gives up.
_MOST_DEATHS = 3
_DEATHS_OF_A_DOCUMENT = 2
# Seconds without a task after which a worker gives back the memory that it has freed: a check is running.
_IDLE = 0.1


@dataclass(frozen=True, slots=True)
class Care:
    """How a task's documents are worked on: with `alone` one at a time, without those that `lost` names by index."""

    alone: bool = False
    lost: frozenset[int] = frozenset()


# Tells the build which document this process is at; None in the build's own process.
_tell_build: Callable[[int], None] | None = None


def carefully(
    work: Callable[[Sequence[Item]], list[Result]], items: Sequence[Item], instead: Callable[[Item], Result], care: Care
) -> list[Result]:
    """`work` over items as `care` says, a result for each; `instead` gives that of an item that is lost."""
    if not care.alone:
        return work(items)
    return list(one_by_one(lambda item: work([item])[0], items, instead, care))


def one_by_one(
    work: Callable[[Item], Result], items: Iterable[Item], instead: Callable[[Item], Result], care: Care
) -> Iterator[Result]:
    """As `carefully`, for work on one item, of whose results one is asked for after the other."""
    for index, item in enumerate(items):
        if index in care.lost:
            yield instead(item)
            continue
        if care.alone and _tell_build:
            _tell_build(index)
        yield work(item)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent:
        wait([parent.sentinel])
        os._exit(1)


@with_room_for_calls
def _serve(connection: Connection) -> None:
    """Work until the build closes its end, or dies."""
    # Ctrl-C is the build's to handle; and a build that was killed must leave nobody behind who still writes.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    reuse_memory()
    use_arrow_without_pandas()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    while True:
        if not connection.poll(_IDLE):
            give_back_memory()
        try:
            function, task, care = connection.recv()
        except EOFError:
            # Nothing is left to do at the end of a worker, and to take its objects apart takes a tenth of a second.
            os._exit(0)
        connection.send(answer(function, task, care, lambda index: connection.send(("at", index))))


def answer(
    function: Callable[[Task, Care], Result], task: Task, care: Care, tell_build: Callable[[int], None]
) -> tuple[str, Any]:
    """Run a function in a worker process: "done" and its result, or "failed" and its error; out of memory is death."""
    global _tell_build
    _tell_build = tell_build
    pa.set_cpu_count(1)
    try:
        return "done", function(task, care)
    except MemoryError:
        os._exit(1)
    except Exception as error:  # noqa: BLE001 (raised again in the build's process)
        error.add_note("in a worker process:\n" + "".join(traceback.format_tb(error.__traceback__)))
        return "failed", error


@dataclass(slots=True)
class Job(Generic[Task]):
    """A task that is out or was out: where its worker last was, how often workers have died and nodes were lost."""

    index: int
    task: Task
    care: Care = Care()
    at: int | None = None
    deaths: int = 0
    deaths_at: Counter[int] = field(default_factory=Counter)
    losses: int = 0


class Workers:
    """Processes that run functions over tasks; with number 1 everything runs in the caller's process.

    A context: processes start with the first tasks, serve all stages of a build, and end with the block.
    """

    def __init__(self, number: int = 1) -> None:
        self.number = number
        self._processes: dict[Connection, BaseProcess] = {}

    def __enter__(self) -> "Workers":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for connection, process in self._processes.items():
            connection.close()
            if kind:
                process.kill()
        for process in self._processes.values():
            process.join()
        self._processes.clear()

    def run(
        self,
        function: Callable[[Task, Care], Result],
        tasks: Sequence[Task],
        description: str,
        size: Callable[[Task], int] = lambda task: 1,
    ) -> list[Result]:
        """Results of `function` over tasks, in order of the tasks, with a progress bar in a terminal.

        The largest by `size` go first, so that no worker is left alone with one at the end. `function`, tasks and
        results must be picklable. Raises UsageError where workers die again and again.
        """
        found: dict[int, Result] = {}
        # Quiet in a pipe, and for work that is over before anyone could look.
        with tqdm(
            total=len(tasks), desc=description, unit="part", disable=not sys.stderr.isatty(), delay=1, leave=False
        ) as bar:
            for index, result in self._results(function, tasks, size):
                found[index] = result
                bar.update()
        return [found[index] for index in range(len(tasks))]

    def _results(
        self, function: Callable[[Task, Care], Result], tasks: Sequence[Task], size: Callable[[Task], int]
    ) -> Iterator[tuple[int, Result]]:
        """Index of each task and its result, as they come."""
        if self.number <= 1:
            return ((index, function(task, Care())) for index, task in enumerate(tasks))
        return self._results_of_processes(function, largest_first(tasks, size))

    def _results_of_processes(
        self, function: Callable[[Task, Care], Result], jobs: deque[Job[Task]]
    ) -> Iterator[tuple[int, Result]]:
        busy: dict[Connection, Job[Task]] = {}
        while jobs or busy:
            for connection in self._free(busy, len(jobs)):
                job = jobs.popleft()
                job.at = None
                busy[connection] = job
                with contextlib.suppress(OSError):  # it died while it had nothing to do; recv finds that out
                    connection.send((function, job.task, job.care))
            for connection in _ready(busy):
                job = busy[connection]
                try:
                    kind, value = connection.recv()
                except (EOFError, OSError):
                    self._bury(connection)
                    jobs.appendleft(after_death(busy.pop(connection)))
                    continue
                if kind == "at":
                    job.at = value
                    continue
                del busy[connection]
                if kind == "failed":
                    raise value
                yield job.index, value

    def _free(self, busy: dict[Connection, Any], wanted: int) -> list[Connection]:
        """At most `wanted` workers with nothing to do; new ones are started where there are too few."""
        compute_on_one_thread()
        # Threads of Arrow and DuckDB do not survive a fork, so processes start afresh.
        context = multiprocessing.get_context("spawn")
        while len(self._processes) < min(self.number, len(busy) + wanted):
            ours, theirs = context.Pipe()
            process = context.Process(target=_serve, args=(theirs,), daemon=True)
            process.start()
            theirs.close()
            self._processes[ours] = process
        return [connection for connection in self._processes if connection not in busy][:wanted]

    def _bury(self, connection: Connection) -> None:
        process = self._processes.pop(connection)
        connection.close()
        process.kill()
        process.join()


IN_THIS_PROCESS = Workers(1)


def largest_first(tasks: Sequence[Task], size: Callable[[Task], int]) -> deque[Job[Task]]:
    """A job for each task."""
    jobs = [Job(index, task) for index, task in enumerate(tasks)]
    return deque(sorted(jobs, key=lambda job: -size(job.task)))


def _ready(connections: Iterable[Connection]) -> list[Connection]:
    """Wait until a worker has something to say, or is no more."""
    return [each for each in wait(list(connections)) if isinstance(each, Connection)]


def after_death(job: Job[Task]) -> Job[Task]:
    """The job to do again after its worker died, with more care. Raises UsageError where that is no use."""
    lost = set(job.care.lost)
    if job.at is None:
        job.deaths += 1
        if job.deaths >= _MOST_DEATHS:
            raise UsageError(
                f"worker processes died {job.deaths} times on one part (out of memory?); run again with fewer --workers"
            )
    else:
        job.deaths_at[job.at] += 1
        if job.deaths_at[job.at] >= _DEATHS_OF_A_DOCUMENT:
            lost.add(job.at)
    job.care = Care(alone=True, lost=frozenset(lost))
    return job
