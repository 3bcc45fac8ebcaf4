"""A corpus named by its folder, or by a revision of the repository whose tables DVC has."""

from pathlib import Path

from broadsheet.errors import UsageError
from broadsheet.schema import tables
from broadsheet.tables import check_folder

_PROCESSED = "processed"


def corpus_at(place: str, beside: Path) -> Path:
    """The folder `place`, or, fetched through DVC into `beside`, the tables of the git revision `place`.

    Raises UsageError where it is neither, or where DVC has the tables neither in its cache nor in a remote.
    """
    if Path(place).exists():
        check_folder(Path(place), "name a folder of tables, or a git revision")
        return Path(place)
    try:
        from dvc.api import DVCFileSystem
        from dvc.exceptions import DvcException
        from dvc_data.index import DataIndexError
        from scmrepo.exceptions import SCMError
    except ImportError:
        raise UsageError(f"{place}: there is no such folder (a git revision needs DVC: pip install dvc)") from None
    try:
        files = DVCFileSystem(".", rev=place)
        names = [name for name in tables() if files.exists(f"{_PROCESSED}/{name}")]
        for name in names:
            files.get(f"{_PROCESSED}/{name}", str(beside / name), recursive=True)
    except (DvcException, DataIndexError, SCMError, OSError) as error:
        why = " ".join(str(error).split())
        raise UsageError(
            f"{place}: no folder, and not all tables of this revision are in DVC's cache or remote ({why});"
            " `dvc push` them from where they were built, or check it out and `dvc repro`"
        ) from error
    if not names:
        raise UsageError(
            f"{place}: there is no such folder, and no git revision of that name with tables below {_PROCESSED}/"
        )
    return beside
