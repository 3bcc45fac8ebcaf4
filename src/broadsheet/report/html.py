"""Pages that stand alone: one file, no network, and a policy that lets nothing run but their own style and script."""

import base64
import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from broadsheet.report.reading import Line, Piece, Reading, SentenceShown
from broadsheet.report.text import shown, visible

_HERE = Path(__file__).parent


def _more(left_out: int) -> str:
    return f"… ({left_out:,} more characters)" if left_out else ""


def _piece(name: str, piece: Piece, text: str) -> str:
    return text if piece.sentence is None else f'<span data-s="{name}-{piece.sentence}">{text}</span>'


@cache
def _why(label: str, method: str, furniture: bool) -> tuple[str, str]:
    """The class of a line, and how it was decided; there are few."""
    return f"l-{escape(label)}{' furniture' if furniture else ''}", f"<b>{escape(label)}</b>{escape(method)}"


def _line(name: str, line: Line, texts: Iterator[str]) -> str:
    """A line, of whose pieces `texts` are the next."""
    (_, number, _, _, paragraph, label, method, score), pieces, left_out = line
    kind, why = _why(label, method, paragraph is None)
    index = str(number)
    place = f"{name}-{index}"
    return (
        f'<li id="{place}" class="{kind}"><a class="number" href="#{place}" aria-label="line {index}">{index}</a>'
        f'<span class="why">{why}{"" if score is None else f" {score:.3f}"}</span><span class="text" dir="auto">'
        f"{''.join([_piece(name, piece, next(texts)) for piece in pieces])}{_more(left_out)}</span></li>\n"
    )


def _lines(reading: Reading) -> Markup:
    """A dump's lines as items of a list. There are thousands, for which a template takes several times as long."""
    # Escaped together; what is visible has no control character, so none to divide it but these.
    pieces = "\0".join([piece.text for line in reading.lines for piece in line.pieces])
    texts = iter(str(escape(pieces)).split("\0"))
    return Markup("".join([_line(reading.name, line, texts) for line in reading.lines]))


def _sentence(name: str, sentence: SentenceShown) -> str:
    line = "" if sentence.line is None else f' href="#{name}-{sentence.line}"'
    text = f"{escape(sentence.text)}{_more(sentence.left_out)}"
    return f'<a class="sentence" data-s="{name}-{sentence.number}"{line} dir="auto">{text}</a> '


def _paragraphs(reading: Reading) -> Markup:
    """The sentences of an article as paragraphs, for which a template takes as much longer."""
    paragraphs = ("".join([_sentence(reading.name, each) for each in own]) for own in reading.paragraphs)
    return Markup("".join([f"<p>{sentences}</p>\n" for sentences in paragraphs]))


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
        "paragraphs": _paragraphs,
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
