"""What one document shows of its source: the plain way, and the short one."""

import hashlib

from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.labelling.furniture import line_hash
from broadsheet.survey import observe

WORDS = st.sampled_from(
    ["a", "Read more", "12/24/2019", "3/4/5", "https://x/y/", "/", "\u3000", "Ünder\u00a0all", "x" * 401]
)
PAGES = st.lists(st.lists(WORDS, max_size=5).map(" ".join), max_size=9).map("\n".join)


@settings(deadline=None)
@given(st.lists(PAGES, max_size=4))
def test_documents_are_observed_together_as_alone(texts: list[str]) -> None:
    found = observe(["paper"] * len(texts), texts)
    assert len(found) == len(texts)
    for text, seen in zip(texts, found, strict=True):
        lines = [line.strip() for line in text.split("\n") if line.strip()]
        longest = sorted(lines, key=lambda line: (-len(line), line))[:3]
        assert seen.signature == hashlib.sha256("\n".join(longest).encode()).hexdigest()[:16]
        short = [line_hash(line) for line in lines if len(line) <= 400]
        assert sorted(f"{each:016x}" for each in seen.lines) == sorted(short)
        (alone,) = observe(["paper"], [text])
        assert (alone.month_day, alone.language) == (seen.month_day, seen.language)


def test_only_numeric_dates_that_leave_no_doubt_tell_the_order() -> None:
    text = (
        "Posted 12/24/2019\n24/12/2019 | 25/12/2019\n3/4/2019\nsee https://example.org/2019/12/\n"
        + "x" * 120
        + " 1/31/2019"
    )
    (seen,) = observe(["paper"], [text])
    assert (seen.day_month, seen.month_day) == (2, 1)
