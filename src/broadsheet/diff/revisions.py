"""A corpus named by its folder, or by a revision of the repository whose tables DVC has."""

from pathlib import Path

from broadsheet.errors import UsageError
from broadsheet.schema import tables

_PROCESSED = "processed"


def corpus_at(place: str, beside: Path) -> Path:
    """The folder `place`, or, fetched through DVC into `beside`, the tables of the git revision `place`.

    Raises UsageError where it is neither, or where DVC has the tables neither in its cache nor in a remote.
    """
    if Path(place).is_dir():
        return Path(place)
    try:
        from dvc.api import DVCFileSystem
        from dvc.exceptions import DvcException
        from scmrepo.exceptions import SCMError
    except ImportError:
        raise UsageError(f"{place}: there is no such folder (a git revision needs DVC: pip install dvc)") from None
    try:
        files = DVCFileSystem(".", rev=place)
        names = [name for name in tables() if files.exists(f"{_PROCESSED}/{name}")]
        for name in names:
            files.get(f"{_PROCESSED}/{name}", str(beside / name), recursive=True)
    except (DvcException, SCMError, FileNotFoundError) as error:
        why = " ".join(str(error).split())
        raise UsageError(
            f"{place}: neither a folder nor a revision whose tables DVC has ({why}); try `dvc fetch --all-commits`"
        ) from error
    if not names:
        raise UsageError(
            f"{place}: there is no such folder, and no git revision of that name with tables below {_PROCESSED}/"
        )
    return beside
