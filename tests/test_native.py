"""Modules of WebAssembly: made from the C that lies beside them, and called with arrays."""

import importlib.util
import json

from tests.conftest import ROOT


def _builder():
    spec = importlib.util.spec_from_file_location("build", ROOT / "native" / "build.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_modules_are_made_from_the_sources() -> None:
    builder = _builder()
    sources = sorted(path.stem for path in (ROOT / "native").glob("*.c"))
    assert sorted(path.stem for path in builder.MODULES.glob("*.wasm")) == sources
    made_from = json.loads((builder.MODULES / "sources.json").read_text())
    assert made_from == {name: builder.digest_of_sources(name) for name in sources}, "run: make native"
