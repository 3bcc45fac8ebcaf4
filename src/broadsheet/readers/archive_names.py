"""Names of an archive's members: only ever names, never paths on a disk."""


def is_record_name(name: str) -> bool:
    """Whether a file of this name is a record or holds them: not hidden, no README, no source.yaml, no *.dvc."""
    return not (name.startswith((".", "README")) or name.endswith(".dvc") or name == "source.yaml")


def is_record_member(name: str) -> bool:
    """The same of a member, for each folder that it names and for what macOS adds to archives.

    A member without a name is one.
    """
    parts = [part for part in name.split("/") if part not in ("", ".", "..")]
    return parts[:1] != ["__MACOSX"] and all(is_record_name(part) for part in parts)


def member_name(name: str, inside: str | None) -> str:
    """A member's name for the tables, behind that of the archive's member that it lies in; bytes that are no
    UTF-8 as %XX."""
    shown = "".join(f"%{ord(c) - 0xDC00:02X}" if "\udc80" <= c <= "\udcff" else c for c in name)
    shown = shown.encode("utf-8", "replace").decode()
    return shown if inside is None else f"{inside}/{shown}"
