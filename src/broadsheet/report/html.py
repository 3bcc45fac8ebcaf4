"""Pages that stand alone: one file, no network, and a policy that lets nothing run but their own style and script."""

import base64
import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from broadsheet.report.reading import Line, Piece, Reading
from broadsheet.report.text import shown, visible

_HERE = Path(__file__).parent


@cache
def _escaped(word: str) -> str:
    """One of the few words that stand in thousands of lines."""
    return str(escape(word))


def _piece(name: str, piece: Piece, text: str) -> str:
    return text if piece.sentence is None else f'<span data-s="{name}-{piece.sentence}">{text}</span>'


def _line(name: str, line: Line, texts: Iterator[str]) -> str:
    """A line, of whose pieces `texts` are the next."""
    block, index = line.block, line.block.block_index
    label, of_body = _escaped(block.label), "" if block.paragraph_index is not None else " furniture"
    score = "" if block.score is None else f" {block.score:.3f}"
    left_out = f"… ({line.left_out:,} more characters)" if line.left_out else ""
    text = "".join([_piece(name, piece, next(texts)) for piece in line.pieces])
    return (
        f'<li id="{name}-{index}" class="l-{label}{of_body}">'
        f'<a class="number" href="#{name}-{index}" aria-label="line {index}">{index}</a>'
        f'<span class="why"><b>{label}</b>{_escaped(block.method)}{score}</span>'
        f'<span class="text" dir="auto">{text}{left_out}</span></li>\n'
    )


def _lines(reading: Reading) -> Markup:
    """A dump's lines as items of a list. There are thousands, for which a template takes several times as long."""
    # Escaped together; what is visible has no control character, so none to divide it but these.
    pieces = "\0".join([piece.text for line in reading.lines for piece in line.pieces])
    texts = iter(str(escape(pieces)).split("\0"))
    return Markup("".join([_line(reading.name, line, texts) for line in reading.lines]))


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_HERE),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "shown": shown,
        "visible": visible,
        "lines": _lines,
        "count": lambda number: f"{number:,}",
        "percent": lambda share: f"{100 * share:.0f} %",
    }
    return environment


def _source(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


def macro(name: str, *values: Any) -> Markup:
    """A piece of a page: what a macro of reading.html makes of values."""
    return Markup(getattr(_environment().get_template("reading.html").module, name)(*values))


def render(template: str, script: str | None = None, **values: Any) -> str:
    """The page of a template with the project's style, and a script of the package where the page needs one.

    The content security policy names both by hash: markup that slipped through could load and run nothing.
    """
    style, code = _source("page.css"), _source(script) if script else ""
    policy = f"default-src 'none'; style-src {_hash(style)}; base-uri 'none'; form-action 'none'"
    if code:
        policy += f"; script-src {_hash(code)}"
    return (
        _environment()
        .get_template(template)
        .render(policy=policy, style=Markup(style), script=Markup(code), **values)
        .rstrip()
        + "\n"
    )
