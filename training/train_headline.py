"""Learns the weights of the headline rule: `src/broadsheet/labelling/data/headline.json`.

    python training/train_headline.py --gold ../shared/gold

The gold is a folder with `pages.dev.parquet` and `dumps.dev.parquet` (id, headline, domain; id, converter, text).
Needs pandas, pyarrow and scipy beside broadsheet. A page is one choice: among its candidate lines and "none" the
probability of each is the softmax of its weighted features, and the weights make the printed headlines likeliest
under an L2 penalty. Prints the share of headlines found by 5-fold cross-validation by domain.
The scores of lines are those that `train_body.py` kept: of networks that have not seen the page's domain, as new
pages will be scored.
"""

from __future__ import annotations

import argparse
import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pandas as pd
from corpus import CONVERTERS, read_corpus
from scipy.optimize import minimize

from broadsheet.labelling import head, labels
from broadsheet.labelling.body import body_lines
from broadsheet.labelling.headlines import HeadView
from broadsheet.labelling.state import PageLines
from broadsheet.lines import cut_lines

CACHE = Path(__file__).resolve().parent / ".cache"
OUT = Path(__file__).parents[1] / "src/broadsheet/labelling/data/headline.json"
PENALTY = 0.004
FOLDS, SEED = 5, 7
# Share of words that a line has in common with the gold from which on it is the headline, printed otherwise,
# and above which a page without its headline teaches nothing.
SAME, DOUBTFUL = 0.55, 0.25


@dataclass(frozen=True, slots=True)
class Page:
    """One choice: features (float[candidates, features]), which candidates are right, and whether it is printed."""

    domain: str
    features: np.ndarray
    right: np.ndarray
    printed: bool
    doubtful: bool


def normal(text: str) -> str:
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold()))


def likeness(one: str, other: str) -> float:
    """Share of the words of two lines that both have."""
    a, b = set(one.split()), set(other.split())
    return len(a & b) / max(1, len(a | b))


def view_of(text: str, scores: np.ndarray) -> HeadView | None:
    """The head of a page as `choose_headlines` is asked about it, or None where it has no body."""
    lines = cut_lines(text)
    texts = [text[line.start : line.end] for line in lines]
    scores = np.round(scores, 3)
    seen: list[HeadView] = []

    def record(views):
        seen.extend(views)
        return [None] * len(views)

    with patch.object(head, "choose_headlines", record):
        labels.label_page(PageLines(texts, scores, body_lines(scores), np.zeros(len(texts), bool)))
    return seen[0] if seen else None


def read_page(
    text: str, scores: np.ndarray, headline: str, domain: str
) -> tuple[list[dict[str, float]], list[str], str, str] | None:
    view = view_of(text, scores)
    if view is None:
        return None
    chosen = view.candidates()
    return (
        [view.features(index) for index in chosen],
        [normal(view.page.lines[index]) for index in chosen],
        headline,
        domain,
    )


def to_page(read: tuple, names: dict[str, int], lines: set[str]) -> Page:
    features, texts, headline, domain = read
    table = np.zeros((len(features), len(names)))
    for row, values in zip(table, features, strict=True):
        for name, value in values.items():
            row[names[name]] = value
    right = np.array([text == headline for text in texts], bool)
    alike = np.array([likeness(text, headline) for text in texts])
    if not right.any() and len(alike) and alike.max() >= SAME:
        right = alike == alike.max()
    doubtful = not right.any() and (headline in lines or (bool(len(alike)) and alike.max() > DOUBTFUL))
    return Page(domain, table, right, headline in lines, doubtful)


def read_gold(folder: Path, cache: Path) -> tuple[list[Page], list[str]]:
    """Choices of all pages that have a gold headline and body, and the names of the features."""
    gold = pd.read_parquet(folder / "pages.dev.parquet", columns=["id", "headline"])
    gold = gold[gold.headline.fillna("").ne("")]
    pages = read_corpus(folder, cache, SEED).pages
    scores = np.load(cache / "scores.npy")
    own = [scores[first:past] for first, past in zip(pages["first"], pages.past, strict=True)]
    dumps = pages.assign(scores=own)[pages.converter.isin(CONVERTERS)].merge(gold, on="id")
    reads, lines = [], []
    for row in dumps.itertuples():
        read = read_page(row.text, row.scores, normal(row.headline), row.domain)
        if read is not None:
            reads.append(read)
            lines.append({normal(line) for line in row.text.split("\n") if len(line) < 400})
    names = sorted({name for features, *_ in reads for values in features for name in values})
    numbers = {name: number for number, name in enumerate(names)}
    return [to_page(read, numbers, own) for read, own in zip(reads, lines, strict=True)], names


def fit(pages: Sequence[Page]) -> np.ndarray:
    """Weights (float[features + 1]), the last that of no headline."""
    pages = [page for page in pages if not page.doubtful and len(page.right)]
    table = np.concatenate([page.features for page in pages])
    sizes = np.array([len(page.right) for page in pages])
    starts = np.concatenate(([0], np.cumsum(sizes)[:-1]))
    owner = np.repeat(np.arange(len(pages)), sizes)
    right = np.concatenate([page.right for page in pages]).astype(float)
    none = np.array([not page.right.any() for page in pages], float)

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        values, bias = table @ weights[:-1], weights[-1]
        top = np.maximum(np.maximum.reduceat(values, starts), bias)
        odds, none_odds = np.exp(values - top[owner]), np.exp(bias - top)
        total = np.add.reduceat(odds, starts) + none_odds
        hit = np.add.reduceat(odds * right, starts) + none_odds * none
        excess = odds / total[owner] - odds * right / hit[owner]
        slope = table.T @ excess / len(pages) + PENALTY * weights[:-1]
        slope_none = (none_odds / total - none_odds * none / hit).mean()
        value = np.log(total / hit).mean() + PENALTY * (weights[:-1] ** 2).sum() / 2
        return value, np.append(slope, slope_none)

    return minimize(loss, np.zeros(table.shape[1] + 1), jac=True, method="L-BFGS-B", options={"maxiter": 400}).x


def is_found(page: Page, weights: np.ndarray) -> bool:
    values = page.features @ weights[:-1]
    return bool(len(values)) and values.max() > weights[-1] and bool(page.right[values.argmax()])


def check(pages: Sequence[Page]) -> float:
    """Share of printed headlines that are found, by cross-validation: no domain is learnt from and asked about."""
    domains = sorted({page.domain for page in pages})
    order = np.random.RandomState(SEED).permutation(len(domains))
    fold = {domain: int(order[number]) % FOLDS for number, domain in enumerate(domains)}
    found = []
    for number in range(FOLDS):
        weights = fit([page for page in pages if fold[page.domain] != number])
        found += [is_found(page, weights) for page in pages if fold[page.domain] == number and page.printed]
    return float(np.mean(found))


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--gold", type=Path, required=True)
    ask.add_argument("--cache", type=Path, default=CACHE, help="where train_body.py kept its scores")
    arguments = ask.parse_args()
    pages, names = read_gold(arguments.gold, arguments.cache)
    print(f"headlines found, {FOLDS} folds by domain: {check(pages):.3f} of {sum(page.printed for page in pages)}")
    weights = [round(float(weight), 3) for weight in fit(pages)]
    content = {"weights": dict(zip(names, weights, strict=False)), "none": weights[-1]}
    OUT.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
