"""source.yaml: what it states is read, what it gets wrong is named."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from broadsheet.errors import UsageError
from broadsheet.sources import SourceFile, read_source_file
from tests.conftest import RAW


def write(tmp_path: Path, text: str) -> None:
    (tmp_path / "paper").mkdir()
    (tmp_path / "paper" / "source.yaml").write_text(text, encoding="utf-8")


def test_all_keys(tmp_path: Path) -> None:
    write(
        tmp_path,
        "title: The Paper\nretrieved_at: 2021-03-04T05:06:07+01:00\nlanguage: 'no'\ntimezone: Europe/Oslo\n"
        "date_order: day_month\nencoding: latin-1\ncolumns: {text: content}\nfurniture: [Read on]\n",
    )
    assert read_source_file(tmp_path, "paper") == SourceFile(
        title="The Paper",
        retrieved_at=datetime(2021, 3, 4, 4, 6, 7, tzinfo=UTC),
        language="no",
        timezone="Europe/Oslo",
        date_order="day_month",
        encoding="iso8859-1",
        columns=(("text", "content"),),
        furniture=("Read on",),
    )


def test_the_language_code_of_norwegian_is_not_a_boolean(tmp_path: Path) -> None:
    write(tmp_path, "language: no\n")
    assert read_source_file(tmp_path, "paper").language == "no"


@pytest.mark.parametrize("text", ["", "# nothing yet\n"])
def test_an_empty_file_states_nothing(tmp_path: Path, text: str) -> None:
    write(tmp_path, text)
    assert read_source_file(tmp_path, "paper") == SourceFile()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("titel: The Paper\n", "unknown key 'titel'; known are title"),
        ("timezone: Europe/Oslow\n", "timezone: 'Europe/Oslow' is no IANA time zone"),
        ("retrieved_at: 2021-03-04T05:06:07\n", "a time with its zone is needed"),
        ("retrieved_at: yesterday\n", "a time such as"),
        ("language: English\n", "no BCP 47 language tag"),
        ("date_order: american\n", "day_month or month_day is needed"),
        ("encoding: windows-9999\n", "no encoding that Python knows"),
        ("furniture: Read on\n", "a list of lines is needed"),
        ("- title\n", "a mapping of keys is needed"),
        ("title: a\ntitle: b\n", "line 2"),
        ("title: [\n", "line"),
    ],
)
def test_a_wrong_file_is_refused_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    write(tmp_path, text)
    with pytest.raises(UsageError, match=message) as caught:
        read_source_file(tmp_path, "paper")
    assert "source.yaml" in str(caught.value) and "\n" not in str(caught.value)


def test_those_of_the_sample_corpus_are_right() -> None:
    stated = [read_source_file(RAW, path.parent.name) for path in RAW.glob("*/source.yaml")]
    assert len(stated) >= 3 and all(each != SourceFile() for each in stated)
