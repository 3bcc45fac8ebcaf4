"""The command line: build, check, explain, diff, release."""

import argparse
import os
import sys
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from broadsheet.errors import UsageError
from broadsheet.process import compute_on_one_thread, end, reuse_memory, with_room_for_calls

if TYPE_CHECKING:
    from broadsheet.stages.workers import Workers

DONE, FAILED, WRONG_CALL, INTERRUPTED = 0, 1, 2, 130


def _say(line: str) -> None:
    print(line, file=sys.stderr)


def _workers(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of workers from 1 on")
    return int(text)


def _parser() -> argparse.ArgumentParser:
    ask = argparse.ArgumentParser(
        prog="broadsheet",
        description="Raw dumps of news articles to checked Parquet tables of articles, sentences and metadata.",
    )
    commands = ask.add_subparsers(dest="command", required=True, metavar="COMMAND")
    build = commands.add_parser("build", help="build and check the tables of a folder of dumps")
    build.add_argument("raw", metavar="RAW", help="folder or URI (s3://bucket/prefix …) of dumps, one folder a source")
    build.add_argument("out", metavar="OUT", help="folder or URI for the tables")
    build.add_argument(
        "--work", type=Path, metavar="FOLDER", help="where tables for a URI are made (default: a temporary folder)"
    )
    build.add_argument(
        "--workers", type=_workers, metavar="N", help="processes (default: cores, of the cluster with --engine ray)"
    )
    build.add_argument(
        "--engine", choices=("local", "ray"), default="local", help="processes here, or Ray at RAY_ADDRESS or here"
    )
    build.add_argument("--params", type=Path, metavar="FILE", help="parameters (default: those of the package)")
    check = commands.add_parser("check", help="run every expectation on built tables or a downloaded release")
    check.add_argument("out", type=Path, metavar="OUT", help="folder of the tables")
    explain = commands.add_parser("explain", help="show how one dump is read")
    explain.add_argument("file", type=Path, metavar="FILE", help="a dump")
    explain.add_argument("--record", type=int, default=0, metavar="N", help="of a container, from 0 (default: 0)")
    explain.add_argument("--corpus", type=Path, metavar="OUT", help="take what this corpus knows of the source")
    explain.add_argument("--html", action="store_true", help="write a page to look at in a browser")
    explain.add_argument("--params", type=Path, metavar="FILE", help="parameters (default: those of the package)")
    diff = commands.add_parser("diff", help="what differs between two corpora; exits 0 where nothing does, else 1")
    for side in ("old", "new"):
        diff.add_argument(side, metavar=side.upper(), help="folder of the tables, or a git revision (through DVC)")
    diff.add_argument("--json", action="store_true", help="write JSON")
    diff.add_argument("--parquet", type=Path, metavar="FILE", help="write every changed value into this file as well")
    release = commands.add_parser("release", help="make a folder to upload: tables, cards, report, hashes, licences")
    release.add_argument("out", type=Path, metavar="OUT", help="folder of the tables")
    release.add_argument("folder", type=Path, metavar="FOLDER", help="folder of the release, new or empty")
    return ask


def _pool(args: argparse.Namespace, folders: list[Path]) -> "Workers":
    if args.engine == "ray":
        from broadsheet.stages.cluster import RayWorkers

        return RayWorkers(args.workers, folders)
    from broadsheet.stages.workers import Workers

    return Workers(args.workers or os.cpu_count() or 1)


def _build(args: argparse.Namespace) -> int:
    from broadsheet.build import build, build_remote
    from broadsheet.parameters import read_parameters
    from broadsheet.stages.publish import summary_of
    from broadsheet.storage import Remote, place_of

    raw, out, parameters = place_of(args.raw), place_of(args.out), read_parameters(args.params)
    if args.work and not isinstance(out, Remote):
        raise UsageError(f"--work {args.work}: tables for a folder are made in it; leave the option out")
    with ExitStack() as stack:
        if isinstance(out, Remote):
            work = args.work or Path(stack.enter_context(TemporaryDirectory(prefix="broadsheet-")))
        else:
            work = out
        if args.engine == "ray":
            # The processes of a node may run in another folder.
            raw, work = raw.absolute() if isinstance(raw, Path) else raw, work.absolute()
        pool = _pool(args, [place for place in (raw, work) if isinstance(place, Path)])
        if isinstance(out, Remote):
            metrics = build_remote(raw, out, work, parameters, pool, _say)
        else:
            metrics = build(raw, work, parameters, pool, _say)
    if metrics is None:
        return FAILED
    print(f"{args.out}: {summary_of(metrics)}; all checks passed")
    return DONE


def _check(args: argparse.Namespace) -> int:
    from broadsheet.verify import verify

    return DONE if verify(args.out, _say) else FAILED


def _explain(args: argparse.Namespace) -> int:
    from broadsheet.explain import explain, read_dump
    from broadsheet.parameters import read_parameters

    page, content = read_dump(args.file, args.corpus, read_parameters(args.params), args.record)
    if args.html:
        from broadsheet.report.audit import explained

        sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
        print(explained(page, content[:256].hex(" ")), end="")
        return DONE
    colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    for line in explain(page, colour):
        print(line)
    return DONE


def _diff(args: argparse.Namespace) -> int:
    from broadsheet.diff import diff

    return DONE if diff(args.old, args.new, args.json, args.parquet, print) else FAILED


def _release(args: argparse.Namespace) -> int:
    from broadsheet.release import release

    unlicensed = release(args.out, args.folder)
    if unlicensed:
        _say(f"warning: no licence is stated in the source.yaml of {', '.join(unlicensed)}")
    print(f"{args.folder}: a release of {args.out}; anyone can check it with: broadsheet check {args.folder}")
    return DONE


@with_room_for_calls
def main(arguments: list[str] | None = None) -> int:
    """Run a command; 0 done, 1 a check failed (or corpora differ), 2 a wrong call (argparse exits with 2 itself)."""
    args = _parser().parse_args(arguments)
    compute_on_one_thread()
    reuse_memory()
    # Text of dumps may hold what the terminal's encoding cannot say.
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        commands = {"build": _build, "check": _check, "explain": _explain, "diff": _diff, "release": _release}
        code = commands[args.command](args)
        sys.stdout.flush()
        return code
    except UsageError as error:
        _say(f"broadsheet: {error}")
        return WRONG_CALL
    except BrokenPipeError:
        # The reader of our output (head, less) has seen enough; nothing may be written at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        _say(f"broadsheet: {place}{error.strerror or error}")
        return WRONG_CALL
    except KeyboardInterrupt:
        _say("broadsheet: interrupted; run the same command again to finish")
        return INTERRUPTED


def run() -> None:
    """The program `broadsheet`."""
    end(main())


if __name__ == "__main__":
    run()
