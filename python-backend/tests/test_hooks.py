"""The hooks of PEP 517 and PEP 660, called as an installer calls them."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import zlig

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Core


def _options(call: dict[str, list[str]]) -> list[str]:
    argv = call["argv"]
    assert argv[1:3] == ["--project", os.getcwd()]
    return [argv[0], *argv[3:]]


@pytest.mark.usefixtures("node")
def test_a_wheel_is_built_for_the_running_interpreter(bundle: Core, machine: Path) -> None:
    bundle.say("wheel", {"event": "result", "name": "demo-1.whl"})
    assert zlig.build_wheel(str(machine / "out"), {"jobs": "2"}) == "demo-1.whl"
    out = str(machine / "out")
    python = ["--python", sys.executable]
    assert _options(bundle.calls[0]) == [
        "wheel", "--out-dir", out, *python, "--json", "--config-setting", "jobs=2",
    ]  # fmt: skip


@pytest.mark.parametrize(("hook", "command"), [(zlig.build_wheel, "wheel"), (zlig.build_editable, "editable")])
@pytest.mark.usefixtures("node")
def test_prepared_metadata_goes_along(
    bundle: Core, machine: Path, hook: Callable[[str, None, str], str], command: str
) -> None:
    bundle.say(command, {"event": "result", "name": "demo-1.whl"})
    assert hook("dist", None, "prepared/demo-1.dist-info") == "demo-1.whl"
    project = machine / "project"
    assert _options(bundle.calls[0]) == [
        command,
        *("--out-dir", str(project / "dist")),
        *("--python", sys.executable),
        *("--metadata-directory", str(project / "prepared" / "demo-1.dist-info")),
        "--json",
    ]


@pytest.mark.usefixtures("node")
def test_a_source_distribution_needs_no_interpreter(bundle: Core, machine: Path) -> None:
    bundle.say("sdist", {"event": "result", "name": "demo-1.tar.gz"})
    assert zlig.build_sdist(str(machine / "out")) == "demo-1.tar.gz"
    assert _options(bundle.calls[0]) == ["sdist", "--out-dir", str(machine / "out"), "--json"]


@pytest.mark.parametrize("hook", [zlig.prepare_metadata_for_build_wheel, zlig.prepare_metadata_for_build_editable])
@pytest.mark.usefixtures("node")
def test_metadata_is_prepared(bundle: Core, machine: Path, hook: Callable[[str], str]) -> None:
    bundle.say("metadata", {"event": "result", "name": "demo-1.dist-info"})
    assert hook(str(machine / "out")) == "demo-1.dist-info"
    assert _options(bundle.calls[0]) == [
        "metadata", "--out-dir", str(machine / "out"), "--python", sys.executable, "--json",
    ]  # fmt: skip


def test_importing_the_backend_imports_nothing_else() -> None:
    code = "import sys, zlig; print([n for n in sys.modules if n.startswith('zlig') or n in ('json', 'subprocess')])"
    variables = {**os.environ, "PYTHONPATH": os.path.dirname(os.path.dirname(zlig.__file__))}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=variables, check=True)
    assert done.stdout == "['zlig']\n"


PIP = importlib.util.find_spec("pip") is not None


@pytest.fixture
def project(machine: Path, copy_package: Callable[[Path], Core]) -> Core:
    """Lay out a project that carries Zlig as its in-tree backend, which needs no network."""
    folder = machine / "project"
    (folder / "pyproject.toml").write_text(
        '[build-system]\nrequires = []\nbuild-backend = "zlig"\nbackend-path = ["backend"]\n'
        '[project]\nname = "demo"\nversion = "1"\n',
        encoding="utf-8",
    )
    fake = copy_package(folder / "backend")
    fake.say("requires", {"event": "requires", "requires": [], "needs_zig": False})
    return fake


def _pip(machine: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel", "--no-deps", "--no-index"]
    return subprocess.run(
        [*command, "--wheel-dir", str(machine / "out"), str(machine / "project")],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1"},
        timeout=300,
        check=False,
    )


@pytest.mark.skipif(not PIP, reason="needs pip")
@pytest.mark.usefixtures("node")
def test_pip_builds_a_wheel(machine: Path, project: Core) -> None:
    name = "demo-1-py3-none-any.whl"
    info = "demo-1.dist-info"
    metadata = "Metadata-Version: 2.1\nName: demo\nVersion: 1\n"
    wheel = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    files = {f"{info}/METADATA": metadata, f"{info}/WHEEL": wheel}
    project.order(wheel={"name": name, "files": files}, files=files)
    project.say("wheel", {"event": "result", "name": name})
    project.say("metadata", {"event": "result", "name": info})
    done = _pip(machine)
    assert done.returncode == 0, done.stderr
    assert (machine / "out" / name).is_file()
    assert [call["argv"][0] for call in project.calls] == ["requires", "metadata", "wheel"]


@pytest.mark.skipif(not PIP, reason="needs pip")
@pytest.mark.usefixtures("node")
def test_pip_shows_the_cores_error_and_no_traceback(machine: Path, project: Core) -> None:
    project.order(stderr="error[compile-failed]: demo.c:3: żle\n", exit=1)
    done = _pip(machine)
    assert done.returncode == 1
    shown = done.stdout + done.stderr
    assert "error[compile-failed]: demo.c:3: żle" in shown
    assert "Traceback" not in shown
