"""Invariants whose SQL is long, against the same rule in Python on random texts."""

import random

import pyarrow as pa
import pytest

from broadsheet.checks.database import empty_database, expand, open_database
from broadsheet.schema import tables

CHARACTERS = "ab é🤦 \n\n\n\t\u00a0\u3000\x1c\x85\u2028"


def lines_of(text: str) -> list[tuple[int, int]]:
    """Spans of the lines that are not blank, trimmed."""
    spans, position = [], 0
    for line in text.split("\n"):
        if line.strip():
            start = position + len(line) - len(line.lstrip())
            spans.append((start, start + len(line.strip())))
        position += len(line) + 1
    return spans


@pytest.mark.parametrize("seed", range(3))
def test_blocks_cover_the_lines(seed: int) -> None:
    generator = random.Random(seed)
    texts = ["".join(generator.choices(CHARACTERS, k=generator.randrange(1, 40))) for _ in range(300)]
    blocks = [
        {"document_id": str(number), "block_index": index, "start": start, "end": end}
        for number, text in enumerate(texts)
        for index, (start, end) in enumerate(lines_of(text))
    ]
    names = {invariant.name: invariant.query for invariant in tables()["blocks"].invariants}
    query = expand(names["blocks_cover_every_character_once"])
    with open_database() as connection:
        database = empty_database(connection)
        connection.execute("DROP TABLE documents; DROP TABLE blocks")
        connection.register("documents", pa.table({"document_id": list(map(str, range(300))), "text": texts}))
        connection.register("blocks", pa.Table.from_pylist(blocks))
        assert database.count(query) == 0
        blocks[7]["end"] += 1
        connection.register("blocks", pa.Table.from_pylist(blocks))
        assert database.count(query) == 1
