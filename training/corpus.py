"""Gold pages as text dumps with a label a line, ready to train on."""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from inscriptis import get_text
from inscriptis.css_profiles import CSS_PROFILES
from inscriptis.model.config import ParserConfig
from labels import best_lines, line_spans
from resiliparse.extract.html2text import extract_plain_text

from broadsheet.readers.html import render

FOLDS = 5
CONVERTERS = ("resiliparse", "inscriptis", "resiliparse_main")
LEAST_BEST_F1 = 0.6
EXTRA_WEIGHT = 0.6


@dataclass(frozen=True)
class Corpus:
    """Pages in a frame, and the arrays of all their lines in order."""

    pages: pd.DataFrame  # id, converter, text, marks, body, dataset, language, starts, ends, first, past
    labels: np.ndarray  # int8[lines], 1 for body
    weights: np.ndarray  # float64[lines], 0 for pages that are not trained on
    fold: np.ndarray  # int64[lines], the same for all pages of a domain
    domain: np.ndarray  # int64[lines]

    def batches(self, size: int = 32, pages: np.ndarray | None = None):
        """Frames of up to `size` pages, of all pages or of those with the numbers `pages`."""
        numbers = np.arange(len(self.pages)) if pages is None else pages
        for first in range(0, len(numbers), size):
            yield self.pages.iloc[numbers[first : first + size]]


def dumps_of_html(html: str) -> dict[str, str]:
    """The text of a page from the three converters that the gold dumps were made with."""
    strict = ParserConfig(css=CSS_PROFILES["strict"])
    return {
        "resiliparse": extract_plain_text(html, alt_texts=False),
        "resiliparse_main": extract_plain_text(html, main_content=True, alt_texts=False),
        "inscriptis": get_text(html, strict),
    }


def read_pages(gold: Path) -> pd.DataFrame:
    """Every page with a body, once for each converter, and once as broadsheet's own reader renders it, with marks."""
    columns = ["id", "dataset", "domain", "language", "body", "suspect", "html"]
    pages = pd.read_parquet(gold / "pages.dev.parquet", columns=columns)
    extra = pd.read_parquet(gold / "extra.dev.parquet", columns=columns)
    rendered = pd.concat([pages, extra], ignore_index=True)
    seen = rendered.pop("html").map(render)
    rendered = rendered.assign(converter="html", text=[page.text for page in seen], marks=[page.marks for page in seen])
    dumps = pages.drop(columns="html").merge(pd.read_parquet(gold / "dumps.dev.parquet"), on="id")
    texts = extra.pop("html").map(dumps_of_html)
    made = [extra.assign(converter=name, text=texts.map(lambda page, name=name: page[name])) for name in CONVERTERS]
    frame = pd.concat([frame.assign(marks=[()] * len(frame)) for frame in (dumps, *made)] + [rendered])
    frame = frame[frame.body.fillna("").str.strip() != ""]
    return frame.sort_values(["id", "converter"], ignore_index=True)


def label_pages(pages: pd.DataFrame) -> pd.DataFrame:
    """The pages with the spans and labels of their lines, and the F1 that these reach."""
    spans = [line_spans(text) for text in pages.text]
    found = [
        best_lines([page.text[a:z] for a, z in zip(*span, strict=True)], page.body)
        for page, span in zip(pages.itertuples(), spans, strict=True)
    ]
    return pages.assign(
        starts=[first for first, _ in spans], ends=[last for _, last in spans],
        labels=[chosen for chosen, _ in found], best=[value for _, value in found],
    )  # fmt: skip


def line_weights(page) -> np.ndarray:
    """Weight (float64) of each line: root of its words, 0 where the gold cannot be trusted."""
    if page.suspect or page.best < LEAST_BEST_F1:
        return np.zeros(len(page.starts))
    weights = np.sqrt(np.minimum(page.ends - page.starts, 3_000) / 6 + 0.5)
    return weights * (EXTRA_WEIGHT if page.dataset == "wcxb" else 1)


def read_corpus(gold: Path, cache: Path, seed: int) -> Corpus:
    """The labelled corpus; labels are kept in `cache` because they take minutes."""
    kept = cache / "pages.pickle"
    if not kept.exists():
        cache.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(pickle.dumps(label_pages(read_pages(gold))))
    pages = pickle.loads(kept.read_bytes())
    sizes = pages.starts.map(len)
    pages = pages.assign(past=sizes.cumsum(), first=sizes.cumsum() - sizes)
    names = sorted(pages.domain.unique())
    shuffled = np.random.RandomState(seed).permutation(len(names)) % FOLDS
    pages = pages.assign(fold=pages.domain.map(dict(zip(names, shuffled, strict=True))))
    domain = pages.domain.map({name: number for number, name in enumerate(names)})
    return Corpus(
        pages, np.concatenate(pages.labels.to_list()).astype(np.int8),
        np.concatenate([line_weights(page) for page in pages.itertuples()]),
        np.repeat(pages.fold.to_numpy(), sizes), np.repeat(domain.to_numpy(), sizes),
    )  # fmt: skip
