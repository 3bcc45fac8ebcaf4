"""On a Ray cluster: the same bytes, whoever dies meanwhile."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from broadsheet.errors import UsageError
from broadsheet.stages.cluster import RayWorkers
from broadsheet.stages.workers import Care
from tests.cluster.conftest import RunningCluster
from tests.conftest import RAW
from tests.stages.test_workers import fail, upper
from tests.test_build import tree


def node_and_care(task: Path, care: Care) -> tuple[str, bool]:
    """Where a task ran; the first time it runs it waits to be killed there."""
    import ray

    address = ray.util.get_node_ip_address()
    if address == "127.0.0.3":
        task.touch()
        time.sleep(600)
    return address, care.alone


@pytest.fixture
def workers(cluster: RunningCluster) -> Iterator[RayWorkers]:
    with RayWorkers(None, [RAW]) as pool:
        yield pool


def test_workers_that_die_cost_the_document_they_died_on(workers: RayWorkers) -> None:
    # Three deaths, and a process takes seconds to start: at all of them, then alone at the document, twice.
    tasks = [["a", "b"], ["c", "bad", "d"], ["e"]]
    assert workers.run(upper, tasks, "upper") == [["A", "B"], ["C", "lost bad", "D"], ["E"]]
    with pytest.raises(FileNotFoundError, match="part-5"):
        workers.run(fail, [5], "fail")


def test_tasks_of_a_node_that_is_lost_run_on_another(
    cluster: RunningCluster, workers: RayWorkers, tmp_path: Path
) -> None:
    import threading

    marks = [tmp_path / str(index) for index in range(4)]

    def kill() -> None:
        while not any(mark.exists() for mark in marks):
            time.sleep(0.1)
        cluster.kill("127.0.0.3")

    killer = threading.Thread(target=kill)
    killer.start()
    found = workers.run(node_and_care, marks, "nodes")
    killer.join()
    assert [address for address, _ in found] == ["127.0.0.4"] * len(marks)
    assert [alone for _, alone in found] == [mark.exists() for mark in marks]


def test_a_build_that_loses_a_node_and_a_worker_gives_the_bytes_of_a_local_one(
    cluster: RunningCluster, local: Path, parameters: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    command = [sys.executable, "-m", "broadsheet.cli", "build", str(RAW), "out", "--engine", "ray"]
    process = subprocess.Popen(
        [*command, "--params", str(parameters)], cwd=tmp_path, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    deadline = time.monotonic() + 300
    while not list(out.glob(".documents.*/*")) and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.005)
    cluster.kill("127.0.0.3")
    killed = 0
    while not killed and process.poll() is None and time.monotonic() < deadline:
        # While pages are labelled, or sentences cut: a task may end before it is seen.
        killed = _kill_a_worker() if list(out.glob("*blocks*")) else 0
        time.sleep(0.005)
    said, complaints = process.communicate()
    assert process.returncode == 0, complaints
    # Ray says on the same stream what it lost.
    assert killed and said.splitlines()[-1].startswith("out: 127 raw records")
    assert tree(out) == tree(local)


def _kill_a_worker() -> int:
    """Kill a process that runs a task of Ray; how many were."""
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if path.read_bytes().startswith(b"ray::_on_node"):
                os.kill(int(path.parent.name), signal.SIGKILL)
                return 1
        except OSError:  # it has ended
            continue
    return 0


def test_a_node_that_does_not_see_the_folders_is_named(cluster: RunningCluster, tmp_path: Path) -> None:
    with RayWorkers(None, [tmp_path / "elsewhere"]) as pool, pytest.raises(UsageError, match="all nodes share"):
        pool.run(fail, [1], "fail")
