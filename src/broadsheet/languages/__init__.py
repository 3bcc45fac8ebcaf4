"""What the project knows of each language: one TOML file a language, named by its code.

A file holds tables of data (dates, furniture, bylines, sentences); the modules that use a table say what
its keys mean. Adding a language is adding its file.
"""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent
# The shape of a BCP 47 tag (RFC 5646), without its registry: language, then script, region and variants.
_TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z]{4})?(-([A-Z]{2}|\d{3}))?(-[A-Za-z0-9]{5,8})*")


def is_language_tag(text: str) -> bool:
    """Whether `text` has the shape of a BCP 47 language tag, such as `de` or `pt-BR`."""
    return _TAG.fullmatch(text) is not None


# Codes of a macrolanguage, or former ones, and whose file they mean.
_SAME_AS = {"no": "nb", "sh": "sr", "iw": "he", "in": "id"}


@cache
def language_file(code: str) -> dict[str, Any]:
    """What the file of one language holds; nothing for a language without one."""
    path = _FOLDER / f"{_SAME_AS.get(code, code)}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8")) if code.isalpha() and path.exists() else {}


@cache
def language_table(code: str, name: str) -> dict[str, Any]:
    """One table of one language's file, without its subtables: reading the whole file takes ten times as long."""
    path = _FOLDER / f"{_SAME_AS.get(code, code)}.toml"
    if not code.isalpha() or not path.exists():
        return {}
    found = re.search(rf"^\[{name}\]\n(.*?)(?=^\[|\Z)", path.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return tomllib.loads(found[1]) if found else {}


@cache
def language_data() -> dict[str, dict[str, Any]]:
    """What each language file holds, by language code, in order of the codes."""
    return {path.stem: language_file(path.stem) for path in sorted(_FOLDER.glob("*.toml"))}


def language_tables(name: str) -> dict[str, dict[str, Any]]:
    """The table `name` of each language that has one, by language code."""
    return {code: data[name] for code, data in language_data().items() if name in data}
