"""MHTML, as browsers save pages: a file is one record, its bytes the payload, its page the visible part."""

import email
import email.errors
import email.policy
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime
from typing import BinaryIO

from broadsheet.readers.payloads import Payload, Reading, Unreadable
from broadsheet.readers.streams import read_all

_PAGES = ("text/html", "application/xhtml+xml")


def _page(message: Message) -> Message:
    """The part that is the page: the first, of frames and advertisements that are pages too."""
    for part in message.walk():
        if part.get_content_type() in _PAGES:
            return part
    raise Unreadable("malformed", "an MHTML file without a page")


def _retrieved(message: Message) -> datetime | None:
    try:
        found = parsedate_to_datetime(str(message["Date"]))
        return found.astimezone(UTC) if found.tzinfo else None
    except (TypeError, ValueError, OverflowError):
        return None


def read(stream: BinaryIO, reading: Reading) -> Iterator[Payload]:
    """The one record of a saved page."""
    content = read_all(stream, reading.maximum_bytes)
    try:
        message = email.message_from_bytes(content, policy=email.policy.compat32)
        page = _page(message)
        visible = page.get_payload(decode=True)
        charset = page.get_content_charset()
        url = str(message["Snapshot-Content-Location"] or page["Content-Location"] or "").strip()
    except (ValueError, LookupError, RecursionError, email.errors.MessageError) as error:
        raise Unreadable("malformed", f"no MHTML: {error}") from error
    if not isinstance(visible, bytes) or not visible.strip():
        raise Unreadable("empty", "the page in it has no bytes")
    media_type = page.get_content_type()
    retrieved = _retrieved(message)
    url_or_none = url if url.startswith(("http:", "https:")) else None
    yield Payload(content, reading.member, media_type, charset, url_or_none, retrieved, visible)
