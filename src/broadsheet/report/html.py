"""Pages that stand alone: one file, no network, and a policy that lets nothing run but their own style and script."""

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from broadsheet.report.text import shown, visible

_HERE = Path(__file__).parent


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
        "count": lambda number: f"{number:,}",
        "percent": lambda share: f"{100 * share:.0f} %",
    }
    return environment


def _source(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


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
