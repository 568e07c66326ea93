"""The per-user cache folder, by the same rule as the core's."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import tempfile

_TAG = """Signature: 8a477f597d28d172789f06886806bc55
# Zlig keeps compiled objects here. The folder may be removed at any time.
"""


def folder() -> str:
    """Return the cache folder: `ZLIG_CACHE_DIR`, else `zlig` in the platform's own."""
    chosen = os.environ.get("ZLIG_CACHE_DIR")
    if chosen:
        return os.path.abspath(chosen)
    home = os.path.expanduser("~")
    system = sys.platform
    if system == "win32":
        return os.path.join(os.environ.get("LOCALAPPDATA") or os.path.join(home, "AppData", "Local"), "zlig", "Cache")
    if system == "darwin":
        return os.path.join(home, "Library", "Caches", "zlig")
    base = os.environ.get("XDG_CACHE_HOME", "")
    # The XDG specification: a relative path is to be ignored.
    return os.path.join(base if os.path.isabs(base) else os.path.join(home, ".cache"), "zlig")


def read(name: str) -> dict[str, object]:
    """Return the JSON object kept under `name`; an unreadable or damaged one is empty."""
    try:
        with open(os.path.join(folder(), name), encoding="utf-8") as file:
            content = json.load(file)
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def write(name: str, content: dict[str, object]) -> None:
    """Keep a JSON object under `name`. A cache that cannot be written is only slower, so that is no error."""
    target = os.path.join(folder(), name)
    with contextlib.suppress(OSError):
        _make(folder())
        # Replaced in one step: another process sees the old file or the new one.
        handle, temporary = tempfile.mkstemp(dir=folder(), prefix=name)
        try:
            with open(handle, "w", encoding="utf-8") as file:
                json.dump(content, file, indent=1)
            os.replace(temporary, target)
        except OSError:
            os.unlink(temporary)
            raise


def _make(path: str) -> None:
    if os.path.isdir(path):
        return
    os.makedirs(path)
    with open(os.path.join(path, "CACHEDIR.TAG"), "w", encoding="utf-8") as file:
        file.write(_TAG)
