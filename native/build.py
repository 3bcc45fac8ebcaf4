#!/usr/bin/env python3
"""Compiles the C of this folder to modules of WebAssembly in src/broadsheet/native/: `make native`.

The modules are committed: they are the same for every machine, and nobody needs a compiler to use broadsheet. Beside
them lies what they were made from (sources.json), which a test compares with the files here; CI compiles them anew and
expects the same bytes.
"""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
MODULES = HERE.parent / "src" / "broadsheet" / "native"
# What each module is compiled from.
SOURCES = {
    "features": ["features.c"],
    "lines": ["lines.c"],
    "network": ["network.c"],
    "page": ["render.c", "straight.c"],
    "sentences": ["sentences.c"],
    "texts": ["texts.c"],
}
# No library of C and no allocation: memory is laid out by broadsheet.native, which starts at __heap_base.
FLAGS = (
    "-target", "wasm32-freestanding", "-mcpu=generic+simd128+bulk_memory+sign_ext", "-O3", "-std=c11", "-nostdlib",
    "-ffreestanding", "-ffp-contract=off", "-Wall", "-Wextra", "-Werror", "-Wl,--no-entry", "-Wl,--export=__heap_base",
    "-Wl,--strip-all", "-Wl,-z,stack-size=1048576",
)  # fmt: skip
# Of two files one is made. Smaller code reads pages as fast and is compiled in 45 ms rather than 65.
OTHER_FLAGS = {"page": ("-flto", "-Os")}


def digest_of_sources(module: str) -> str:
    """SHA-256 of all that a module is made from."""
    files = [*(HERE / source for source in SOURCES[module]), *sorted(HERE.rglob("*.h")), Path(__file__)]
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()


def main() -> None:
    """Compile all modules and write down what they were made from."""
    digests = {}
    for name, sources in SOURCES.items():
        module = MODULES / f"{name}.wasm"
        flags = [*FLAGS, *OTHER_FLAGS.get(name, ())]
        subprocess.run([sys.executable, "-m", "ziglang", "cc", *flags, "-o", module, *sources], check=True, cwd=HERE)
        module.chmod(0o644)
        digests[name] = digest_of_sources(name)
    (MODULES / "sources.json").write_text(json.dumps(digests, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
