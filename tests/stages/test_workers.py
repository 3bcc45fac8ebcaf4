"""Worker processes: results in order, and what becomes of a task whose worker dies."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence

import pytest

from broadsheet.errors import UsageError
from broadsheet.stages.workers import Care, Workers, carefully
from tests.conftest import ROOT


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def double(task: int, care: Care) -> tuple[int, int]:
    return 2 * task, os.getpid()


def die_unless_alone(task: int, care: Care) -> bool:
    if not care.alone and task == 3:
        die()
    return care.alone


def upper(task: list[str], care: Care) -> list[str]:
    def work(items: Sequence[str]) -> list[str]:
        if "bad" in items:
            die()
        return [item.upper() for item in items]

    return carefully(work, task, lambda item: f"lost {item}", care)


def always_die(task: int, care: Care) -> None:
    die()


def say_and_sleep(task: int, care: Care) -> None:
    os.write(1, b"at work")
    time.sleep(600)


def fail(task: int, care: Care) -> None:
    raise FileNotFoundError(2, "No such file or directory", f"part-{task}")


@pytest.fixture(scope="module")
def workers():  # type: ignore[no-untyped-def]
    with Workers(2) as pool:
        yield pool


def test_results_come_in_order_of_the_tasks_and_workers_serve_all_of_them(workers: Workers) -> None:
    first = workers.run(double, range(7), "first", lambda task: task % 3)
    second = workers.run(double, range(7), "second")
    assert [number for number, _ in first] == [number for number, _ in second] == list(range(0, 14, 2))
    assert len({process for _, process in first + second}) <= 2


def test_a_task_whose_worker_died_is_done_again(workers: Workers) -> None:
    assert workers.run(die_unless_alone, range(6), "die") == [False, False, False, True, False, False]


def test_a_document_that_ends_its_worker_twice_is_left_out(workers: Workers) -> None:
    tasks = [["a", "b"], ["c", "bad", "d", "bad"], ["e"]]
    assert workers.run(upper, tasks, "upper") == [["A", "B"], ["C", "lost bad", "D", "lost bad"], ["E"]]


def test_a_worker_that_was_killed_while_it_waited_is_replaced(workers: Workers) -> None:
    for _, process in workers.run(double, range(2), "who"):
        with_signal = signal.SIGKILL
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, with_signal)
    assert [number for number, _ in workers.run(double, range(4), "again")] == [0, 2, 4, 6]


def test_workers_that_always_die_end_the_build_with_one_clear_line(workers: Workers) -> None:
    with pytest.raises(UsageError, match="fewer --workers"), Workers(2) as pool:
        pool.run(always_die, [1], "die")


def test_an_error_of_the_work_is_raised_as_it_is() -> None:
    with pytest.raises(FileNotFoundError, match="part-5"), Workers(2) as pool:
        pool.run(fail, [5], "fail")


def test_workers_end_when_their_build_is_killed() -> None:
    code = (
        "from tests.stages.test_workers import say_and_sleep;"
        "from broadsheet.stages.workers import Workers;"
        "Workers(2).run(say_and_sleep, [1], 'sleep')"
    )
    process = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE)
    assert process.stdout and process.stdout.read(7) == b"at work"
    process.kill()
    process.wait()
    assert process.stdout.read() == b""  # the end of the pipe: nobody holds it any more
