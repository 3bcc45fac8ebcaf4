"""The record of what a page states of itself."""

from dataclasses import dataclass

from broadsheet.dates import DateValue


@dataclass(frozen=True, slots=True)
class Stated:
    """Values as a page or record states them, cleaned of what is plainly wrong; None or empty where it does not.

    `authors` has a person among its names; `anyone` may be an agency, a desk or the site itself.
    """

    headline: str | None = None
    description: str | None = None
    published: DateValue | None = None
    modified: DateValue | None = None
    authors: tuple[str, ...] = ()
    anyone: tuple[str, ...] = ()
    section: str | None = None
    keywords: tuple[str, ...] = ()
    publisher: str | None = None
    url: str | None = None
    language: str | None = None
