"""Text of dumps made harmless to look at; the template engine escapes what HTML reads as markup."""

import unicodedata

# Format characters that words of Persian, Hindi and emoji are written with.
_JOINERS = "\u200c\u200d"
_HIDDEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
LONGEST_TEXT = 2000


def visible(text: str) -> str:
    """`text` with controls, overrides of direction and other unseen characters as escapes; blanks stay."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        f"\\u{ord(character):04x}"
        if unicodedata.category(character) in _HIDDEN and character not in _JOINERS and character not in "\t\n"
        else character
        for character in text
    )


def shown(text: str, longest: int = LONGEST_TEXT) -> str:
    """`text` visible and cut to `longest` characters, saying how many are left out."""
    if len(text) <= longest:
        return visible(text)
    return f"{visible(text[:longest])}… ({len(text) - longest:,} more characters)"
