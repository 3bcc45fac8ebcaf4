#!/usr/bin/env python3
"""MB a second on one core for each language: our sentences beside punkt's, and language identification.

    python benchmarks/sentences.py [GOLD.parquet]

Without a file the text is the project's own golden sentences, repeated; with one (columns `language`, `text` and
`sentences` of `start` and `end`) it is that file's, and the accuracy of language identification is printed too.
Times are of the processor, the median of several rounds in one run.
"""

import argparse
import json
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path

import punkt
import pyarrow.parquet as pq

from broadsheet import split_sentences
from broadsheet.language import identify_language

ROUNDS = 5
BYTES = 400_000
LONG_LINE = 10_000_000
CASES = Path(__file__).parent.parent / "tests" / "sentences.json"
# The names of punkt's models.
PUNKT = {
    "cs": "czech", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish", "fi": "finnish",
    "fr": "french", "it": "italian", "nb": "norwegian", "no": "norwegian", "nl": "dutch", "pl": "polish",
    "pt": "portuguese", "ru": "russian", "sv": "swedish", "tr": "turkish",
}  # fmt: skip


def seconds(function: Callable[[], object]) -> float:
    """Median processor time of a call, after one that does not count."""
    times = []
    for _ in range(ROUNDS + 1):
        began = time.process_time()
        function()
        times.append(time.process_time() - began)
    return statistics.median(times[1:])


def own_texts() -> dict[str, list[str]]:
    """The golden sentences of each language as one text a language, without line breaks."""
    texts: dict[str, list[str]] = defaultdict(list)
    for case in json.loads(CASES.read_text(encoding="utf-8")):
        texts[case["language"]].append(" ".join(case["sentences"]))
    return {language: [" ".join(pieces)] for language, pieces in texts.items()}


def filled(texts: list[str]) -> list[str]:
    """The texts, as often as it takes to have some hundred kilobytes of them, and no more."""
    found: list[str] = []
    size = 0
    while size < BYTES:
        for text in texts:
            found.append(text)
            size += len(text.encode("utf-8", "surrogatepass"))
            if size >= BYTES:
                break
    return found


def print_speeds(texts: dict[str, list[str]]) -> None:
    print(f"{'language':10}{'ours MB/s':>12}{'punkt MB/s':>12}{'ratio':>8}")
    for language, pieces in sorted(texts.items()):
        sample = filled(pieces)
        size = sum(len(text.encode("utf-8", "surrogatepass")) for text in sample) / 1e6
        ours = size / seconds(lambda sample=sample, language=language: [split_sentences(t, language) for t in sample])
        if language not in PUNKT:
            print(f"{language:10}{ours:12.1f}{'–':>12}{'–':>8}")
            continue
        cut = punkt.tokenizer_for(PUNKT[language], prefixes=language == "en").span_tokenize
        peer = size / seconds(lambda sample=sample, cut=cut: [list(cut(text)) for text in sample])
        print(f"{language:10}{ours:12.1f}{peer:12.1f}{ours / peer:8.1f}")
    piece = texts["en"][0].replace("\n", " ") + " "
    line = (piece * (LONG_LINE // len(piece) + 1))[:LONG_LINE]
    began = time.process_time()
    split_sentences(line, "en")
    print(f"\n10 MB on one line: {time.process_time() - began:.2f} s")


def print_identification(documents: list[tuple[str, str]], kind: str) -> None:
    """Share right, share without an answer and share of the answers right, by language."""
    identify_language("The first call loads the model, which takes a while.")
    began = time.process_time()
    answers = [identify_language(text) for _, text in documents]
    rate = len(documents) / (time.process_time() - began)
    print(f"\nlanguage identification of {len(documents)} {kind}: {rate:.0f} a second")
    print(f"{'language':10}{'number':>8}{'right':>8}{'null':>8}{'right of answers':>18}")
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for (language, _), answer in zip(documents, answers, strict=True):
        expected = "nb" if language == "no" else language
        outcome = "null" if answer is None else "right" if answer[0] == expected else "wrong"
        counts[language][outcome] += 1
        counts["all"][outcome] += 1
    for language, count in sorted(counts.items(), key=lambda item: (item[0] == "all", item[0])):
        number = count.total()
        of_answers = count["right"] / max(1, number - count["null"])
        print(f"{language:10}{number:8}{count['right'] / number:8.3f}{count['null'] / number:8.3f}{of_answers:18.4f}")


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("gold", type=Path, nargs="?", help="Parquet file with language, text and sentences")
    gold = ask.parse_args().gold
    if gold is None:
        print_speeds(own_texts())
        return
    rows = pq.read_table(gold, columns=["language", "text", "sentences"]).to_pylist()
    texts: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        texts[row["language"]].append(row["text"])
    print_speeds(texts)
    print_identification([(row["language"], row["text"]) for row in rows], "documents")
    sentences = [(row["language"], row["text"][s["start"] : s["end"]]) for row in rows for s in row["sentences"]]
    print_identification(sentences, "sentences")


if __name__ == "__main__":
    main()
