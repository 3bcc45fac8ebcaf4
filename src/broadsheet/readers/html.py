"""HTML to the text that a reader sees. A stand-in: text without marks, until the rendering is merged."""

from html.parser import HTMLParser

from broadsheet.records import Rendered

_UNSEEN = {"script", "style", "template", "noscript", "head"}
_INLINE = {"a", "abbr", "b", "cite", "code", "em", "i", "q", "small", "span", "strong", "sub", "sup", "time", "u"}


class _Lines(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = [""]
        self.unseen = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.unseen += tag in _UNSEEN
        if tag not in _INLINE:
            self.lines.append("")

    def handle_endtag(self, tag: str) -> None:
        self.unseen = max(0, self.unseen - (tag in _UNSEEN))
        if tag not in _INLINE:
            self.lines.append("")

    def handle_data(self, data: str) -> None:
        if not self.unseen:
            self.lines[-1] += data


def render(html: str) -> Rendered:
    """The lines of a page."""
    parser = _Lines()
    parser.feed(html)
    parser.close()
    lines = (" ".join(line.split()) for line in parser.lines)
    return Rendered("\n\n".join(line for line in lines if line))
