"""A path that somebody typed to a file that can be read, or a sentence that says what is there instead."""

from __future__ import annotations

import os
from difflib import get_close_matches
from pathlib import Path

from tailrec import InputError


def existing_file(path: str | Path) -> Path:
    """Return the path of a file that exists, is not empty and may be read.

    Raises
    ------
    InputError
        Where there is no such file (the nearest names in its folder are offered), it is a folder or empty, or
        it may not be read.

    Examples
    --------
    >>> existing_file("no-such-folder/ratings.csv")
    Traceback (most recent call last):
    ...
    tailrec.errors.InputError: no-such-folder/ratings.csv: expected a file, but there is no folder `no-such-folder`; \
mend `path`
    """
    if not os.fspath(path):
        raise InputError("expected the path of a file, received an empty text; mend `path`")
    found = Path(path).expanduser()
    try:
        if found.is_dir():
            raise InputError(f"{path}: expected a file, received a folder; {_offer(found, 'name one of its files')}")
        if not found.exists():
            if not found.parent.is_dir():
                raise InputError(f"{path}: expected a file, but there is no folder `{found.parent}`; mend `path`")
            raise InputError(
                f"{path}: expected a file, found none of that name; {_offer(found.parent, near=found.name)}"
            )
        if not found.is_file():
            raise InputError(
                f"{path}: expected a file that can be read twice, received a pipe or a device; save it first"
            )
        with open(found, "rb") as file:
            if not file.read(1):
                raise InputError(
                    f"{path}: expected events, received an empty file; mend `path`, or write the file again"
                )
    except InputError:
        raise
    except PermissionError:
        raise InputError(
            f"{path}: expected a file that may be read, received one without permission; "
            "change its permissions (`chmod u+r`), or copy it"
        ) from None
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: expected a file that can be read, received: {error}; mend `path`") from None
    return found


def _offer(folder: Path, advice: str = "mend `path`", near: str = "") -> str:
    names = sorted(entry.name for entry in folder.iterdir() if entry.is_file())
    close = get_close_matches(near, names, n=3, cutoff=0.6) if near else names[:3]
    if close and near:
        return "did you mean " + " or ".join(f"`{name}`" for name in close) + "?"
    listed = ", ".join(f"`{name}`" for name in names[:3]) + (", ..." if len(names) > 3 else "")
    return (
        f"{advice}; the folder `{folder}` holds {listed}" if names else f"{advice}; the folder `{folder}` holds no file"
    )
