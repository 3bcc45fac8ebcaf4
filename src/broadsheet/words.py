"""How many words a text has.

Where words are separated by blanks they are counted so. Chinese, Japanese, Thai, Lao, Khmer and Burmese are cut
into words by ICU's dictionaries (UAX #29 with the tailoring it asks for), which lie in icu4py's wheel.
"""

import re
from functools import cache
from typing import Any

# A run in a script without spaces: Thai, Lao, Burmese, Khmer, Japanese, Han.
_SPACELESS = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]+"
)


@cache
def _breaker() -> Any:
    from icu4py.breakers import WordBreaker

    return WordBreaker


def _words_of_run(match: re.Match[str]) -> int:
    # The dictionary is chosen by the script; the locale changes nothing.
    return sum(1 for word in _breaker()(match[0], "und") if word[0].isalnum())


def word_count(text: str) -> int:
    """The number of words: between blanks, and in scripts without spaces as their dictionaries have it."""
    if text.isascii() or _SPACELESS.search(text) is None:
        return len(text.split())
    rest = _SPACELESS.sub(" ", text)
    others = sum(1 for word in rest.split() if any(character.isalnum() for character in word))
    return others + sum(map(_words_of_run, _SPACELESS.finditer(text)))
