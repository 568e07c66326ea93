"""Executables: on the search path, and inside installed packages."""

from __future__ import annotations

import importlib.util
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def on_path(name: str) -> Iterator[str]:
    """Yield every executable called `name` on the search path, in its order.

    `shutil.which` names only the first, which may be too old, and on Windows it looks into the current folder before
    the path: that is the project being built, whose files are no tools.
    """
    suffixes = (".exe", ".cmd", ".bat") if sys.platform == "win32" else ("",)
    for entry in os.environ.get("PATH", os.defpath).split(os.pathsep):
        folder = entry.strip('"')
        if not os.path.isabs(folder):
            continue
        for suffix in suffixes:
            path = os.path.join(folder, name + suffix)
            if executable(path):
                yield path


def in_package(package: str, *names: str) -> str | None:
    """Return the first of the executables `names` in the folder of an installed package, which is not imported."""
    try:
        spec = importlib.util.find_spec(package)
    except (ImportError, ValueError):
        return None
    for folder in (spec and spec.submodule_search_locations) or []:
        for name in names:
            path = os.path.join(os.path.abspath(folder), *name.split("/"))
            if executable(path):
                return path
    return None


def executable(path: str) -> bool:
    """Tell whether `path` is a file that may be run."""
    return os.path.isfile(path) and os.access(path, os.X_OK)
