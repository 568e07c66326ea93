"""Zig as the Python side sees it: the `ziglang` package beside Zlig. All else about Zig is the core's."""

from __future__ import annotations

from .program import in_package


def ziglang() -> str | None:
    """Return the executable of the PyPI package `ziglang`, when this interpreter could import it."""
    return in_package("ziglang", "zig.exe", "zig")
