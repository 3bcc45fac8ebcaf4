"""What is kept from build to build: whatever happened before, the bytes are those of a clean build."""

import contextlib
import dataclasses
import resource
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import broadsheet.tables
from broadsheet.build import only_build_on
from broadsheet.checks import check_stage, failures
from broadsheet.errors import UsageError
from broadsheet.parameters import Parameters, read_parameters
from broadsheet.stages import STAGES, extract, ingest, publish, segment, survey
from broadsheet.stages.workers import IN_THIS_PROCESS, Care, Workers
from broadsheet.tables import table_parts

DEFAULT = read_parameters()
SMALL = dataclasses.replace(DEFAULT, ingest=dataclasses.replace(DEFAULT.ingest, part_records=3))
OTHER = dataclasses.replace(
    SMALL,
    ingest=dataclasses.replace(SMALL.ingest, part_records=2),
    extract=dataclasses.replace(SMALL.extract, minimum_words=60),
)
PAGE = """Ferry number {0} returns to the harbour

March {0}, 2019

The ferry came back on Monday with {0} passengers, said Ms. Wexcombe of the harbour office. It had been away
since the winter, when a storm of force 9 broke its mooring at the lower pier and drove it on to the sand.

Nobody was hurt. “We are glad of it,” the master told this paper, “and so is the crew.”

Related Content
"""


def run(raw: Path, out: Path, parameters: Parameters = SMALL, workers: Workers = IN_THIS_PROCESS) -> None:
    ingest.ingest(raw, out, parameters.ingest, workers)
    survey.survey(raw, out, parameters.survey, workers)
    extract.extract(out, parameters.extract, workers)
    segment.segment(out, workers)
    publish.publish(out, workers)


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def clean(raw: Path, parameters: Parameters = SMALL) -> dict[str, bytes]:
    with tempfile.TemporaryDirectory() as name:
        run(raw, Path(name) / "out", parameters)
        return tree(Path(name) / "out")


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    for number in range(12):
        path = tmp_path / "raw" / f"paper-{number % 2}" / f"{number:02}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(PAGE.format(number + 1))
    (tmp_path / "raw" / "paper-0" / "copy.txt").write_text(PAGE.format(2))
    return tmp_path / "raw"


@pytest.fixture
def extracted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Paths of the documents that extract works on."""
    seen: list[str] = []

    def work(documents: Any, *rest: Any, real: Any = extract.extract_documents) -> Any:
        seen.extend(document.raw_path for document in documents)
        return real(documents, *rest)

    monkeypatch.setattr(extract, "extract_documents", work)
    yield seen


def test_only_what_changed_is_made_again(raw: Path, tmp_path: Path, extracted: list[str]) -> None:
    out = tmp_path / "out"
    run(raw, out)
    assert len(extracted) == 12 and len(table_parts(out, "documents")) > 2
    before = tree(out)
    for change, expected in [
        (lambda: None, []),
        (lambda: (raw / "paper-1" / "05.txt").write_text(PAGE.format(77)), ["paper-1/05.txt"]),
        (lambda: (raw / "paper-0" / "99.txt").write_text(PAGE.format(99)), ["paper-0/99.txt"]),
        (lambda: (raw / "paper-0" / "99.txt").unlink(), []),
        (lambda: (raw / "paper-1" / "05.txt").write_text(PAGE.format(6)), ["paper-1/05.txt"]),
    ]:
        extracted.clear()
        change()
        run(raw, out)
        assert extracted == expected
    assert tree(out) == before


def test_a_decision_on_a_source_makes_that_source_again(raw: Path, tmp_path: Path, extracted: list[str]) -> None:
    run(raw, tmp_path / "out")
    extracted.clear()
    (raw / "paper-1" / "source.yaml").write_text("timezone: Europe/Berlin\n")
    run(raw, tmp_path / "out")
    assert extracted and {path.split("/")[0] for path in extracted} == {"paper-1"}
    assert tree(tmp_path / "out") == clean(raw)


def test_only_sources_with_changed_documents_are_counted_again(
    raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[set[str]] = []

    def work(parts: Any, sources: Any, *rest: Any, real: Any = survey._counts) -> Any:
        counted.append(set(sources))
        return real(parts, sources, *rest)

    monkeypatch.setattr(survey, "_counts", work)
    (raw / "zeta").mkdir()
    (raw / "zeta" / "1.txt").write_text(PAGE.format(40))
    other = dataclasses.replace(SMALL, survey=dataclasses.replace(SMALL.survey, furniture_share=0.9))
    out, every = tmp_path / "out", {"paper-0", "paper-1", "zeta"}
    for parameters, change, expected in [
        (SMALL, lambda: None, every),
        (SMALL, lambda: None, set()),
        (SMALL, lambda: (raw / "paper-0" / "00.txt").write_text(PAGE.format(41)), {"paper-0"}),
        (SMALL, lambda: (raw / "zeta" / "source.yaml").write_text("language: de\n"), {"zeta"}),
        (other, lambda: None, every),
        (other, lambda: (out / "sources" / "part-000000.parquet").unlink(), every),
        (other, lambda: shutil.rmtree(raw / "zeta"), set()),
        (other, lambda: (raw / "paper-1" / "03.txt").rename(raw / "paper-0" / "03.txt"), {"paper-0", "paper-1"}),
    ]:
        counted.clear()
        change()
        run(raw, out, parameters)
        assert counted == [expected]
        assert tree(out) == clean(raw, parameters)


def test_a_part_that_someone_changed_is_made_again(raw: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(raw, out)
    before = tree(out)
    for name in ("documents", "blocks", "sentences"):
        part = table_parts(out, name)[1]
        part.unlink()
        shutil.copyfile(table_parts(out, name)[0], part)
    for path in list((out / ".state" / "extract").iterdir())[:2]:
        path.write_text("{")
    run(raw, out)
    assert tree(out) == before


NAMES = [f"paper-{number % 2}/{number}.txt" for number in range(9)]
STEPS = st.one_of(
    st.tuples(st.just("write"), st.sampled_from(NAMES), st.integers(1, 5)),
    st.tuples(st.just("remove"), st.sampled_from(NAMES)),
    st.tuples(st.just("rename"), st.sampled_from(NAMES), st.sampled_from(NAMES)),
    st.tuples(st.just("source"), st.sampled_from(["language: de\n", "date_order: day_month\n", ""])),
    st.tuples(st.just("parameters"), st.sampled_from([SMALL, OTHER])),
    st.tuples(st.just("kill"), st.integers(0, 40)),
    st.tuples(st.just("build")),
)


class Killed(BaseException):
    pass


def killed_at_write(number: int, raw: Path, out: Path, parameters: Parameters) -> None:
    """A build that ends when it is about to write its file `number`, if it has as many."""
    written = iter(range(number))

    def write(path: Path, content: Any, real: Any = broadsheet.tables._write) -> None:
        if next(written, None) is None:
            raise Killed
        real(path, content)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(broadsheet.tables, "_write", write)
        with contextlib.suppress(Killed):
            run(raw, out, parameters)


@settings(max_examples=12, deadline=None)
@given(st.lists(STEPS, min_size=2, max_size=7))
def test_every_history_of_builds_ends_in_the_bytes_of_a_clean_build(steps: list[tuple[Any, ...]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        raw, out, parameters = Path(name) / "raw", Path(name) / "out", SMALL
        for number, file in enumerate(NAMES[:6]):
            (raw / file).parent.mkdir(parents=True, exist_ok=True)
            (raw / file).write_text(PAGE.format(number % 4 + 1))
        (raw / "paper-0" / "stays.txt").write_text(PAGE.format(31))
        run(raw, out, parameters)
        for kind, *rest in steps:
            match kind:
                case "write":
                    (raw / rest[0]).write_text(PAGE.format(rest[1]))
                case "remove":
                    (raw / rest[0]).unlink(missing_ok=True)
                case "rename" if (raw / rest[0]).exists():
                    (raw / rest[0]).replace(raw / rest[1])
                case "source":
                    (raw / "paper-1" / "source.yaml").write_text(rest[0])
                case "parameters":
                    parameters = rest[0]
                case "kill":
                    killed_at_write(rest[0], raw, out, parameters)
                case "build":
                    run(raw, out, parameters)
        run(raw, out, parameters)
        assert tree(out) == clean(raw, parameters)


def test_a_full_disk_leaves_no_manifest_and_the_next_build_finishes(raw: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(raw, out)
    (raw / "paper-1" / "05.txt").write_text(PAGE.format(77))
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4000, limits[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            run(raw, out)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert not (out / "manifest.json").exists()
    run(raw, out)
    assert tree(out) == clean(raw)


def test_a_second_build_on_the_same_output_is_a_wrong_call(tmp_path: Path) -> None:
    with only_build_on(tmp_path / "out"):
        with pytest.raises(UsageError, match="another build is at work there"), only_build_on(tmp_path / "out"):
            pass
        with only_build_on(tmp_path / "other"):
            pass
    with only_build_on(tmp_path / "out"):
        pass


class Losing(Workers):
    """Workers that lose the first document of each part, in every stage that reads documents one by one."""

    def run(self, function: Any, tasks: Any, description: str, size: Any = None) -> list[Any]:
        care = Care(True, frozenset({0})) if function.__name__ in self.functions else Care()
        return [function(task, care) for task in tasks]

    functions: tuple[str, ...] = ()


@pytest.mark.parametrize("function", ["_read_part", "_observe_part", "_extract_part", "_segment_part"])
def test_a_document_that_ends_its_worker_costs_that_document(raw: Path, tmp_path: Path, function: str) -> None:
    out, workers = tmp_path / "out", Losing()
    workers.functions = (function,)
    run(raw, out, SMALL, workers)
    for stage in STAGES:
        assert failures(check_stage(out, stage)) == []
    from broadsheet import read_table

    crashed = list(read_table("rejects", out)["reason"]).count("crashed")
    assert (crashed > 0) == (function in ("_read_part", "_extract_part"))
    run(raw, out)
    assert tree(out) == clean(raw) | {path: content for path, content in tree(out).items() if "checks" in path}


def test_what_stages_leave_of_their_parts_is_what_publish_would_read_in_them(
    raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (raw / "paper-0" / "page.html").write_text("<h1>Ferry returns</h1><p>By <a rel=author>Ann Reed</a></p><p>" + PAGE)
    read: list[str] = []

    def read_part(path: Path, real: Any = publish.read_part) -> Any:
        read.append(path.parent.name)
        return real(path)

    monkeypatch.setattr(publish, "read_part", read_part)
    out = tmp_path / "out"
    run(raw, out)
    assert set(read) == {"sources"}
    left = (out / "manifest.json").read_bytes(), (out / "metrics.json").read_bytes()
    (out / ".state" / "publish.json").unlink()
    publish.publish(out)
    assert {"documents", "metadata", "blocks", "ingest", "sentences"} < set(read)
    assert ((out / "manifest.json").read_bytes(), (out / "metrics.json").read_bytes()) == left


@pytest.mark.parametrize("content", [b"", b"{", b'{"code": "of another build", "parts": {"articles 0": {}}}'])
def test_what_was_left_by_other_code_or_half_written_is_not_taken(raw: Path, tmp_path: Path, content: bytes) -> None:
    place = tmp_path / "out" / ".state" / "described" / "0.json"
    place.parent.mkdir(parents=True)
    place.write_bytes(content)
    run(raw, tmp_path / "out")
    assert tree(tmp_path / "out") == clean(raw)
