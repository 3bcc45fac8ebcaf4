"""What a page or record states of itself: headline, dates, authors and more out of `documents.hints`.

>>> stated = read_stated({"meta": {"og:title": ["Bridge opens | The Tarn Post"], "og:site_name": ["The Tarn Post"]}})
>>> stated.headline
'Bridge opens'
"""

from collections.abc import Sequence
from typing import Any

from broadsheet.records import Mark, Marks, columns_of
from broadsheet.stated.headlines import Site, line_of_title, stated_headline
from broadsheet.stated.linked_data import Hints
from broadsheet.stated.people import stated_authors
from broadsheet.stated.record import Stated
from broadsheet.stated.times import joined, not_after, stated_times

__all__ = ["Stated", "joined", "not_after", "read_stated"]

NOTHING = Stated()


def _whole(description: str | None) -> str | None:
    """A description, unless it is the beginning of a text that was cut off."""
    return None if description is None or description.endswith(("…", "...", "[…]", "[...]")) else description


def read_stated(
    hints: Any, text: str = "", marks: Marks | Sequence[Mark] = (), printed_headline: str | None = None
) -> Stated:
    """What hints (the value of their JSON) say, with headings and authors that `marks` show in `text` as witnesses.

    `printed_headline`, the line that was taken for it, bears witness where the page has no first heading; where no line
    was, one that stands whole in the page's title.
    """
    if not hints:
        return NOTHING
    page = Hints(hints)
    site = Site(page.sites, page.domain)
    published, modified = stated_times(page)
    columns = columns_of(marks)
    headings = [text[start:end] for start, end in columns.spans("h1")] or [
        printed_headline or line_of_title(page, text)
    ]
    shown = [text[start:end] for start, end in columns.spans("hint:author")]
    authors, anyone = stated_authors(page, shown, site)
    return Stated(
        headline=stated_headline(page, headings, site),
        description=_whole(page.first("description")),
        published=published,
        modified=modified,
        authors=authors,
        anyone=anyone,
        section=page.first("section"),
        keywords=page.keywords(),
        publisher=page.publisher(),
        url=page.url,
        language=page.first("language"),
    )
