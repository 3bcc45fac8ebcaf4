"""Modules of WebAssembly: made from the C that lies beside them, and called with arrays."""

import importlib.util
import json
from itertools import chain

import numpy as np
import pytest

from broadsheet import native
from tests.conftest import ROOT


def _builder():
    spec = importlib.util.spec_from_file_location("build", ROOT / "native" / "build.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_modules_are_made_from_the_sources() -> None:
    builder = _builder()
    assert sorted(chain(*builder.SOURCES.values())) == sorted(path.name for path in (ROOT / "native").glob("*.c"))
    assert sorted(path.stem for path in builder.MODULES.glob("*.wasm")) == sorted(builder.SOURCES)
    made_from = json.loads((builder.MODULES / "sources.json").read_text())
    assert made_from == {name: builder.digest_of_sources(name) for name in builder.SOURCES}, "run: make native"


def test_what_is_kept_outlives_calls() -> None:
    module = native.Module("features")
    given = np.arange(1000, dtype=np.int32)
    first, second = module.keep(given), module.keep(given[::-1])
    module.call("hashes", [np.zeros(9, np.uint32), np.zeros(0, np.int32)], [(np.uint64, 99)] * 3 + [(np.uint8, 0)],
                first, 9, 0, 0)  # fmt: skip
    assert np.array_equal(module.view(first, np.int32, 1000), given)
    assert np.array_equal(module.view(second, np.int32, 1000), given[::-1])


def test_what_is_kept_outlives_a_memory_that_is_made_anew() -> None:
    module = native.Module("features")
    given = np.arange(1000, dtype=np.int32)
    place = module.keep(given)
    module.view(1 << 27, np.uint8, 1)  # larger than what is kept from call to call
    for _ in range(2):
        module.call("hashes", [np.zeros(9, np.uint32), np.zeros(0, np.int32)], [(np.uint64, 99)] * 3 + [(np.uint8, 0)],
                    place, 9, 0, 0)  # fmt: skip
        assert np.array_equal(module.view(place, np.int32, 1000), given)


def test_more_than_a_module_s_memory_is_too_large() -> None:
    module = native.Module("features")
    with pytest.raises(native.TooLarge):
        module.call("hashes", [], [(np.uint8, 1 << 32)])
