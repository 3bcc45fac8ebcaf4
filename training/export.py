"""From a trained CatBoost model to the arrays of `broadsheet.labelling.forest.Forest`."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from catboost import CatBoostClassifier

from broadsheet.labelling.forest import LEAF_SCALE


def trees_of(model: CatBoostClassifier) -> dict:
    """The model as CatBoost writes it to JSON."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.json"
        model.save_model(str(path), format="json")
        return json.loads(path.read_text("utf-8"))


def forest_arrays(models: Sequence[CatBoostClassifier], depth: int) -> dict[str, np.ndarray]:
    """Questions, trees and leaves as integers: one forest with the mean of the models' log odds.

    A tree that stopped early is filled up with a question that nothing answers with yes.
    """
    questions: dict[tuple[int, float], int] = {(0, float("inf")): 0}
    trees, leaves, bias = [], [], 0.0
    for content in map(trees_of, models):
        scale, biases = content["scale_and_bias"]
        bias += biases[0] / len(models)
        for tree in content["oblivious_trees"]:
            asked = [(one["float_feature_index"], one["border"]) for one in tree["splits"] or []]
            numbers = [questions.setdefault(question, len(questions)) for question in asked]
            # CatBoost's first question is the lowest bit of a leaf's number, ours the highest.
            trees.append([0] * (depth - len(numbers)) + numbers[::-1])
            values = np.zeros(1 << depth)
            values[: len(tree["leaf_values"])] = tree["leaf_values"]
            leaves.append(values * scale / len(models))
    # Questions to one column stand together, so that it is read once for all of them.
    ordered = sorted(questions)
    place = np.empty(len(ordered), np.int16)
    place[[questions[question] for question in ordered]] = np.arange(len(ordered))
    features, borders = zip(*ordered, strict=True)
    return {
        "features": np.array(features, np.int16),
        "borders": np.array(borders, np.float32),
        "trees": place[np.array(trees)],
        "leaves": np.rint(np.array(leaves) * LEAF_SCALE).astype(np.int16),
        "bias": np.array(round(bias * LEAF_SCALE), np.int32),
    }
