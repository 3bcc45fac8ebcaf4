"""The same part functions on a Ray cluster: which tasks run where is Ray's, what they make is not.

Ray could run a task again by itself when its worker dies. It does not know at which document that was, so deaths
are seen to here, as those of processes are: `max_retries` is 0, a task whose worker died goes out again with more
care, and one whose node was lost goes out again as often as nodes are lost.
"""

import itertools
import logging
import os
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any

from broadsheet.errors import UsageError
from broadsheet.stages.kept import code_key
from broadsheet.stages.workers import Care, Job, Result, Task, Workers, after_death, answer, largest_first

# Nodes lost with one task on each of them, after which the build gives up.
_MOST_LOST_NODES = 10


class _Places:
    """Where tasks are that work on one document at a time: the index of the document, by the task's number."""

    def __init__(self) -> None:
        self._at: dict[int, int] = {}

    def put(self, number: int, at: int) -> None:
        self._at[number] = at

    def take(self, number: int) -> int | None:
        return self._at.pop(number, None)


@cache
def _what_differs(code: str, folders: tuple[Path, ...]) -> str | None:
    """Why this node cannot work for a build with this code key and these folders; looked at once in a process."""
    if code_key() != code:
        return "another version of broadsheet, of Python or of a library than here; install the same on every node"
    for folder in folders:
        # The place where a file system would be mounted is an empty folder too.
        if not folder.is_dir() or not any(folder.iterdir()):
            return f"{folder} is not there, or empty; it has to lie on a file system that all nodes share"
    return None


def _on_node(
    function: Callable[[Task, Care], Result],
    task: Task,
    care: Care,
    build: tuple[str, tuple[Path, ...]],
    places: Any,
    number: int,
) -> tuple[str, Any]:
    """Run a function in a process of a node; `places` is the actor that hears of documents before their turn."""
    import ray

    if differs := _what_differs(*build):
        return "failed", UsageError(f"node {ray.util.get_node_ip_address()}: {differs}")
    # Waiting for the answer makes sure that it was heard before the document can end this process.
    return answer(function, task, care, lambda at: ray.get(places.put.remote(number, at)))


class RayWorkers(Workers):
    """Tasks on the Ray cluster at RAY_ADDRESS, else on one that is started here for this build.

    At most `number` tasks are out at a time, without it one for each CPU of the cluster. `folders` are those that
    every node has to see. Raises UsageError where Ray is not installed, or no cluster answers.
    """

    def __init__(self, number: int | None, folders: Sequence[Path]) -> None:
        # Before the import, which reads it. Nothing is reported to anybody.
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
        try:
            import ray
        except ImportError:
            raise UsageError(
                "--engine ray: Ray is not installed; install it with: pip install broadsheet[ray]"
            ) from None
        super().__init__(number or 0)
        self._ray: Any = ray
        self._build = (code_key(), tuple(folder.absolute() for folder in folders))
        self._places: Any = None
        self._numbers = itertools.count()

    def __enter__(self) -> "RayWorkers":
        address = os.environ.get("RAY_ADDRESS")
        here = {} if address else {"include_dashboard": False, "num_cpus": self.number or None}
        try:
            self._ray.init(address or "local", log_to_driver=False, logging_level=logging.ERROR, **here)
        except (OSError, RuntimeError, ValueError, self._ray.exceptions.RayError) as error:
            place = f"RAY_ADDRESS {address}" if address else "Ray"
            raise UsageError(f"{place}: no cluster to work on: {' '.join(str(error).split())[:300]}") from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Ends the tasks that are still out as well.
        self._ray.shutdown()
        self._places = None

    def _results(
        self, function: Callable[[Task, Care], Result], tasks: Sequence[Task], size: Callable[[Task], int]
    ) -> Iterator[tuple[int, Result]]:
        errors = self._ray.exceptions
        jobs = largest_first(tasks, size)
        busy: dict[Any, tuple[Job[Task], int]] = {}
        while jobs or busy:
            while jobs and len(busy) < self._most_out():
                job, number = jobs.popleft(), next(self._numbers)
                busy[self._give_out(function, job, number)] = job, number
            done = self._ray.wait(list(busy), num_returns=1)[0][0]
            job, number = busy.pop(done)
            try:
                kind, value = self._ray.get(done)
            except (errors.WorkerCrashedError, errors.OutOfMemoryError):
                job.at = self._ray.get(self._places.take.remote(number)) if job.care.alone else None
                jobs.appendleft(after_death(job))
                continue
            except (errors.NodeDiedError, errors.LocalRayletDiedError, errors.ObjectLostError) as error:
                jobs.appendleft(_after_loss(job, error))
                continue
            if kind == "failed":
                raise value
            yield job.index, value

    def _most_out(self) -> int:
        # Asked anew for each task: nodes come and go.
        return self.number or max(1, int(self._ray.cluster_resources().get("CPU", 1)))

    def _give_out(self, function: Callable[[Task, Care], Result], job: Job[Task], number: int) -> Any:
        if job.care.alone and self._places is None:
            self._places = self._start_places()
        task = self._ray.remote(num_cpus=1, max_retries=0)(_on_node)
        return task.remote(function, job.task, job.care, self._build, self._places, number)

    def _start_places(self) -> Any:
        """The actor lives on the build's own node, so that no other node's loss ends it."""
        from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

        node = self._ray.get_runtime_context().get_node_id()
        here = NodeAffinitySchedulingStrategy(node, soft=False)
        return self._ray.remote(_Places).options(num_cpus=0, scheduling_strategy=here).remote()


def _after_loss(job: Job[Task], error: Exception) -> Job[Task]:
    """The job to do again after its node was lost: no document is to blame. Raises UsageError where that is no use."""
    job.losses += 1
    if job.losses >= _MOST_LOST_NODES:
        raise UsageError(f"the cluster lost {job.losses} nodes that worked on one part; see its logs") from error
    # What a task has written half has to be written whole, for which some look at `alone`.
    job.care = Care(alone=True, lost=job.care.lost)
    return job
