"""Paths that a user names: what is wrong with one that cannot be read, and a name that can be shown."""

from __future__ import annotations

import difflib
import errno
import os
import stat
from pathlib import Path

_NO_FILES = (
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def readable(name: str) -> str:
    """A name of a file as text: bytes that are no UTF-8 become �."""
    return os.fsencode(name).decode("utf-8", "replace")


def wrong_with(path: Path) -> tuple[str, str] | None:
    """(what is wrong, what to do) of a path that is no readable file or folder; None for one that is."""
    try:
        kind = path.stat().st_mode
        other = next((word for test, word in _NO_FILES if test(kind)), None)
        if other:
            return f"{other} rather than a file, and can be read only once", "pipe it in, as in: miner run - < PIPE"
        if stat.S_ISDIR(kind):
            os.listdir(path)
        else:
            with path.open("rb"):
                pass
    except FileNotFoundError:
        return _not_there(path)
    except OSError as error:
        if error.errno == errno.ELOOP:
            return "a link that points to itself", "fix the link, or name the file itself"
        what = f"cannot be read: {error.strerror or error}"
        return what, "check the permissions, and whether it is a file or a folder"
    except ValueError as error:
        return f"is not a valid path: {error}", "check the name"
    return None


def _not_there(path: Path) -> tuple[str, str]:
    if path.is_symlink():
        return f"a link to {readable(os.readlink(path))}, which does not exist", "fix the link, or name the file itself"
    try:
        near = difflib.get_close_matches(path.name, os.listdir(path.parent), 1)
    except OSError:
        return "no such file or folder", f"{readable(str(path.parent))} does not exist: check the path"
    if near:
        return "no such file or folder", f"did you mean {readable(str(path.with_name(near[0])))}?"
    return "no such file or folder", "check the path, including upper and lower case"
