"""Python's search for cycles of objects, put off while many records are made."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_search_for_cycles() -> Iterator[None]:
    """Puts off the collection of cycles, as a context or a decorator.

    Records hold no cycles and are freed without it; going through hundreds of thousands of them again and
    again takes a fifth of a stage's time.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
