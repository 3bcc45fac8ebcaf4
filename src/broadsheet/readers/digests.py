"""SHA-256 of files that are records: asked for as a file's, to see whether it changed, and then as its record's.

Between the two lie as many files as a part has; so long their contents are kept. What is kept is compared as a whole,
so that nothing but the same bytes has its digest.
"""

import hashlib

# Bytes of contents that are kept at most: more than a part has by default.
_MOST_BYTES = 1 << 25
_ENDS = 64

_kept: dict[tuple[int, bytes, bytes], tuple[bytes, str]] = {}


def _key(content: bytes) -> tuple[int, bytes, bytes]:
    return len(content), content[:_ENDS], content[-_ENDS:]


def sha256_of_file(content: bytes) -> str:
    """SHA-256 of a file's bytes, hexadecimal, kept until a record has the same."""
    digest = hashlib.sha256(content).hexdigest()
    if sum(size for size, _, _ in _kept) + len(content) > _MOST_BYTES:
        _kept.clear()
    _kept[_key(content)] = content, digest
    return digest


def sha256_of_record(content: bytes) -> str:
    """SHA-256 of a record's bytes, hexadecimal."""
    known, digest = _kept.pop(_key(content), (b"", ""))
    return digest if digest and known == content else hashlib.sha256(content).hexdigest()
