"""A Node and a core that do as they are told: shell script and Python, so that no test needs the real ones."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from zlig import core

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SOURCE = Path(core.__file__).parent

# Run by the fake Node in place of the bundle. What it is to do is in `orders.json` beside it.
FAKE_CORE = """
import json, os, signal, sys, time, zipfile
here = os.path.dirname(os.path.abspath(__file__))
orders = json.load(open(os.path.join(here, "orders.json"), encoding="utf-8"))
with open(os.path.join(here, "calls.jsonl"), "a", encoding="utf-8") as log:
    environment = {k: v for k, v in os.environ.items() if k.startswith("ZLIG_")}
    log.write(json.dumps({"argv": sys.argv[1:], "environment": environment, "cwd": os.getcwd()}) + "\\n")
def note(name):
    open(os.path.join(here, name), "w").close()
def interrupted(*_):
    note("interrupted")
    os._exit(130)
signal.signal(signal.SIGINT, interrupted)
sys.stderr.buffer.write(orders["stderr"].encode("utf-8"))
sys.stderr.flush()
for line in orders["stdout"].get(sys.argv[1], []):
    sys.stdout.buffer.write(line.encode("utf-8") + b"\\n")
sys.stdout.flush()
if "wheel" in orders and sys.argv[1] == "wheel":
    out = sys.argv[sys.argv.index("--out-dir") + 1]
    with zipfile.ZipFile(os.path.join(out, orders["wheel"]["name"]), "w") as wheel:
        for name, text in orders["wheel"]["files"].items():
            wheel.writestr(name, text)
if sys.argv[1] == "metadata":
    out = sys.argv[sys.argv.index("--out-dir") + 1]
    for name, text in orders["files"].items():
        os.makedirs(os.path.dirname(os.path.join(out, name)), exist_ok=True)
        open(os.path.join(out, name), "w", encoding="utf-8").write(text)
if orders["wait"]:
    note("started")
    if orders["wait"] == "deaf":
        time.sleep(600)
    sys.stdin.buffer.read()
    note("cancelled")
    sys.exit(130)
if orders["signal"]:
    os.kill(os.getpid(), orders["signal"])
sys.exit(orders["exit"])
"""


class Core:
    """The fake core: what it shall do, and how it was called."""

    def __init__(self, folder: Path) -> None:
        """Write the bundle into `folder`, obedient and silent."""
        self.folder = folder
        folder.mkdir(parents=True)
        (folder / "zlig.js").write_text(FAKE_CORE, encoding="utf-8")
        known = {"ziglang": "ziglang>=1,<2", "cython": "cython>=3"}
        (folder / "requirements.json").write_text(json.dumps(known), encoding="utf-8")
        self.orders: dict[str, Any] = {"stdout": {}, "stderr": "", "exit": 0, "wait": "", "signal": 0, "files": {}}
        self.order()

    def order(self, **orders: object) -> None:
        """Change what the core does when it is run."""
        self.orders.update(orders)
        (self.folder / "orders.json").write_text(json.dumps(self.orders), encoding="utf-8")

    def say(self, command: str, *events: object) -> None:
        """Let a command answer with events; text goes out as it is."""
        lines = [event if isinstance(event, str) else json.dumps(event, ensure_ascii=False) for event in events]
        self.order(stdout={**self.orders["stdout"], command: lines})

    @property
    def calls(self) -> list[dict[str, Any]]:
        """Every run so far: its arguments, its `ZLIG_` variables, its folder."""
        path = self.folder / "calls.jsonl"
        if not path.exists():
            return []
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]

    def noted(self, name: str) -> bool:
        """Tell whether the core came to a point: `started`, `cancelled`, `interrupted`."""
        return (self.folder / name).exists()


def write_node(folder: Path, version: str, *, reports: str = "", name: str = "node", code: int = 0) -> Path:
    """Write a fake Node. It counts its identifications in `<name>.log`, and runs scripts by Python."""
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / f"{name}.log"
    if os.name == "nt":
        path = folder / f"{name}.cmd"
        shown = reports or "%~f0"
        body = (
            f'@if "%1"=="-p" (echo.>>"{log}" & echo {version}{shown}& exit /b {code})\n@"{sys.executable}" -X utf8 %*\n'
        )
    else:
        path = folder / name
        shown = f"'{reports}'" if reports else '"$0"'
        body = (
            "#!/bin/sh\n"
            f"if [ \"$1\" = -p ]; then echo >> '{log}'; printf '%s%s\\n' {version} {shown}; exit {code}; fi\n"
            f"exec '{sys.executable}' -X utf8 \"$@\"\n"
        )
    path.write_text(body, encoding="utf-8")
    path.chmod(0o755)
    return path


def identifications(node: Path) -> int:
    """Count how often a fake Node was asked who it is."""
    log = node.with_name(f"{node.stem}.log")
    return len(log.read_text().splitlines()) if log.exists() else 0


def write_package(folder: Path, package: str, program: str) -> Path:
    """Write an import package whose folder holds a program, and which must not be imported."""
    target = folder / package / program
    target.parent.mkdir(parents=True, exist_ok=True)
    (folder / package / "__init__.py").write_text("raise SystemExit('imported')\n")
    target.write_text("#!/bin/sh\n")
    target.chmod(0o755)
    return target


@pytest.fixture(autouse=True)
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give every test a machine of its own: an empty path, an empty cache, a project, and no Zlig variables."""
    for name in list(os.environ):
        if name.startswith(("ZLIG_", "XDG_")):
            monkeypatch.delenv(name)
    # Letters of several scripts, a space: what a home folder can be called.
    root = tmp_path / "Łódź 木"
    for name in ("bin", "project", "out"):
        (root / name).mkdir(parents=True)
    monkeypatch.setenv("PATH", str(root / "bin"))
    monkeypatch.setenv("ZLIG_CACHE_DIR", str(root / "cache"))
    monkeypatch.chdir(root / "project")
    # Packages installed beside the tests would count as found.
    monkeypatch.setattr(sys, "path", [entry for entry in sys.path if "site-packages" not in entry])
    return root


@pytest.fixture
def node(machine: Path) -> Path:
    """Put a good Node on the path."""
    return write_node(machine / "bin", "v24.1.0")


@pytest.fixture
def bundle(machine: Path, monkeypatch: pytest.MonkeyPatch) -> Core:
    """Put the fake core in the bundle's place."""
    fake = Core(machine / "bundle")
    monkeypatch.setattr(core, "BUNDLE", str(fake.folder))
    return fake


@pytest.fixture
def copy_package() -> Callable[[Path], Core]:
    """Copy the package into a folder, with the fake core as its bundle, for tests in processes of their own."""

    def copy(folder: Path) -> Core:
        shutil.copytree(SOURCE, folder / "zlig", ignore=shutil.ignore_patterns("_core", "__pycache__"))
        return Core(folder / "zlig" / "_core")

    return copy


@pytest.fixture
def python_process(
    machine: Path, copy_package: Callable[[Path], Core]
) -> tuple[Core, Callable[[str], Sequence[str]], dict[str, str]]:
    """Give a copied package with its fake core, the command line that runs code with it, and the environment."""
    fake = copy_package(machine / "lib")
    variables = {**os.environ, "PYTHONPATH": str(machine / "lib")}
    # Without site-packages: what is installed beside the tests would count as found.
    return fake, lambda code: [sys.executable, "-S", "-c", code], variables
