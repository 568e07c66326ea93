"""What must be installed before a build, beyond the project's own `build-system.requires`."""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING, Literal

from . import core, node, zig

if TYPE_CHECKING:
    from collections.abc import Mapping

Artefact = Literal["wheel", "sdist", "editable"]


def requirements(artefact: Artefact, settings: Mapping[str, object] | None) -> list[str]:
    """Return the requirements of building `artefact` from the project in the current folder.

    The core knows them. Without a Node it cannot be asked, and an installer asks only once: then they are judged from
    the text of `pyproject.toml`.
    """
    core.entry()
    runtime = node.find()
    if runtime is None:
        return [node.REQUIREMENT, *_unasked(artefact)]
    arguments = ["--python", core.interpreter(), "--for", artefact]
    event = core.answer("requires", arguments, settings, event="requires", runtime=runtime)
    wanted = [str(requirement) for requirement in core.field(event, "requires", list)]
    if core.field(event, "needs_zig", bool):
        zig_event = core.field(event, "zig", dict)
        if zig_event.get("found") is None:
            wanted.append(core.field(zig_event, "requirement", str))
    return wanted


def _unasked(artefact: Artefact) -> list[str]:
    # Asking for too much costs a download, for too little the build. A `zig` on the path does not count: whether its
    # version will do is the core's to say.
    if artefact == "sdist":
        return []
    text = _manifest()
    if not re.search(r"\bextensions\b(?!\s*=\s*\[\s*\])", text):
        return []
    with open(os.path.join(core.BUNDLE, "requirements.json"), encoding="utf-8") as file:
        known: dict[str, str] = json.load(file)
    wanted = []
    if not os.environ.get("ZLIG_ZIG") and zig.ziglang() is None:
        wanted.append(known["ziglang"])
    if "pyx" in text and "cython" in known:
        wanted.append(known["cython"])
    return wanted


def _manifest() -> str:
    try:
        with open("pyproject.toml", encoding="utf-8", errors="replace") as file:
            text = file.read()
    except OSError:
        return ""
    return re.sub(r"^\s*#.*$", "", text, flags=re.MULTILINE)
