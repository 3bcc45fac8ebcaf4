"""Trains the body model and measures it: `make train`.

A gate says which lines networks see at all; it is learned from gold and from draft networks.
Five networks see four fifths of the domains each and are measured on the last one, with two
seeds; then two see all pages and are shipped. Prints F1 and exact bodies of text dumps and
of rendered HTML, cross-validated by domain, with and without the rules; then those of the shipped
weights, which have seen these pages.
"""

from __future__ import annotations

import argparse
import importlib.util
from pathlib import Path

import numpy as np
import pandas as pd
from corpus import CONVERTERS, FOLDS, Corpus, read_corpus
from gate import gate_arrays, only, out_of_fold_near
from network import Scaling, log_odds, network_arrays, scaling_of, trained
from wording import learn_wording, read_phrases

from broadsheet.labelling.body import body_lines, body_scores
from broadsheet.labelling.features import LineFeatures, names
from broadsheet.labelling.labels import label_page
from broadsheet.labelling.lexicon import lay_out
from broadsheet.labelling.markup import marks_of
from broadsheet.labelling.state import BODY_LABELS, PageLines
from broadsheet.labelling.wording import Wording, no_wording

DATA = Path(__file__).resolve().parent.parent / "src" / "broadsheet" / "labelling" / "data"
CACHE = Path(__file__).resolve().parent / ".cache"
SEED = 7
SEEDS = (7, 8)
DRAFT_EPOCHS = 3
NEWS = ("aeb", "n4k", "fundus")
SURE = 0.02
SURE_SHARE = 10
DOUBTFUL = 0.05


def scorer(gold: Path):
    """The gold's own scorer as a module."""
    spec = importlib.util.spec_from_file_location("score_pages", gold / "score_pages.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def table_of(corpus: Corpus, pages: np.ndarray | None, wording: Wording) -> np.ndarray:
    """Features (float32[lines, features]) of some pages, or of all."""
    features, parts = LineFeatures(wording), []
    for batch in corpus.batches(pages=pages):
        lines = lay_out(list(batch.text), list(batch.starts), list(batch.ends))
        table, _ = features(lines, marks_of(list(batch.marks)))
        parts.append(table.T.copy())
    return np.concatenate(parts)


def of_wording() -> np.ndarray:
    """Which features (bool[features]) come from learned wording."""
    return np.array(["wording" in name for name in names()[0]])


def out_of_fold(corpus: Corpus, whole: np.ndarray, near: np.ndarray, seeds: tuple[int, ...], **options) -> np.ndarray:
    """Score (float32) of every line, from networks that have not seen its domain; 0 for those not `near`."""
    part, inputs = only(corpus, near), whole[near]
    odds = np.zeros(len(part.labels), np.float32)
    for fold in range(FOLDS):
        held = part.pages.fold.to_numpy() == fold
        for seed in seeds:
            net = trained(part, inputs, held, seed, **options)
            rows, found = log_odds(net, part, inputs, np.flatnonzero(held))
            odds[rows] += found / len(seeds)
            print(f"fold {fold}, seed {seed}", flush=True)
    scores = np.zeros(len(corpus.labels), np.float32)
    scores[near] = 1 / (1 + np.exp(-odds))
    return scores


def out_of_fold_wording(corpus: Corpus, draft: np.ndarray) -> tuple[np.ndarray, Wording]:
    """Wording features from tables that have not seen the domain, and a table from all pages.

    Weights dwell on lines that their shape leaves in doubt; of the sure ones a tenth is enough.
    """
    phrases = read_phrases(corpus)
    weights = corpus.weights * (4 * draft * (1 - draft) + 0.03)
    kept = np.random.RandomState(SEED).randint(SURE_SHARE, size=len(draft)) == 0
    rows = (corpus.weights > 0) & ((draft > SURE) | kept)
    table = np.zeros((len(draft), int(of_wording().sum())), np.float32)
    for fold in range(FOLDS):
        wording = learn_wording(corpus, phrases, rows & (corpus.fold != fold), weights)
        held = np.flatnonzero(corpus.pages.fold == fold)
        table[corpus.fold == fold] = table_of(corpus, held, wording)[:, of_wording()]
    return table, learn_wording(corpus, phrases, rows, weights)


def measure(score, frame: pd.DataFrame) -> dict[str, float]:
    """One row of the table, by the scorer's own rules."""
    nothing = dict.fromkeys(("date_published", "found_date", "authors", "found_authors"))
    row = score.measure(frame.assign(headline="", found_headline="", **nothing))
    return {name: row[name] for name in ("pages", "P", "R", "F1", "median", "exact", "no article")}


def body_of(page, scores: np.ndarray, with_rules: bool) -> str:
    """The body that scores (float32[lines]) give a page, as the pipeline would assemble it with its rules."""
    chosen = body_lines(scores)
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
    frame = frame[frame.dataset.isin(NEWS)].drop(columns=["text", "marks"])
    groups = np.where(frame.language.isin(("en", "de")), frame.language, "other")
    rows = []
    for converter in (*CONVERTERS, "html"):
        own = frame.converter == converter
        for name in ("NEWS", "en", "de", "other"):
            part = frame[own if name == "NEWS" else own & (groups == name)]
            rows.append({"converter": converter, "part": name} | measure(score, part))
    print(title)
    print(pd.DataFrame(rows).to_string(index=False, float_format=lambda value: f"{value:.4f}"), flush=True)


def main() -> None:
    """Cross-validate, train on everything, write the weights, and print the tables."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--gold", type=Path, required=True)
    ask.add_argument("--cache", type=Path, default=CACHE, help="labelled pages are kept here")
    args = ask.parse_args()
    score, corpus = scorer(args.gold), read_corpus(args.gold, args.cache, SEED)
    table = table_of(corpus, None, no_wording())
    everything, body = np.ones(len(table), bool), corpus.labels > 0
    others = table[:, ~of_wording()]
    draft = out_of_fold(corpus, scaling_of(others).whole(others), everything, (SEED,), epochs=DRAFT_EPOCHS)
    del others
    report(score, corpus, draft, "Without wording, cross-validated by domain")
    table[:, of_wording()], wording = out_of_fold_wording(corpus, draft)
    scaling = scaling_of(table)
    whole = scaling.whole(table)
    del table
    # The gate is to let pass what networks could take for body.
    wanted = body | (draft > DOUBTFUL)
    near = out_of_fold_near(corpus, whole, wanted, scaling)
    print(f"Networks see {near.mean():.1%} of lines, {near[body].mean():.2%} of those of bodies")
    scores = out_of_fold(corpus, whole, near, SEEDS)
    np.save(args.cache / "scores.npy", scores)
    report(score, corpus, scores, "Cross-validated by domain")
    report(score, corpus, scores, "With the rules, cross-validated by domain", with_rules=True)
    arrays = gate_arrays(corpus, whole, wanted, scaling, everything) | networks_of(corpus, whole, near)
    ship(arrays, scaling, wording)
    pages = corpus.pages
    found = body_scores(list(pages.text), list(pages.starts), list(pages.ends), list(pages.marks))
    report(score, corpus, np.concatenate(found), "Shipped weights and rules, which have seen these pages", True)


def networks_of(corpus: Corpus, whole: np.ndarray, near: np.ndarray) -> dict[str, np.ndarray]:
    """Networks trained on all pages, of which they see the lines `near`, as new pages will reach them."""
    part, inputs, nobody = only(corpus, near), whole[near], np.zeros(len(corpus.pages), bool)
    arrays = {"networks": np.array(len(SEEDS))}
    for number, seed in enumerate(SEEDS):
        arrays |= network_arrays(trained(part, inputs, nobody, seed), part, inputs, f"{number}.")
    return arrays


def ship(arrays: dict[str, np.ndarray], scaling: Scaling, wording: Wording) -> None:
    """Write the weights."""
    scale, bias = scaling.arrays()
    arrays = {"inputs.half": scaling.half, "inputs.scale": scale, "inputs.bias": bias} | arrays
    arrays |= {"wording.fingerprints": wording.fingerprints, "wording.weights": wording.weights}
    np.savez_compressed(DATA / "body.npz", **arrays)


if __name__ == "__main__":
    main()
