"""From a trained CatBoost model to the arrays of `broadsheet.labelling.forest.Forest`."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import numpy as np
from catboost import CatBoostClassifier

from broadsheet.labelling.forest import LEAF_SCALE


def forest_arrays(model: CatBoostClassifier, depth: int) -> dict[str, np.ndarray]:
    """Questions, trees and leaves as integers; a tree that stopped early is filled up."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.json"
        model.save_model(str(path), format="json")
        content = json.loads(path.read_text("utf-8"))
    # A question that nothing answers with yes fills trees that stopped early.
    questions: dict[tuple[int, float], int] = {(0, float("inf")): 0}
    trees, leaves = [], []
    for tree in content["oblivious_trees"]:
        asked = [(split["float_feature_index"], split["border"]) for split in tree["splits"] or []]
        numbers = [questions.setdefault(question, len(questions)) for question in asked]
        fill = depth - len(numbers)
        # CatBoost's first question is the lowest bit of a leaf's number, ours is the highest.
        trees.append([0] * fill + numbers[::-1])
        values = tree["leaf_values"]
        leaves.append(values + [0.0] * ((1 << depth) - len(values)))
    scale, bias = content["scale_and_bias"]
    # Questions to one column stand together, so that it is read once for all of them.
    ordered = sorted(questions)
    place = np.empty(len(ordered), np.int16)
    place[[questions[question] for question in ordered]] = np.arange(len(ordered))
    features, borders = zip(*ordered, strict=True)
    return {
        "features": np.array(features, np.int16),
        "borders": np.array(borders, np.float32),
        "trees": place[np.array(trees)],
        "leaves": np.rint(np.array(leaves) * scale * LEAF_SCALE).astype(np.int16),
        "bias": np.array(round(bias[0] * LEAF_SCALE), np.int32),
    }
