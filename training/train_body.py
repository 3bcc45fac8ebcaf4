#!/usr/bin/env python3
"""Train the classifier of body lines, measure it, and write the weights into the package.

    python training/train_body.py --gold ../shared/gold

Measures by cross-validation over domains, with the functions of the gold's own scorer; then
trains on all pages, writes `src/broadsheet/labelling/data/` and prints the same table for the
weights as shipped, which have seen these pages.
"""

from __future__ import annotations

import argparse
import importlib.util
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from catboost import CatBoostClassifier
from corpus import FOLDS, Corpus, read_corpus
from export import forest_arrays
from wording import learn_wording, read_phrases

from broadsheet.labelling import forest
from broadsheet.labelling.features import FEATURE_NAMES, analyse, line_features
from broadsheet.labelling.forest import Wording, second_look, wording_features
from broadsheet.labelling.labels import label_page
from broadsheet.labelling.state import BODY_LABELS, PageLines

DATA = Path(__file__).resolve().parent.parent / "src" / "broadsheet" / "labelling" / "data"
CACHE = Path(__file__).resolve().parent / ".cache"
SEED = 7
SEEDS = (7, 8)
DEPTH = 6
TREES = 220
NEWS = ("aeb", "n4k", "fundus")
CONVERTERS = ("resiliparse", "inscriptis", "resiliparse_main")
NOTHING = analyse([], [], [])
SECOND_NAMES = tuple(second_look(NOTHING, np.zeros(0, np.float32)).names)
SLOTS = 1 << forest.WORDING_BITS
FREE = Wording(np.zeros(SLOTS, np.uint8), np.zeros(SLOTS, np.int8))
WORDING_NAMES = tuple(wording_features(NOTHING, FREE).names)
EASY = 0.02
EASY_SHARE = 10
LEAST_PAGE_WEIGHT = 20
USEFUL = 208
PAGE_FEATURES = {
    "lines of page", "words of page", "prose words of page", "share of prose words",
    "prose lines of page", "mean prose length", "share of bullets of page",
    "share of short lines of page", "ideographs of page", "blank lines a line",
    "words of strict run", "words of middle run", "words of lenient run", "words of cohesive run",
    "best headline score", "body words of page", "other words of page", "share of body in page",
    "doubtful words of page", "share of doubtful words", "mean words of likely",
    "likely lines that are sentence", "likely lines that are bullet",
    "likely lines that are short", "address words a likely line", "self words a likely line",
    "reporting words a likely line", "main block mass", "blocks of page",
}  # fmt: skip


def scorer(gold: Path):
    """The gold's own scorer as a module."""
    spec = importlib.util.spec_from_file_location("score_pages", gold / "score_pages.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def shape_table(corpus: Corpus) -> np.ndarray:
    """Line features (float32[lines, features]) of all pages."""
    return np.concatenate([line_features(list(b.text), list(b.starts), list(b.ends)) for b in corpus.batches()])


def wording_table(corpus: Corpus, wording: Wording, pages: np.ndarray) -> np.ndarray:
    """Wording features of the pages with the numbers `pages`, in order."""
    parts = []
    for batch in corpus.batches(pages=pages):
        analysis = analyse(list(batch.text), list(batch.starts), list(batch.ends))
        parts.append(wording_features(analysis, wording).stack().T)
    return np.concatenate(parts)


def second_table(corpus: Corpus, scores: np.ndarray) -> np.ndarray:
    """Second look (float32[lines, features]) at all pages, from scores of the first forest."""
    parts = []
    rounded = np.round(scores, 3).astype(np.float32)
    for batch in corpus.batches():
        analysis = analyse(list(batch.text), list(batch.starts), list(batch.ends))
        own = rounded[batch["first"].iloc[0] : batch.past.iloc[-1]]
        parts.append(second_look(analysis, own).stack().T)
    return np.concatenate(parts)


def fit(
    table: np.ndarray, corpus: Corpus, weights: np.ndarray, names: Sequence[str], seed: int = SEED
) -> CatBoostClassifier:
    """A forest of oblivious trees trained on the lines with a weight (float64[lines])."""
    # What is the same for all lines of a page could tell pages apart: only a few steps of it.
    coarse = [f"{i}:border_count=4" for i, name in enumerate(names) if name in PAGE_FEATURES]
    model = CatBoostClassifier(
        iterations=TREES, depth=DEPTH, learning_rate=0.1, l2_leaf_reg=6, border_count=48,
        per_float_feature_quantization=coarse, rsm=0.35, bootstrap_type="Bernoulli",
        subsample=0.6, random_seed=seed, thread_count=2, verbose=0,
    )  # fmt: skip
    rows = weights > 0
    model.fit(table[rows], corpus.labels[rows], sample_weight=weights[rows])
    return model


def useful_columns(model: CatBoostClassifier) -> np.ndarray:
    """Sorted numbers of the columns that move the scores of a forest most."""
    return np.sort(np.argsort(-np.asarray(model.feature_importances_), kind="stable")[:USEFUL])


def out_of_fold(
    table: np.ndarray, corpus: Corpus, weights: np.ndarray, names: Sequence[str],
    seeds: Sequence[int] = (SEED,),
) -> np.ndarray:  # fmt: skip
    """Score (float32) of every line, the mean of forests that have not seen its domain."""
    scores = np.zeros(len(corpus.labels), np.float32)
    for fold in range(FOLDS):
        held = corpus.fold == fold
        for seed in seeds:
            model = fit(table, corpus, np.where(held, 0, weights), names, seed)
            scores[held] += model.predict_proba(table[held])[:, 1] / len(seeds)
    return scores


def thinned(weights: np.ndarray, easy: np.ndarray) -> np.ndarray:
    """Weights with most of the easy lines (bool[lines]) left out: they teach little."""
    kept = np.random.RandomState(SEED).randint(EASY_SHARE, size=len(easy)) == 0
    return weights * np.where(easy, EASY_SHARE * kept, 1)


def balanced(corpus: Corpus, weights: np.ndarray, draft: np.ndarray) -> np.ndarray:
    """Weights with pages brought nearer to each other, as the measure counts pages, not lines."""
    sizes = corpus.pages.past - corpus.pages["first"]
    page = np.repeat(np.arange(len(sizes)), sizes)
    total = np.bincount(page, corpus.weights * (draft > EASY), minlength=len(sizes))
    balanced_weights = weights / np.sqrt(np.maximum(total, LEAST_PAGE_WEIGHT))[page]
    return balanced_weights / balanced_weights[weights > 0].mean()


def out_of_fold_wording(corpus: Corpus, draft: np.ndarray) -> tuple[np.ndarray, Wording]:
    """Wording features from tables that have not seen the domain, and a table from all pages.

    Weights dwell on lines that their shape leaves in doubt.
    """
    phrases = read_phrases(corpus)
    weights = corpus.weights * (4 * draft * (1 - draft) + 0.03)
    rows = thinned(corpus.weights, draft <= EASY) > 0
    table = np.zeros((len(draft), len(WORDING_NAMES)), np.float32)
    for fold in range(FOLDS):
        wording = learn_wording(corpus, phrases, rows & (corpus.fold != fold), weights)
        pages = np.flatnonzero(corpus.pages.fold == fold)
        table[corpus.fold == fold] = wording_table(corpus, wording, pages)
    return table, learn_wording(corpus, phrases, rows, weights)


def measure(score, frame: pd.DataFrame) -> dict[str, float]:
    """One row of the table, by the scorer's own rules."""
    nothing = dict.fromkeys(("date_published", "found_date", "authors", "found_authors"))
    row = score.measure(frame.assign(headline="", found_headline="", **nothing))
    return {name: row[name] for name in ("pages", "P", "R", "F1", "median", "exact", "no article")}


def body_of(page, scores: np.ndarray, with_rules: bool) -> str:
    """The body that scores (float32[lines]) give a page, as the pipeline would assemble it with its rules."""
    chosen = forest.body_lines(scores, page.ends - page.starts)
    if with_rules:
        lines = [page.text[start:end] for start, end in zip(page.starts, page.ends, strict=True)]
        labels = label_page(PageLines(lines, scores, chosen, np.zeros(len(lines), bool))).labels
        chosen = np.array([label in BODY_LABELS for label in labels], bool)
    spans = zip(page.starts[chosen], page.ends[chosen], strict=True)
    return "\n\n".join(page.text[start:end] for start, end in spans)


def report(score, corpus: Corpus, scores: np.ndarray, title: str, with_rules: bool = False) -> None:
    """Print precision, recall, F1, median and exact bodies by converter and language."""
    rounded = np.round(scores, 3).astype(np.float32)
    bodies = [body_of(page, rounded[page.first : page.past], with_rules) for page in corpus.pages.itertuples()]
    frame = corpus.pages.assign(found_body=bodies)
    frame = frame[frame.dataset.isin(NEWS)].drop(columns="text")
    groups = np.where(frame.language.isin(("en", "de")), frame.language, "other")
    rows = []
    for converter in CONVERTERS:
        own = frame.converter == converter
        for name in ("NEWS", "en", "de", "other"):
            part = frame[own if name == "NEWS" else own & (groups == name)]
            rows.append({"converter": converter, "part": name} | measure(score, part))
    print(title)
    print(pd.DataFrame(rows).to_string(index=False, float_format=lambda value: f"{value:.4f}"), flush=True)


def main() -> None:
    """Cross-validate, train on everything, write the weights, and print both tables."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--gold", type=Path, required=True)
    ask.add_argument("--cache", type=Path, default=CACHE, help="labelled pages are kept here")
    args = ask.parse_args()
    score, corpus = scorer(args.gold), read_corpus(args.gold, args.cache, SEED)
    shape = shape_table(corpus)
    early = out_of_fold(shape, corpus, corpus.weights, FEATURE_NAMES)
    report(score, corpus, early, "First forest, cross-validated by domain")
    weights = balanced(corpus, thinned(corpus.weights, early <= EASY), early)
    words, wording = out_of_fold_wording(corpus, early)
    table = np.concatenate((shape, second_table(corpus, early), words), axis=1)
    names = np.array(FEATURE_NAMES + SECOND_NAMES + WORDING_NAMES)
    useful = useful_columns(fit(table, corpus, weights, names))
    table, names = table[:, useful], names[useful]
    late = out_of_fold(table, corpus, weights, names, SEEDS)
    np.save(args.cache / "scores.npy", late)
    report(score, corpus, late, "Both forests, cross-validated by domain")
    report(score, corpus, late, "Both forests and the rules, cross-validated by domain", with_rules=True)
    first = forest_arrays([fit(shape, corpus, corpus.weights, FEATURE_NAMES)], DEPTH)
    second = forest_arrays([fit(table, corpus, weights, names, seed) for seed in SEEDS], DEPTH)
    second["features"] = useful[second["features"]].astype(np.int16)
    arrays = {"fingerprints": wording.fingerprints, "weights": wording.weights}
    arrays |= {f"first_{key}": values for key, values in first.items()}
    arrays |= {f"second_{key}": values for key, values in second.items()}
    np.savez_compressed(DATA / "body_forest.npz", **arrays)
    pages = corpus.pages
    found = forest.body_scores(list(pages.text), list(pages.starts), list(pages.ends))
    report(score, corpus, np.concatenate(found), "Shipped weights and rules, which have seen these pages", True)


if __name__ == "__main__":
    main()
