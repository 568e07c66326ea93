"""What this package and the rest of the repository say twice must agree; outside the repository there is no rest."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import get_args

import pytest

from zlig import core, failure, node

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parent.parent
MANIFEST = (HERE.parent / "pyproject.toml").read_text(encoding="utf-8")
in_repository = pytest.mark.skipif(not (REPOSITORY / "package.json").is_file(), reason="not in the repository")


def test_the_extra_asks_for_the_node_that_the_hooks_ask_for() -> None:
    assert f'node = ["{node.REQUIREMENT}"]' in MANIFEST


@in_repository
def test_version_and_node_are_the_extensions() -> None:
    package = json.loads((REPOSITORY / "package.json").read_text(encoding="utf-8"))
    assert f'\nversion = "{package["version"]}"\n' in MANIFEST
    assert package["engines"]["node"] == f">={node.MINIMUM}"


@in_repository
@pytest.mark.parametrize("code", get_args(failure.Code))
def test_every_error_has_its_section_in_the_documentation(code: str) -> None:
    table = (REPOSITORY / "server" / "core" / "error-codes.ts").read_text(encoding="utf-8")
    entry = re.search(rf'^  "?{code}"?: {{\n    exitCode: (\d+),', table, re.MULTILINE)
    assert entry is not None
    assert entry.group(1) == "3"


@in_repository
def test_the_licence_is_the_repositorys() -> None:
    assert (HERE.parent / "LICENSE").read_bytes() == (REPOSITORY / "LICENSE").read_bytes()


@pytest.mark.skipif(not Path(core.BUNDLE, "zlig.js").is_file(), reason="the core is not built")
def test_the_built_core_states_the_requirements_that_need_no_node() -> None:
    known = json.loads(Path(core.BUNDLE, "requirements.json").read_text(encoding="utf-8"))
    assert "ziglang" in known
    assert all(re.fullmatch(rf"{name}[<>=~!].*", requirement) for name, requirement in known.items())
    # Node takes the bundle for CommonJS without it, whatever lies above the package.
    assert json.loads(Path(core.BUNDLE, "package.json").read_text(encoding="utf-8"))["type"] == "module"
