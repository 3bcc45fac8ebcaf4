"""Dates of publication and change out of what a page states, and how they join with printed ones."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from functools import lru_cache

from broadsheet.dates import DateValue, find_dates, resolve_date
from broadsheet.stated.linked_data import Hints, strings

_PUBLISHED = ("article:published_time", "og:article:published_time", "article:published",
              "article:published:time", "datepublished",
              "parsely-pub-date", "sailthru.date", "dc.date.issued", "dcterms.created", "dc.date.created",
              "dcterms.date", "dc.date", "dc.date.publish", "date", "pubdate", "publishdate", "publish_date",
              "publish-date", "pub_date", "publication_date", "publicationdate", "published_date", "published-date",
              "article.published", "article_date_original", "originalpublicationdate", "ptime", "pdate", "displaydate",
              "cxenseparse:recs:publishtime", "cxenseparse:publishtime", "bt:pubdate", "timestamp", "og:pubdate",
              "og:published_time", "og:release_date", "citation_publication_date", "citation_date", "last-published",
              "prism.publicationdate", "rnews:datepublished", "video:release_date", "iso-8601-publish-date",
              "datecreated", "created", "sort_date", "firstpublished", "mediator_published_time", "release_date",
              "weibo:article:create_at", "apub:time", "creation_date")  # fmt: skip
_MODIFIED = ("article:modified_time", "og:updated_time", "article:modified", "article:modified:time",
             "datemodified", "dc.date.modified",
             "dcterms.modified", "last-modified", "lastmod", "updated", "revised")  # fmt: skip
_ISO = re.compile(
    r"\s*(\d{4})-?(\d{2})-?(\d{2})(?:[T\s]+(\d{2}):?(\d{2})(?::?(\d{2}))?(?:[.,]\d+)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?"
    r"(?![\d:])"
)
_EPOCH = re.compile(r"\s*(\d{10})(\d{3})?\s*$")
_IN_URL = re.compile(r"/((?:19|20)\d\d)[/-](\d{1,2})[/-](\d{1,2})(?:[/-]|$)")
FIRST, LATEST = datetime(1971, 1, 1), datetime(2100, 1, 1)
_MOST_READ = 1_000
NEAR, SAME = timedelta(hours=26), timedelta(hours=1)


# Most pages were changed when they were published, and say so in several places.
@lru_cache(_MOST_READ)
def read_time(text: str) -> DateValue | None:
    """A date as markup and records write it: ISO 8601, that of mail (RFC 5322), seconds since 1970, or printed."""
    text = text[:100]
    if match := _ISO.match(text):
        return _iso_value(match)
    if match := _EPOCH.match(text):
        moment = datetime.fromtimestamp(int(match[1]), UTC).replace(tzinfo=None)
        return _plausible(DateValue(moment, "second", moment, text.strip()))
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return _printed(text)
    return _plausible(_of_moment(moment, "second", text.strip()))


def _of_moment(moment: datetime, precision: str, text: str) -> DateValue:
    """A date in its own offset; without one it has no time in UTC."""
    utc = None
    if moment.tzinfo is not None and FIRST.year < moment.year < LATEST.year:
        utc = moment.astimezone(UTC).replace(tzinfo=None)
    return DateValue(moment.replace(tzinfo=None), precision, utc, text)


def _iso_value(match: re.Match[str]) -> DateValue | None:
    year, month, day, hour, minute, second, zone = match.groups()
    try:
        moment = datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0))
        if zone:
            moment = moment.replace(tzinfo=_zone(zone))
    except ValueError:
        return None
    precision = "day" if hour is None else "second" if second else "minute"
    return _plausible(_of_moment(moment, precision, match[0].strip()))


def _zone(zone: str) -> timezone:
    if zone[0] not in "+-":
        return timezone.utc  # noqa: UP017 (a zone of its own, not the module's constant)
    digits = zone[1:].replace(":", "")
    minutes = int(digits[:2]) * 60 + int(digits[2:4] or 0)
    return timezone(timedelta(minutes=-minutes if zone[0] == "-" else minutes))


def _printed(text: str) -> DateValue | None:
    found = find_dates(text)
    return _plausible(resolve_date(found[0], text)) if found else None


def _plausible(value: DateValue | None) -> DateValue | None:
    """The date, unless it is a computer's default (1970 and before) or beyond all publication."""
    return value if value is not None and FIRST < value.local < LATEST else None


def _first(texts: Iterable[str]) -> DateValue | None:
    return next(filter(None, map(read_time, texts)), None)


def _candidates(page: Hints, record: str, terms: tuple[str, ...], names: tuple[str, ...]) -> Iterator[str]:
    yield from strings(page.record.get(record))
    for each in page.articles:
        for term in terms:
            if term in each:
                yield from strings(each[term])
    yield from page.values(*names)


def _others(page: Hints) -> Iterator[str]:
    """Dates of `time` elements and of the page's address: the first are the page's own more often than not."""
    times = page.all.get("times")
    yield from (text for each in (times if isinstance(times, list) else [])[:1] for text in strings(each[:1]))
    if match := _IN_URL.search(page.url or ""):
        yield f"{match[1]}-{int(match[2]):02d}-{int(match[3]):02d}"


def stated_times(page: Hints) -> tuple[DateValue | None, DateValue | None]:
    """When a page says that it was published, and when changed."""
    published = _first(_candidates(page, "date_published", ("datePublished", "dateCreated", "uploadDate"), _PUBLISHED))
    modified = _first(_candidates(page, "date_modified", ("dateModified",), _MODIFIED))
    return published or _first(_others(page)), modified


def not_after(stated: DateValue | None, retrieved_at: datetime | None) -> DateValue | None:
    """The date, unless it lies more than 14 hours after the retrieval (the local date furthest east)."""
    if stated is None or retrieved_at is None:
        return stated
    latest = retrieved_at.astimezone(UTC).replace(tzinfo=None) + timedelta(hours=14)
    return stated if (stated.utc or stated.local) <= latest else None


def joined(stated: DateValue | None, printed: DateValue | None) -> DateValue | None:
    """One date of a stated and a printed one.

    A printed local time wins over a stated one within 26 hours of it, which then gives only the zone;
    otherwise the stated one counts, in its own offset. A printed time with a zone of its own, hours from the
    stated one, is that of something else on the page.
    """
    if stated is None or printed is None or printed.precision in ("year", "month", "day"):
        return stated or printed
    if stated.utc is not None and printed.utc is not None and abs(stated.utc - printed.utc) > SAME:
        return stated
    if abs(printed.local - stated.local) > NEAR:
        return stated
    return DateValue(printed.local, printed.precision, printed.utc or _in_zone_of(stated, printed.local), printed.text)


def _in_zone_of(stated: DateValue, local: datetime) -> datetime | None:
    """The printed local time in UTC. Where both are the same moment, to the quarter of an hour of zones, it is that
    which is stated; else the stated offset holds."""
    if stated.utc is None:
        return None
    offset = local - stated.utc.replace(second=0)
    if abs(offset) <= timedelta(hours=14) and offset % timedelta(minutes=15) == timedelta(0):
        return stated.utc.replace(second=0)
    return local - (stated.local - stated.utc)
