"""Makes the containers of the sample corpus: python tests/make_containers.py raw/tollgate-chronicle

The outlet, its people and its news are invented, written for this project and CC0, as all of raw/.
"""

import gzip
import io
import json
import sys
import tarfile
import zipfile
from email.message import EmailMessage
from pathlib import Path
from xml.sax.saxutils import escape

import pyarrow as pa
import pyarrow.parquet as pq

SITE = "https://tollgate-chronicle.example"
MENU = ("Home", "Council", "Harbour", "Schools", "Letters", "Subscribe")
FOOTER = ("About the Chronicle", "Contact the newsroom", "© Tollgate Chronicle, Quay Street, Tollgate")

# slug → headline, author, day, paragraphs
STORIES: dict[str, tuple[str, str, str, list[str]]] = {
    "weighbridge": (
        "Weighbridge to reopen as a café after nine years of scaffolding",
        "Orla Pennant",
        "2021-06-02",
        [
            "The weighbridge at the top of Quay Street, wrapped in scaffolding since the winter of 2012, will open as a "
            "café in August, the harbour trust said on Wednesday.",
            "Two sisters, Bea and Connie Fallow, have taken the lease for ten years. They will pay one pound in rent "
            "for the first two, on condition that the brass scale in the floor is kept in working order.",
            "“People will weigh their children on it, and we are going to let them,” Bea Fallow said. The scale was "
            "last certified in 1974 and reads eleven pounds light.",
        ],
    ),
    "night-ferry": (
        "Night ferry returns with one sailing a week",
        "Idris Callow",
        "2021-06-05",
        [
            "The night ferry to Sennet Island will sail again from Friday, once a week and with half of its cabins shut.",
            "The company stopped the crossing in March of last year. Islanders have since had to leave Tollgate by four "
            "in the afternoon, which the island’s only dentist described as a gift to nobody.",
            "Bookings opened on Saturday at noon and the first three sailings were full by the evening.",
        ],
    ),
    "school-roof": (
        "Pupils move to the fish market while school roof is mended",
        "Orla Pennant",
        "2021-06-09",
        [
            "Sixty-two pupils of Lantern Lane school will be taught in the upper hall of the fish market until the end "
            "of term, because a beam above their own hall has split.",
            "The market closes at nine each morning and is washed down by ten, when lessons will begin. The head "
            "teacher, Mr Aldous Wray, said that the smell was no worse than that of the changing rooms.",
            "Repairs are expected to cost 84,000 pounds, of which the county has promised two thirds.",
        ],
    ),
    "bell-buoy": (
        "Bell buoy keeps the east quay awake",
        "Idris Callow",
        "2021-06-11",
        [
            "A new bell buoy at the harbour mouth can be heard as far as the railway station, and residents of the east "
            "quay have asked for it to be moved, muffled or melted.",
            "The harbour master, Captain Ruth Osgood, told a meeting on Thursday that a bell which nobody could hear "
            "would be a strange thing to pay for.",
            "She agreed all the same to fit a lighter clapper before the end of the month, and to stand on the quay "
            "herself for a night to judge the difference.",
        ],
    ),
    "seed-library": (
        "Library lends seeds and asks for tomatoes back",
        "Maud Trevanion",
        "2021-06-14",
        [
            "Borrowers at the Tollgate library may now take home seeds as well as books. The seeds are due back in "
            "October, in the form of more seeds.",
            "The librarian, Ines Quarrie, began with forty envelopes of beans, peas and tomatoes, most of them from her "
            "aunt’s garden. Within a week thirty-one had been lent.",
            "There will be no fines, she said, in a year without sun. A borrower who brings a ripe tomato to the desk "
            "may keep his book for another month.",
        ],
    ),
    "lost-organ": (
        "Missing organ pipes found under a billiard table",
        "Maud Trevanion",
        "2021-06-17",
        [
            "Fourteen organ pipes that were missed from St Brannock’s church in 1969 have been found under a billiard "
            "table in the former dockers’ club.",
            "Builders who were clearing the club took them for drainpipes. It was the foreman, a chorister as a boy, "
            "who blew across the end of one and recognised a flat.",
            "The vicar has thanked the builders and said that nobody would be asked how the pipes had come there. The "
            "organ has managed without them for half a century, rather quietly.",
        ],
    ),
    "harbour-count": (
        "Porpoises return, say the children who count them",
        "Orla Pennant",
        "2021-06-21",
        [
            "Thirty-eight porpoises were seen from the Tollgate lighthouse in the first week of June, more than in any "
            "week since a primary school class began to count them in 2009.",
            "The class meets on the gallery of the lighthouse for an hour before lessons. Each child watches a sector of "
            "the bay and may not speak, except to say a number.",
            "A biologist of the county’s museum, Dr Lowell Harkin, compared their figures with those of his own survey "
            "and found that the children had missed two and he had missed nine.",
        ],
    ),
    "tar-works": (
        "Last barrel leaves the tar works",
        "Idris Callow",
        "2021-06-24",
        [
            "The Tollgate tar works filled its last barrel on Thursday morning, 143 years after the first, and the nine "
            "people who still worked there signed the lid.",
            "The owner, Petra Lindqvist, said that the boats which needed tar could now be counted on one hand, and that "
            "she owned two of them.",
            "The barrel goes to the museum. The kettle, which holds six hundred gallons and could not be moved, will "
            "stay where it is and have a roof of glass.",
        ],
    ),
}


def page(slug: str) -> bytes:
    """A story as the site's page."""
    headline, author, day, paragraphs = STORIES[slug]
    menu = "".join(f'<li><a href="/{name.lower()}">{name}</a></li>' for name in MENU)
    text = "\n".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs)
    footer = "".join(f"<p>{escape(line)}</p>" for line in FOOTER)
    return f"""<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>{escape(headline)} | Tollgate Chronicle</title>
<meta property="og:title" content="{escape(headline)}">
<meta property="og:site_name" content="Tollgate Chronicle">
<meta property="article:published_time" content="{day}T08:30:00+01:00">
<script>var reader = {{"paid": false}};</script></head>
<body>
<nav><ul>{menu}</ul></nav>
<main><article>
<h1>{escape(headline)}</h1>
<p class="byline">By {author}</p>
<time datetime="{day}T08:30:00+01:00">{day}</time>
{text}
</article></main>
<footer>{footer}</footer>
</body>
</html>
""".encode()


def response(slug: str, headers: str, body: bytes, kind: str = "text/html; charset=utf-8") -> bytes:
    """A WARC record of an HTTP response."""
    http = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n{headers}\r\n".encode() + body
    return (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {SITE}/{slug}\r\nWARC-Date: 2021-07-01T06:00:00Z\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    ).encode() + http + b"\r\n\r\n"  # fmt: skip


def chunked(body: bytes) -> bytes:
    """A body in chunks of 500 bytes."""
    chunks = (body[place : place + 500] for place in range(0, len(body), 500))
    return b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks) + b"0\r\n\r\n"


def warc() -> bytes:
    """Two responses, one of them chunked and compressed, and an image, each a member of its own."""
    info = (
        b"WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Type: application/warc-fields\r\nContent-Length: 0\r\n\r\n\r\n\r\n"
    )
    packed = gzip.compress(page("night-ferry"), mtime=0)
    image = response("logo.png", "", b"\x89PNG\r\n\x1a\n", "image/png")
    records = (
        info,
        response("weighbridge", "", page("weighbridge")),
        response("night-ferry", "Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n", chunked(packed)),
        image,
    )
    return b"".join(gzip.compress(record, mtime=0) for record in records)


def row(slug: str) -> dict[str, object]:
    """A story under the names of columns that news-please has."""
    headline, author, day, paragraphs = STORIES[slug]
    return {
        "url": f"{SITE}/{slug}",
        "title": headline,
        "authors": [author],
        "date_publish": f"{day} 08:30:00",
        "date_download": "2021-07-01 06:00:00",
        "language": "en",
        "source_domain": "tollgate-chronicle.example",
        "maintext": "\n".join(paragraphs),
    }


def feed() -> bytes:
    """An item with full text and one that only teases."""
    headline, author, _, paragraphs = STORIES["lost-organ"]
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return f"""<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Tollgate Chronicle</title><link>{SITE}</link><language>en-gb</language>
<item><title>{headline}</title><link>{SITE}/lost-organ</link><dc:creator>{author}</dc:creator>
<pubDate>Thu, 17 Jun 2021 08:30:00 +0100</pubDate><category>Church</category><category>Docks</category>
<description>Builders took them for drainpipes.</description>
<content:encoded><![CDATA[{text}]]></content:encoded></item>
<item><title>Regatta in pictures</title><link>{SITE}/regatta</link><description>Thirty boats and one swan.</description></item>
</channel></rss>
""".encode()


def nitf() -> bytes:
    """A story as agencies send it."""
    headline, author, _, paragraphs = STORIES["harbour-count"]
    text = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs)
    return f"""<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE nitf SYSTEM "nitf-3-6.dtd">
<nitf xml:lang="en"><head><title>{headline}</title>
<docdata><date.release norm="20210621T073000Z"/><key-list><keyword key="porpoises"/><keyword key="lighthouse"/></key-list></docdata>
<pubdata type="web" name="Tollgate Chronicle" position.section="Harbour"/></head>
<body><body.head><hedline><hl1>{headline}</hl1></hedline><byline>By <person>{author}</person></byline></body.head>
<body.content><block>{text}</block></body.content></body></nitf>
""".encode()


def mhtml() -> bytes:
    """A page as a browser saves it."""
    message = EmailMessage()
    message["From"] = "<Saved by a browser>"
    message["Snapshot-Content-Location"] = f"{SITE}/tar-works"
    message["Date"] = "Thu, 1 Jul 2021 06:00:00 +0000"
    message.set_content(page("tar-works").decode(), subtype="html", cte="quoted-printable")
    message.make_related(boundary="----tollgate")
    return message.as_bytes()


def zipped() -> bytes:
    """A page, and a container in the container."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        lines = "".join(json.dumps(row(slug), ensure_ascii=False) + "\n" for slug in ("seed-library",))
        for name, content in (("site/school-roof.html", page("school-roof")), ("rows.jsonl", lines.encode())):
            archive.writestr(zipfile.ZipInfo(name), content)
    return file.getvalue()


def tarred() -> bytes:
    """A member that says it lies elsewhere, and one that is a link."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        notice = b"The harbour office is shut on Monday for the counting of anchors.\n"
        member = tarfile.TarInfo("../notices/anchors.txt")
        member.size = len(notice)
        archive.addfile(member, io.BytesIO(notice))
        link = tarfile.TarInfo("latest.txt")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/hostname"
        archive.addfile(link)
    return gzip.compress(file.getvalue(), mtime=0)


def table() -> bytes:
    """Letters in a Parquet file, one of them without text."""
    file = io.BytesIO()
    letters = {
        "headline": ["The gulls are right", "On silence"],
        "byline": ["E. Sprake, Chandlers Row", "A reader"],
        "body": ["It is the chips that are at fault.\n\nNo gull ever asked for a polystyrene tray.", None],
        "n": [1.5, float("nan")],
    }
    pq.write_table(pa.table(letters), file, compression="zstd")
    return file.getvalue()


def containers() -> dict[str, bytes]:
    """The files by name."""
    csv = (
        "headline;text;date\r\n"
        '"Tide table corrected";"High water on Sunday is at 11.42, and not, as we printed, at 42.11.";26/06/2021\r\n'
        '"Flag “half-mast”";"The flag on the custom house hung at half-mast because the rope had stuck.\n'
        'Nobody has died.";27/06/2021\r\n'
    )
    return {
        "anchors.tar.gz": tarred(),
        "corrections.csv": csv.encode("cp1252"),
        "crawl.warc.gz": warc(),
        "export.jsonl": (json.dumps(row("bell-buoy"), ensure_ascii=False) + '\n\n{"title": "cut o').encode(),
        "feed.rss": feed(),
        "letters.parquet": table(),
        "porpoises.xml": nitf(),
        "saved.mhtml": mhtml(),
        "site.zip": zipped(),
    }


def main() -> None:
    """Write the files into the folder that the command names."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in containers().items():
        (folder / name).write_bytes(content)


if __name__ == "__main__":
    main()
