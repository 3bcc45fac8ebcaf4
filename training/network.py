"""Trains the networks of `broadsheet.labelling.network` with PyTorch, and turns them into whole numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from corpus import Corpus
from torch import nn
from torch.nn import functional

from broadsheet.labelling.network import DILATIONS, INPUT_STEP, MOST_HIDDEN, MOST_INPUT, PAGE_AFTER

CHANNELS = 48
EPOCHS = 5
BATCH_LINES = 3_000
LONGEST_PAGE = 1_500
LEARNING_RATE = 3e-3
WEIGHT_DECAY = 0.02
DROPOUT, INPUT_DROPOUT = 0.2, 0.3
# Weight of the page's own F1 beside the likelihood of lines: what is measured is pages.
PAGE_LOSS = 2.0
# Twice a page, with this chance, a run of up to this share of its lines is taken out: pages differ in what they carry.
CUT_CHANCE, CUT_SHARE = 0.5, 0.3
AVERAGING = 0.01
LEAST_PAGE_WEIGHT = 20
MOST_WEIGHT = 127


@dataclass(frozen=True)
class Scaling:
    """How features become numbers around 0; see `broadsheet.labelling.network.Inputs`."""

    half: np.ndarray  # float32[features]
    mean: np.ndarray  # float32[features]
    deviation: np.ndarray  # float32[features], 0 where a feature never differs

    def whole(self, table: np.ndarray) -> np.ndarray:
        """Whole numbers (int8[lines, features]) of features (float32[lines, features])."""
        out = np.empty(table.shape, np.int8)
        scale, bias = self.arrays()
        for first in range(0, len(table), 20_000):
            part = table[first : first + 20_000]
            values = part / (np.abs(part) + self.half) * scale + bias
            out[first : first + 20_000] = np.clip(np.rint(values), -MOST_INPUT, MOST_INPUT)
        return out

    def arrays(self) -> tuple[np.ndarray, np.ndarray]:
        """Scale and bias (float32[features])."""
        scale = np.where(self.deviation > 0, INPUT_STEP / np.maximum(self.deviation, 1e-9), 0)
        return scale.astype(np.float32), (-self.mean * scale).astype(np.float32)


def scaling_of(table: np.ndarray) -> Scaling:
    """Scaling by what is usual among the lines of a table."""
    size = np.abs(table)
    half = (size.sum(0, dtype=np.float64) / np.maximum((size > 0).sum(0), 1) + 1e-6).astype(np.float32)
    size += half
    values = np.divide(table, size, out=size)
    deviation = values.std(0)
    return Scaling(half, values.mean(0), np.where(deviation > 1e-4, deviation, 0).astype(np.float32))


class Net(nn.Module):
    """The network as it is trained; `Batch` has the lines."""

    def __init__(self, features: int) -> None:
        super().__init__()
        self.first = nn.Linear(features, CHANNELS)
        self.convolutions = nn.ModuleList([nn.Linear(3 * CHANNELS, CHANNELS) for _ in DILATIONS])
        self.mixes = nn.ModuleList([nn.Linear(CHANNELS, CHANNELS) for _ in DILATIONS])
        self.norms = nn.ModuleList([nn.BatchNorm1d(CHANNELS) for _ in DILATIONS])
        self.page = nn.Linear(2 * CHANNELS, CHANNELS)
        self.last = nn.Linear(CHANNELS, 1)

    def forward(self, batch: Batch, seen: dict[str, torch.Tensor] | None = None) -> torch.Tensor:
        """Log odds of lines; the largest value of each place that is made whole goes into `seen`."""

        def look(name: str, values: torch.Tensor) -> torch.Tensor:
            if seen is not None:
                high = torch.quantile(values.flatten()[::7], 0.9995)
                seen[name] = torch.maximum(high, seen.get(name, high))
            return values

        def drop(values: torch.Tensor, share: float = DROPOUT) -> torch.Tensor:
            return functional.dropout(values, share, self.training)

        values = functional.relu(self.first(drop(batch.inputs, INPUT_DROPOUT)))
        for number, dilation in enumerate(DILATIONS):
            own = look(f"{number}.before", functional.relu(self.norms[number](values)))
            padded = torch.cat([own, own.new_zeros(1, own.shape[1])])
            before, after = batch.beside[dilation]
            wide = self.convolutions[number](torch.cat([padded[before], own, padded[after]], 1))
            values = values + drop(self.mixes[number](look(f"{number}.between", functional.relu(wide))))
            if number == PAGE_AFTER:
                whole = look("before_page", functional.relu(values))
                nothing = whole.new_zeros(len(batch.sizes), CHANNELS)
                mean = nothing.index_add(0, batch.page, whole) / batch.sizes[:, None]
                highest = nothing.scatter_reduce(0, batch.page[:, None].expand_as(whole), whole, "amax")
                values = values + functional.relu(self.page(torch.cat([mean, highest], 1)))[batch.page]
        return self.last(drop(look("last_rectifier", functional.relu(values))))[:, 0]


@dataclass(frozen=True)
class Batch:
    """Lines of some pages."""

    rows: np.ndarray  # int64[lines], which lines of the corpus
    inputs: torch.Tensor  # float32[lines, features]
    page: torch.Tensor  # int64[lines]
    sizes: torch.Tensor  # float32[pages]
    beside: dict[int, tuple[torch.Tensor, torch.Tensor]]  # the line some way before and after, past the end for none


def batch_of(rows: np.ndarray, sizes: np.ndarray, whole: np.ndarray) -> Batch:
    """A batch of lines `rows` that make pages of `sizes` lines."""
    page = np.repeat(np.arange(len(sizes)), sizes)
    first = (np.cumsum(sizes) - sizes)[page]
    past, here = first + sizes[page], np.arange(len(rows))
    beside = {}
    for dilation in set(DILATIONS):
        before, after = here - dilation, here + dilation
        before[before < first] = len(rows)
        after[after >= past] = len(rows)
        beside[dilation] = torch.from_numpy(before), torch.from_numpy(after)
    inputs = torch.from_numpy(whole[rows].astype(np.float32) / INPUT_STEP)
    return Batch(rows, inputs, torch.from_numpy(page), torch.from_numpy(sizes.astype(np.float32)), beside)


def page_rows(corpus: Corpus, pages: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Lines of some pages, and how many each has."""
    first, past = corpus.pages["first"].to_numpy()[pages], corpus.pages.past.to_numpy()[pages]
    return np.concatenate([np.arange(a, z) for a, z in zip(first, past, strict=True)]), past - first


def some_cut(corpus: Corpus, rows: np.ndarray, sizes: np.ndarray, random) -> tuple[np.ndarray, np.ndarray]:
    """The same pages with runs of lines taken out, mostly of furniture; never all of a page's body."""
    keep, body = np.ones(len(rows), bool), corpus.labels[rows] > 0
    first = np.cumsum(sizes) - sizes
    for start, size in zip(first.tolist(), sizes.tolist(), strict=True):
        page = slice(start, start + size)
        for _ in range(2):
            if size > 8 and random.rand() < CUT_CHANCE:
                length = int(size * random.rand() * CUT_SHARE)
                begin = start + random.randint(size - length + 1)
                run = slice(begin, begin + length)
                keep[run] &= False if random.rand() < 0.3 else body[run]
        if not (keep[page] & body[page]).any():
            keep[page] = True
    return rows[keep], np.add.reduceat(keep.astype(np.int64), first)


def batched(corpus: Corpus, pages: np.ndarray, most: int) -> Iterator[np.ndarray]:
    """Runs of pages of up to `most` lines, at least one page each."""
    sizes = (corpus.pages.past - corpus.pages["first"]).to_numpy()
    run: list[int] = []
    lines = 0
    for page in pages.tolist():
        if run and lines + sizes[page] > most:
            yield np.array(run)
            run, lines = [], 0
        run.append(page)
        lines += sizes[page]
    if run:
        yield np.array(run)


def balanced(corpus: Corpus) -> np.ndarray:
    """Weights of lines with pages brought nearer to each other, as the measure counts pages, not lines."""
    sizes = (corpus.pages.past - corpus.pages["first"]).to_numpy()
    page = np.repeat(np.arange(len(sizes)), sizes)
    total = np.bincount(page, corpus.weights * (0.15 + corpus.labels), minlength=len(sizes))
    weights = corpus.weights / np.sqrt(np.maximum(total, LEAST_PAGE_WEIGHT))[page]
    return (weights / weights[weights > 0].mean()).astype(np.float32)


def trained(corpus: Corpus, whole: np.ndarray, held: np.ndarray, seed: int, epochs: int = EPOCHS) -> Net:
    """A network trained on all pages but those `held` (bool[pages]) back."""
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    random = np.random.RandomState(seed)
    weights = balanced(corpus)
    lengths = np.concatenate([z - a for a, z in zip(corpus.pages.starts, corpus.pages.ends, strict=True)])
    words = (np.minimum(lengths, 3_000) / 6 + 0.2).astype(np.float32)
    sizes = (corpus.pages.past - corpus.pages["first"]).to_numpy()
    some = np.add.reduceat(np.append(corpus.weights, 0), corpus.pages["first"].to_numpy())
    pages = np.flatnonzero(~held & (sizes > 0) & (some > 0) & (sizes < LONGEST_PAGE))
    net, mean = Net(whole.shape[1]), Net(whole.shape[1])
    mean.load_state_dict(net.state_dict())
    optimizer = torch.optim.AdamW(net.parameters(), lr=LEARNING_RATE, weight_decay=WEIGHT_DECAY)
    steps = int(len(list(batched(corpus, pages, BATCH_LINES))) * epochs * 1.05) + 10
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, LEARNING_RATE, total_steps=steps, pct_start=0.15)
    for _ in range(epochs):
        net.train()
        for run in batched(corpus, random.permutation(pages), BATCH_LINES):
            batch = batch_of(*some_cut(corpus, *page_rows(corpus, run), random), whole)
            loss = loss_of(net(batch), batch, corpus, weights, words)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            average_into(mean, net)
    return mean.eval()


def loss_of(odds: torch.Tensor, batch: Batch, corpus: Corpus, weights: np.ndarray, words: np.ndarray) -> torch.Tensor:
    """Cross entropy of lines, and what the pages' F1 lacks where lines count by their probability."""
    target = torch.from_numpy(corpus.labels[batch.rows].astype(np.float32))
    weight, number = torch.from_numpy(weights[batch.rows]), torch.from_numpy(words[batch.rows])
    entropy = functional.binary_cross_entropy_with_logits(odds, target, reduction="none")
    likely = torch.sigmoid(odds) * number
    nothing = odds.new_zeros(len(batch.sizes))
    right = nothing.index_add(0, batch.page, likely * target)
    both = nothing.index_add(0, batch.page, likely + number * target)
    lacking = 1 - 2 * right / (both + 1)
    return (entropy * weight).sum() / weight.sum().clamp(min=1) + PAGE_LOSS * lacking.mean()


@torch.no_grad()
def average_into(mean: Net, net: Net) -> None:
    """Move a running mean of weights towards those of `net`: steadier than the last ones."""
    for own, new in zip(mean.state_dict().values(), net.state_dict().values(), strict=True):
        if own.dtype.is_floating_point:
            own.lerp_(new, AVERAGING)
        else:
            own.copy_(new)


@torch.no_grad()
def log_odds(net: Net, corpus: Corpus, whole: np.ndarray, pages: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Lines of some pages, and their log odds (float32)."""
    rows, odds = [np.zeros(0, np.int64)], [np.zeros(0, np.float32)]
    sizes = (corpus.pages.past - corpus.pages["first"]).to_numpy()
    for run in batched(corpus, pages[sizes[pages] > 0], 20_000):
        batch = batch_of(*page_rows(corpus, run), whole)
        rows.append(batch.rows)
        odds.append(net(batch).numpy())
    return np.concatenate(rows), np.concatenate(odds)


@torch.no_grad()
def network_arrays(net: Net, corpus: Corpus, whole: np.ndarray, prefix: str) -> dict[str, np.ndarray]:
    """The network in whole numbers; pages of the corpus show how large values become.

    Values that layers add up are in steps of the first layer's weights, a step a channel. Biases of mixes stay out
    of the sum: they are in the bias of whatever looks at it.
    """
    seen: dict[str, torch.Tensor] = {}
    sizes = (corpus.pages.past - corpus.pages["first"]).to_numpy()
    pages = np.flatnonzero((sizes > 0) & (sizes < LONGEST_PAGE))[::5]
    for run in batched(corpus, pages, 20_000):
        net(batch_of(*page_rows(corpus, run), whole), seen)
    step = {name: MOST_HIDDEN / max(float(high), 1e-6) for name, high in seen.items()}
    out: dict[str, np.ndarray] = {}

    def weights(name: str, layer: nn.Linear, scale: float) -> np.ndarray:
        """Put down weights as whole numbers, for inputs that are whole numbers of 1 / scale; their step."""
        exact = layer.weight.numpy().astype(np.float64) / scale
        unit = np.maximum(np.abs(exact).max(1) / MOST_WEIGHT, 1e-12)
        out[f"{prefix}{name}.weights"] = np.rint(exact / unit[:, None]).astype(np.int8)
        return unit

    def scaled(name: str, scale: np.ndarray, bias: np.ndarray) -> None:
        out[f"{prefix}{name}.scale"] = scale.astype(np.float32)
        out[f"{prefix}{name}.bias"] = bias.astype(np.float32)

    unit = weights("first", net.first, INPUT_STEP)
    out[f"{prefix}first.bias"] = np.rint(net.first.bias.numpy() / unit).astype(np.float32)
    left_out = np.zeros(CHANNELS)
    for number in range(len(DILATIONS)):
        norm, convolution, mix = net.norms[number], net.convolutions[number], net.mixes[number]
        own, between = step[f"{number}.before"], step[f"{number}.between"]
        slope = norm.weight.numpy() / np.sqrt(norm.running_var.numpy() + norm.eps)
        bias = norm.bias.numpy() + (left_out - norm.running_mean.numpy()) * slope
        scaled(f"{number}.before", slope * unit * own, bias * own)
        scale = weights(f"{number}.convolution", convolution, own)
        scaled(f"{number}.between", scale * between, convolution.bias.numpy() * between)
        out[f"{prefix}{number}.mix.scale"] = (weights(f"{number}.mix", mix, between) / unit).astype(np.float32)
        left_out += mix.bias.numpy()
        if number == PAGE_AFTER:
            scaled("before_page", unit * step["before_page"], left_out * step["before_page"])
            scaled("page", weights("page", net.page, step["before_page"]) / unit, net.page.bias.numpy() / unit)
    scaled("last_rectifier", unit * step["last_rectifier"], left_out * step["last_rectifier"])
    scaled("last", weights("last", net.last, step["last_rectifier"]), net.last.bias.numpy())
    return out
