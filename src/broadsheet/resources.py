"""Files that travel with the package: schemas and default parameters.

In the repository they lie at its root, where people look for them; in an installed
wheel they lie in the package.
"""

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from broadsheet.errors import UsageError

_PACKAGE = Path(__file__).parent


def resource_path(name: str) -> Path:
    """Where `schemas` or `params.yaml` lies: in the package, else at the root of the repository."""
    packaged = _PACKAGE / name
    return packaged if packaged.exists() else _PACKAGE.parent.parent / name


def read_yaml(path: Path) -> Any:
    """What a YAML 1.2 file holds, as `parse_yaml` does."""
    return parse_yaml(path.read_bytes(), str(path))


def parse_yaml(content: bytes, path: str) -> Any:
    """What YAML 1.2 says; None for an empty one. Raises UsageError that names the file, by its `path`, and the line.

    YAML 1.2 reads `no` as a string (the language code of Norwegian), and a key given twice is an error.
    """
    try:
        return YAML(typ="safe", pure=True).load(content.decode("utf-8-sig"))
    except MarkedYAMLError as error:
        line = f" line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise UsageError(f"{path}:{line} {error.problem}") from error
    except (YAMLError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: not readable as YAML in UTF-8: {' '.join(str(error).split())}") from error
