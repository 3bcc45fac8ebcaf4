"""The pages stand alone, are the same each time, and let nothing of a dump run."""

import base64
import hashlib
import html
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from broadsheet.build import draw
from broadsheet.report import audit
from broadsheet.report.build_report import write_build_report
from broadsheet.tables import table_parts
from tests.conftest import RAW, broadsheet
from tests.stages.test_kept import PAGE, run, tree

CHROMIUM = shutil.which("chromium")
PROSE = "The council of Orsley voted on Tuesday to reopen talks about the harbour ferry, idle since the spring. " * 3
RUNS = "document.title='OWNED'"
HOSTILE = [
    f"<script>{RUNS}</script>",
    f'</script></style><img src=x onerror="{RUNS}">',
    "Council & ferry: <b>talks</b> \u202egnp.exe",
    f"By Mara Quint </bdi><svg onload={RUNS}>",
    "March 14, 2017",
    PROSE,
    "&lt;script&gt; {{ 7*7 }} {% raw %} " + PROSE,
    "\u2067\u2067\u202e\u061c\x07\x1b[31m " + PROSE,
    "<meta http-equiv=refresh content=0;url=//evil.example><base href=//evil.example>",
    "x" * 1_200_000,
    PROSE,
]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a hostile dump."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "x.txt").write_text("\n\n".join(HOSTILE), encoding="utf-8")
    done = broadsheet("explain", folder / "x.txt", "--html")
    assert done.returncode == 0, done.stderr
    (folder / "x.html").write_text(done.stdout, encoding="utf-8")
    return folder / "x.html"


def in_browser(page: Path, folder: Path, *options: str) -> str:
    """The document as Chromium has it after its scripts have run."""
    if CHROMIUM is None:
        pytest.skip("there is no chromium here")
    command = [
        CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
        f"--user-data-dir={folder}", "--enable-logging=stderr", "--dump-dom", *options,
        page.as_uri(),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=180, check=True)
    assert "Content Security Policy" not in done.stderr, "the policy blocked something of our own"
    return done.stdout


@pytest.mark.parametrize("name", ["report.html", "audit.html"])
def test_a_page_stands_alone(corpus: Path, name: str) -> None:
    page = (corpus / name).read_text(encoding="utf-8")
    (policy,) = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', page)
    assert html.unescape(policy).startswith("default-src 'none'; style-src 'sha256-") and "unsafe" not in policy
    assert not re.search(r'(?:src|href)="(?!#)', page), "something is loaded from elsewhere"
    assert ' style="' not in page and " onclick" not in page
    assert not re.search(r"url\((?!#)|@import", page)
    ids = re.findall(r'\bid="([^"]*)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]*)"', page)) <= set(ids)
    assert '<html lang="en">' in page and 'name="viewport"' in page


def test_pages_are_the_same_in_another_process(corpus: Path, tmp_path: Path) -> None:
    shutil.copytree(corpus, tmp_path / "out")
    for name in ("plots.json", "audit.txt", "lines.json"):  # what would be taken over
        (tmp_path / "out" / ".state" / name).unlink()
    before = {name: (corpus / name).read_bytes() for name in ("report.html", "audit.html")}
    code = "import sys; from pathlib import Path; from broadsheet.build import draw; draw(Path(sys.argv[1]))"
    environment = {"PYTHONHASHSEED": "7", "LC_ALL": "C", "TZ": "Asia/Tokyo", "MPLCONFIGDIR": str(tmp_path / "other")}
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "out")], env=environment, check=True)
    assert before == {name: (tmp_path / "out" / name).read_bytes() for name in before}


def test_the_report_says_what_the_build_says(corpus: Path) -> None:
    page = (corpus / "report.html").read_text(encoding="utf-8")
    metrics = json.loads((corpus / "metrics.json").read_text())
    expected = "{raw_records} raw records = {articles} articles + {rejects} rejects".format(**metrics)
    assert expected in page
    assert page.count('role="img"') >= 6 and page.count("<figcaption>") >= 6
    for words in (
        "exact_duplicate",
        "expect_column_values_to_be_in_set",
        "brackwater-observer",
        "every_value_has_evidence",
    ):
        assert words in page


def test_a_failed_check_has_a_report_with_its_rows(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "1.txt").write_bytes(b"")
    done = broadsheet("build", tmp_path / "raw", tmp_path / "out")
    assert done.returncode == 1
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "the check of ingest failed" in page and "expect_table_row_count_to_be_between" in page
    assert not (tmp_path / "out" / "audit.html").exists()


def test_what_an_earlier_build_left_is_not_in_the_report_of_a_failed_check(corpus: Path, tmp_path: Path) -> None:
    pages = []
    for name in ("after", "first"):
        out = shutil.copytree(corpus, tmp_path / name)
        (out / "manifest.json").unlink()
        if name == "first":
            shutil.rmtree(out / "rejects" / "extract")
        write_build_report(out, "ingest")
        pages.append((out / "report.html").read_bytes())
    assert pages[0] == pages[1]


def test_a_rejected_dump_has_a_page_too(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_bytes(b"\x00<script>alert(1)</script>")
    done = broadsheet("explain", tmp_path / "b.txt", "--html")
    assert done.returncode == 0 and "Rejected by ingest: binary" in done.stdout
    assert "00 3c 73 63 72" in done.stdout and "alert" not in done.stdout
    done = broadsheet("explain", RAW / "brackwater-observer" / "consent.txt", "--html")
    assert "Rejected by extract: no_article" in done.stdout and '<li id="d0-0"' in done.stdout


def test_text_of_a_hostile_dump_is_text(hostile: Path) -> None:
    page = hostile.read_text(encoding="utf-8")
    assert len(page) < 100_000 and "more characters" in page
    assert page.count("<script>") == 1 and "<svg" not in page and "<img" not in page and "<base" not in page
    assert not set(page) & set("\u202e\u2067\u061c\x07\x1b")
    assert "\\u202egnp.exe" in page and "{{ 7*7 }}" in page


def test_a_hostile_dump_does_nothing_in_a_browser(hostile: Path, tmp_path: Path) -> None:
    dom = in_browser(hostile, tmp_path)
    assert "<title>How a dump was read</title>" in dom
    assert dom.rstrip().endswith("</html>") and "Mara Quint" in dom


def test_a_browser_runs_our_script_and_takes_our_style(corpus: Path, tmp_path: Path) -> None:
    """The policy lets our own pass: pointing at a sentence lights it, in article and dump."""
    page = (corpus / "audit.html").read_text(encoding="utf-8")
    script = "document.querySelector('a.sentence').focus();"
    # A second script would need its own hash: the same page, told to trust it as well, puts the focus on a sentence.
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    page = page.replace("script-src ", f"script-src 'sha256-{digest}' ", 1)
    (tmp_path / "audit.html").write_text(page.replace("</body>", f"<script>{script}</script></body>"), encoding="utf-8")
    dom = in_browser(tmp_path / "audit.html", tmp_path / "browser")
    lit = re.findall(r'<(a|span)[^>]*class="[^"]*\blit\b', dom)
    assert sorted(set(lit)) == ["a", "span"]


def test_the_report_opens_in_a_browser(corpus: Path, tmp_path: Path) -> None:
    dom = in_browser(corpus / "report.html", tmp_path)
    assert dom.count("<svg") >= 6


def test_dumps_of_one_container_have_names_of_their_own(corpus: Path) -> None:
    page = (corpus / "audit.html").read_text(encoding="utf-8")
    links = re.findall(r'<li><a href="#d\d+"><bdi>(.*?)</bdi></a>', page)
    assert len(links) == len(set(links)) > 20
    for index in (0, 1):
        name = f"tollgate-chronicle/corrections.csv, record {index}"
        assert name in links and f"<code>{name}</code>" in page
    done = broadsheet("explain", RAW / "tollgate-chronicle" / "corrections.csv", "--record", 1, "--html")
    assert "corrections.csv, record 1</code>" in done.stdout


def test_the_table_of_metadata_fits_the_page(corpus: Path, tmp_path: Path) -> None:
    page = (corpus / "report.html").read_text(encoding="utf-8")
    script = "const t = document.querySelector('#filled .scroll'); document.title = t.scrollWidth - t.clientWidth;"
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    page = page.replace("base-uri", f"script-src 'sha256-{digest}'; base-uri", 1)
    (tmp_path / "report.html").write_text(page.replace("</body>", f"<script>{script}</script></body>"))
    dom = in_browser(tmp_path / "report.html", tmp_path / "browser", "--window-size=1100,900")
    assert "<title>0</title>" in dom


def test_drawing_again_changes_nothing(corpus: Path, tmp_path: Path) -> None:
    shutil.copytree(corpus, tmp_path / "out")
    draw(tmp_path / "out")
    assert (tmp_path / "out" / "report.html").read_bytes() == (corpus / "report.html").read_bytes()


@pytest.mark.parametrize("kept", [b"", b"\xff\0", b"\0\0\0"])
def test_what_was_kept_of_the_audit_may_be_damaged(corpus: Path, tmp_path: Path, kept: bytes) -> None:
    shutil.copytree(corpus, tmp_path / "out")
    state = tmp_path / "out" / ".state" / "audit.txt"
    state.write_bytes(kept or state.read_bytes()[:-100])
    audit.write_audit(tmp_path / "out")
    assert (tmp_path / "out" / "audit.html").read_bytes() == (corpus / "audit.html").read_bytes()
    assert state.read_bytes() == (corpus / ".state" / "audit.txt").read_bytes()


def test_after_a_change_only_its_part_is_read_again_and_the_pages_are_those_of_a_clean_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw, out = tmp_path / "raw", tmp_path / "out"
    for number in range(30):
        path = raw / f"paper-{number % 3}" / f"{number:02}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(PAGE.format(number + 1))
    run(raw, out)
    draw(out)
    parts = len(table_parts(out, "documents"))
    (raw / "paper-1" / "13.txt").write_text(PAGE.format(77))
    run(raw, out)
    read: list[str] = []

    def work(path: Path, *columns: Any, real: Any = audit.read_part) -> Any:
        read.append(path.name)
        return real(path, *columns)

    monkeypatch.setattr(audit, "read_part", work)
    draw(out)
    assert parts > 4 and len(set(read)) == 1
    run(raw, tmp_path / "clean")
    draw(tmp_path / "clean")
    assert tree(out) == tree(tmp_path / "clean")
