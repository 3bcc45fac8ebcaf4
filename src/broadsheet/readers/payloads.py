"""What a reader of a format gives: payloads, failures, and the word of a container that breaks off."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple


class Unreadable(Exception):
    """Why a record cannot be read; out of a container's reader: why nothing behind this point can."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Payload:
    """One record of a file or container: `content` is what raw_sha256 is of.

    `visible` is what is shown to a reader where that is not the content itself: the text or HTML column of a
    row, the page in an MHTML file. `stated` is what a row says of itself: strings as stated, authors a list.
    """

    content: bytes
    member: str | None = None
    media_type: str | None = None
    encoding: str | None = None
    url: str | None = None
    retrieved_at: datetime | None = None
    visible: bytes | str | None = None
    stated: dict[str, Any] = field(default_factory=dict)


class Failure(NamedTuple):
    """A record that cannot be read; its payload where there is one, else how many bytes it has, as far as known.

    It may stand for several `records` that come one after the other, as many as the container says that there are.
    """

    reason: str
    detail: str
    content: bytes | None = None
    member: str | None = None
    size: int = 0
    records: int = 1


Found = Payload | Failure


class Reading(NamedTuple):
    """What every reader is told: limits, what source.yaml says, and where in nested containers it is.

    `maximum_bytes` of a payload; `maximum_ratio` of expanded to compressed bytes; `depth` of containers
    and compressions around this one, `maximum_depth` their number at most; `member` the name of the
    archive's member that is read, None outside archives.
    """

    maximum_bytes: int
    maximum_ratio: int
    maximum_depth: int
    encoding_confidence: float
    encoding: str | None = None
    columns: tuple[tuple[str, str], ...] = ()
    name: str = ""
    member: str | None = None
    depth: int = 0
