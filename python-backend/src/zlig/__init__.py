"""Zlig, a build backend for packages with native modules: the hooks of PEP 517 and PEP 660.

Installers call these in the project's folder. Each one is a single question to the build core; imports wait until they
are needed, because a hook runs in a fresh process.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "build_editable",
    "build_sdist",
    "build_wheel",
    "get_requires_for_build_editable",
    "get_requires_for_build_sdist",
    "get_requires_for_build_wheel",
    "prepare_metadata_for_build_editable",
    "prepare_metadata_for_build_wheel",
]


def get_requires_for_build_wheel(config_settings: Mapping[str, object] | None = None) -> list[str]:
    """Name what else must be installed before `build_wheel` (PEP 517)."""
    from .requirements import requirements  # noqa: PLC0415

    return requirements("wheel", config_settings)


def get_requires_for_build_sdist(config_settings: Mapping[str, object] | None = None) -> list[str]:
    """Name what else must be installed before `build_sdist` (PEP 517)."""
    from .requirements import requirements  # noqa: PLC0415

    return requirements("sdist", config_settings)


def get_requires_for_build_editable(config_settings: Mapping[str, object] | None = None) -> list[str]:
    """Name what else must be installed before `build_editable` (PEP 660)."""
    from .requirements import requirements  # noqa: PLC0415

    return requirements("editable", config_settings)


def prepare_metadata_for_build_wheel(
    metadata_directory: str, config_settings: Mapping[str, object] | None = None
) -> str:
    """Write the wheel's `.dist-info` folder into `metadata_directory` and return the folder's name (PEP 517)."""
    from .artefact import metadata  # noqa: PLC0415

    return metadata(metadata_directory, config_settings)


def prepare_metadata_for_build_editable(
    metadata_directory: str, config_settings: Mapping[str, object] | None = None
) -> str:
    """Write the editable wheel's `.dist-info` folder into `metadata_directory` and return its name (PEP 660)."""
    from .artefact import metadata  # noqa: PLC0415

    return metadata(metadata_directory, config_settings)


def build_wheel(
    wheel_directory: str,
    config_settings: Mapping[str, object] | None = None,
    metadata_directory: str | None = None,
) -> str:
    """Write the wheel into `wheel_directory` and return its file name (PEP 517)."""
    from .artefact import wheel  # noqa: PLC0415

    return wheel("wheel", wheel_directory, config_settings, metadata_directory)


def build_editable(
    wheel_directory: str,
    config_settings: Mapping[str, object] | None = None,
    metadata_directory: str | None = None,
) -> str:
    """Write the editable wheel into `wheel_directory` and return its file name (PEP 660)."""
    from .artefact import wheel  # noqa: PLC0415

    return wheel("editable", wheel_directory, config_settings, metadata_directory)


def build_sdist(sdist_directory: str, config_settings: Mapping[str, object] | None = None) -> str:
    """Write the source distribution into `sdist_directory` and return its file name (PEP 517)."""
    from .artefact import sdist  # noqa: PLC0415

    return sdist(sdist_directory, config_settings)
