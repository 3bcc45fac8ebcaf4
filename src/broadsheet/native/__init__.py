"""Functions compiled from the C in native/ to WebAssembly, called with numpy arrays.

Each module has a memory of its own and can touch nothing else, so that a page that brings it out of step ends in an
error and not in a broken process; and it computes the same on every machine. A call lays its arrays out in that
memory, one after the other, and copies results out of it.
"""

import atexit
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import Any

import numpy as np

_PAGE = 65_536  # bytes
_ALIGNMENT = 16


def _aligned(size: int) -> int:
    return -(-size // _ALIGNMENT) * _ALIGNMENT


class Module:
    """A module with its memory. One call at a time; a process that was forked makes its own (see `module`)."""

    def __init__(self, name: str) -> None:
        import wasmtime

        content = (resources.files(__package__) / f"{name}.wasm").read_bytes()
        engine = wasmtime.Engine()
        self._store = wasmtime.Store(engine)
        compiled = wasmtime.Module(engine, content)
        exports: dict[str, Any] = dict(wasmtime.Instance(self._store, compiled, []).exports(self._store).items())
        self._exports, self._memory = exports, exports["memory"]
        self._base = _aligned(exports["__heap_base"].value(self._store))

    def _bytes(self, size: int) -> np.ndarray:
        """The memory (uint8), grown where it is smaller than `size`. Not to be kept: growing may move it."""
        missing = size - self._memory.data_len(self._store)
        if missing > 0:
            self._memory.grow(self._store, -(-missing // _PAGE))
        return np.frombuffer(self._memory.get_buffer_ptr(self._store), np.uint8)

    def keep(self, array: np.ndarray) -> int:
        """Copy an array into the memory for good, and return its address: for tables that every call needs."""
        place, size = self._base, array.nbytes
        self._base = _aligned(place + size)
        self._bytes(self._base)[place : place + size] = np.ascontiguousarray(array).view(np.uint8).reshape(-1)
        return place

    def view(self, address: int, kind: type, count: int) -> np.ndarray:
        """What a function left in the memory, at an address that it returned. Like outputs, until the next call."""
        place = address & 0xFFFF_FFFF
        end = place + np.dtype(kind).itemsize * count
        found: np.ndarray = self._bytes(end)[place:end].view(kind)
        return found

    def call(
        self, function: str, inputs: Sequence[np.ndarray | bytes], outputs: Sequence[tuple[type, int]], *numbers: int
    ) -> tuple[int, list[np.ndarray]]:
        """Call `function(input, …, output, …, number, …)`, where inputs and outputs are addresses.

        `outputs` are types and numbers of elements, zeroed before the call. Returns what the function returns, and the
        outputs, which are views of the module's memory: copy what is to outlive the next call. Raises wasmtime.Trap
        where the module does what it must not.
        """
        arrays = [
            np.frombuffer(each, np.uint8) if isinstance(each, bytes) else np.ascontiguousarray(each) for each in inputs
        ]
        places: list[int] = []
        end = self._base
        for size in (*(array.nbytes for array in arrays), *(np.dtype(kind).itemsize * n for kind, n in outputs)):
            places.append(end)
            end = _aligned(end + size)
        memory = self._bytes(end)
        for place, array in zip(places, arrays, strict=False):
            memory[place : place + array.nbytes] = array.view(np.uint8).reshape(-1)
        if outputs:
            memory[places[len(arrays)] : end] = 0
        returned = self._exports[function](self._store, *places, *numbers)
        memory = self._bytes(end)
        found: list[np.ndarray] = [
            memory[place : place + np.dtype(kind).itemsize * n].view(kind)
            for place, (kind, n) in zip(places[len(arrays) :], outputs, strict=True)
        ]
        return returned, found


@cache
def module(name: str) -> Module:
    """The module of a file in this folder, made once a process."""
    return Module(name)


# Later, when the interpreter takes its modules apart, wasmtime could no longer free them without an error message.
atexit.register(module.cache_clear)
