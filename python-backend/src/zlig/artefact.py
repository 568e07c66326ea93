"""What the core makes for an installer: wheel, editable wheel, source distribution, metadata."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Literal

from . import core

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def wheel(
    command: Literal["wheel", "editable"],
    directory: str,
    settings: Mapping[str, object] | None,
    metadata_directory: str | None,
) -> str:
    """Build a wheel into `directory` and return its file name.

    What `prepare_metadata_for_build_*` made before goes along as `metadata_directory`: PEP 517 wants it in the wheel
    byte for byte.
    """
    arguments = ["--python", core.interpreter()]
    if metadata_directory is not None:
        arguments += ["--metadata-directory", os.path.abspath(metadata_directory)]
    return _name(command, directory, arguments, settings)


def sdist(directory: str, settings: Mapping[str, object] | None) -> str:
    """Write a source distribution into `directory` and return its file name."""
    return _name("sdist", directory, [], settings)


def metadata(directory: str, settings: Mapping[str, object] | None) -> str:
    """Write the `.dist-info` folder of the coming wheel, editable or not, into `directory` and return its name."""
    return _name("metadata", directory, ["--python", core.interpreter()], settings)


def _name(command: str, directory: str, arguments: Sequence[str], settings: Mapping[str, object] | None) -> str:
    event = core.answer(command, ["--out-dir", os.path.abspath(directory), *arguments], settings, event="result")
    return core.field(event, "name", str)
