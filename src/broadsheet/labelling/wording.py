"""What learned weights of words and phrases say about lines."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

WORDING_BITS = 17


@dataclass(frozen=True)
class Wording:
    """Learned weights of hashed words and phrases, a slot each: the highest bits of a hash are its slot."""

    fingerprints: np.ndarray  # uint8[2**WORDING_BITS], the hash's lowest bits, 0 where the slot is free
    weights: np.ndarray  # int8[2**WORDING_BITS]

    def packed(self) -> np.ndarray:
        """Fingerprint and, above it, weight of each slot (uint16[2**WORDING_BITS])."""
        return self.fingerprints.astype(np.uint16) | self.weights.astype(np.uint8).astype(np.uint16) << np.uint16(8)


def no_wording() -> Wording:
    """A table in which nothing is known."""
    return Wording(np.zeros(1 << WORDING_BITS, np.uint8), np.zeros(1 << WORDING_BITS, np.int8))
