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
# Bytes of memory that are kept from call to call. It never shrinks, so that one that is larger is made anew.
_LARGEST = 1 << 26
# What WebAssembly's addresses of 32 bits reach.
_MOST = 1 << 32
Input = np.ndarray | bytes
Output = tuple[type, int]  # of elements, and how many


class TooLarge(ValueError):
    """A call needs more than the memory that a module can have."""

    def __init__(self, size: int) -> None:
        super().__init__(f"{size} bytes, of {_MOST} that a module can have")


def _aligned(size: int) -> int:
    return -(-size // _ALIGNMENT) * _ALIGNMENT


class Module:
    """A module with its memory. One call at a time; a process that was forked makes its own (see `module`)."""

    def __init__(self, name: str) -> None:
        import wasmtime

        content = (resources.files(__package__) / f"{name}.wasm").read_bytes()
        self._engine = wasmtime.Engine()
        self._compiled = wasmtime.Module(self._engine, content)
        self._kept: list[np.ndarray] = []
        self._make()

    def _make(self) -> None:
        """Make the memory, as small as it is at first, with what is kept at the addresses that it had."""
        import wasmtime

        self._store = wasmtime.Store(self._engine)
        instance = wasmtime.Instance(self._store, self._compiled, [])
        exports: dict[str, Any] = dict(instance.exports(self._store).items())
        self._exports, self._memory = exports, exports["memory"]
        self._view = np.zeros(0, np.uint8)
        self._base = _aligned(exports["__heap_base"].value(self._store))
        for array in self._kept:
            self._put(array)

    def _put(self, array: np.ndarray) -> int:
        place, size = self._base, array.nbytes
        self._base = _aligned(place + size)
        self._bytes(self._base)[place : place + size] = array.view(np.uint8).reshape(-1)
        return place

    def _bytes(self, size: int) -> np.ndarray:
        """The memory (uint8), grown where it is smaller than `size`. Not to be kept: growing may move it.

        Raises TooLarge where that is more than a module can have.
        """
        if size > _MOST:
            raise TooLarge(size)
        length = self._memory.data_len(self._store)
        if size > length:
            self._memory.grow(self._store, -(-(size - length) // _PAGE))
            length = self._memory.data_len(self._store)
        # It stays where it is until it grows, which the module may have had it do.
        if length != len(self._view):
            self._view = np.frombuffer(self._memory.get_buffer_ptr(self._store), np.uint8)
        return self._view

    def keep(self, array: np.ndarray) -> int:
        """Copy an array into the memory for good, and return its address: for tables that every call needs."""
        self._kept.append(np.ascontiguousarray(array))
        return self._put(self._kept[-1])

    def view(self, address: int, kind: type, count: int) -> np.ndarray:
        """What a function left in the memory, at an address that it returned. Like outputs, until the next call."""
        place = address & 0xFFFF_FFFF
        end = place + np.dtype(kind).itemsize * count
        found: np.ndarray = self._bytes(end)[place:end].view(kind)
        return found

    def call(
        self, function: str, inputs: Sequence[Input], outputs: Sequence[Output], *numbers: int
    ) -> tuple[int, list[np.ndarray]]:
        """Call `function(input, …, output, …, number, …)`, where inputs and outputs are addresses.

        `outputs` are types and numbers of elements, zeroed before the call. Returns what the function returns, and the
        outputs, which are views of the module's memory: copy what is to outlive the next call. Raises TooLarge
        where they do not fit, and wasmtime.Trap where the module does what it must not.
        """
        places, end = self._lay_out(inputs, outputs)
        if outputs:
            self._bytes(end)[places[len(inputs)] : end] = 0
        returned = self._exports[function](self._store, *places, *numbers)
        return returned, self._views(places[len(inputs) :], outputs, end)

    def call_with_record(self, function: str, record: int, inputs: Sequence[Input], *numbers: int) -> np.ndarray:
        """Call `function()`, for which the addresses of inputs, that behind them and the numbers are set down at the
        address `record`: an argument takes 5 µs to hand over. Returns the memory (uint8), until the next call.
        """
        places, end = self._lay_out(inputs, ())
        given = np.array([*places, end, *numbers], np.uint32).view(np.uint8)
        self._bytes(end)[record : record + len(given)] = given
        self._exports[function](self._store)
        return self._bytes(end)

    def call_again(self, function: str) -> None:
        """Call `function()` over what was laid out and set down for the call before."""
        self._exports[function](self._store)

    def _lay_out(self, inputs: Sequence[Input], outputs: Sequence[Output]) -> tuple[list[int], int]:
        """Put arrays into the memory behind what is kept: their addresses, and the address behind them."""
        if self._memory.data_len(self._store) > _LARGEST:
            self._make()
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
        return places, end

    def _views(self, places: Sequence[int], outputs: Sequence[Output], end: int) -> list[np.ndarray]:
        """Outputs at their addresses."""
        memory = self._bytes(end)
        return [
            memory[place : place + np.dtype(kind).itemsize * n].view(kind)
            for place, (kind, n) in zip(places, outputs, strict=True)
        ]


@cache
def module(name: str) -> Module:
    """The module of a file in this folder, made once a process."""
    return Module(name)


# Later, when the interpreter takes its modules apart, wasmtime could no longer free them without an error message.
atexit.register(module.cache_clear)
