"""Text of dumps made harmless to look at; the template engine escapes what HTML reads as markup."""

import unicodedata

# Format characters that words of Persian, Hindi and emoji are written with, and blanks.
_SHOWN = "\u200c\u200d\t\n"
_HIDDEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
LONGEST_TEXT = 2000


def _escaped(character: str) -> str:
    if character in _SHOWN or unicodedata.category(character) not in _HIDDEN:
        return character
    return f"\\u{ord(character):04x}"


def visible(text: str) -> str:
    """`text` with controls, overrides of direction and other unseen characters as escapes; blanks stay."""
    if not text.isprintable():
        for character in set(text):
            if not character.isprintable():
                text = text.replace(character, _escaped(character))
    return text


def shown(text: str, longest: int = LONGEST_TEXT) -> str:
    """`text` visible and cut to `longest` characters, saying how many are left out."""
    if len(text) <= longest:
        return visible(text)
    return f"{visible(text[:longest])}… ({len(text) - longest:,} more characters)"
