"""The console script."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from zlig import __main__

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from conftest import Core

    Process = tuple[Core, Callable[[str], Sequence[str]], dict[str, str]]


def _run(variables: dict[str, str], *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-S", "-m", "zlig", *arguments],
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        env=variables,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("code", [0, 1, 2, 3, 130, 7])
@pytest.mark.usefixtures("node")
def test_arguments_output_and_exit_code_pass_through(python_process: Process, code: int) -> None:
    fake, _, variables = python_process
    fake.say("build", "plain żółw text")
    fake.order(stderr="to stderr\n", exit=code)
    done = _run(variables, "build", "--define", "a b", "木", "")
    assert (done.returncode, done.stdout, done.stderr) == (code, "plain żółw text\n", "to stderr\n")
    (call,) = fake.calls
    assert call["argv"] == ["build", "--define", "a b", "木", ""]


@pytest.mark.usefixtures("node")
def test_the_core_learns_which_python_it_was_called_from(python_process: Process) -> None:
    fake, _, variables = python_process
    assert _run(variables, "info").returncode == 0
    (call,) = fake.calls
    assert call["environment"]["ZLIG_PYTHON_DEFAULT"] == sys.executable
    # Its stdin is the user's, not a sign of life.
    assert "ZLIG_WATCH_STDIN" not in call["environment"]


def test_without_node_the_command_says_so_in_one_message(python_process: Process) -> None:
    done = _run(python_process[2], "build")
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith("error[node-missing]: ")
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="Windows has no exec")
@pytest.mark.usefixtures("node")
def test_the_core_takes_the_place_of_the_process(python_process: Process) -> None:
    fake, _, variables = python_process
    fake.order(signal=signal.SIGTERM)
    assert _run(variables, "build").returncode == -signal.SIGTERM


@pytest.mark.parametrize("code", [0, 3])
def test_where_there_is_no_exec_the_exit_code_passes_through_too(code: int) -> None:
    command = [sys.executable, "-c", f"raise SystemExit({code})"]
    assert __main__._run(command, dict(os.environ)) == code  # noqa: SLF001


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_where_there_is_no_exec_ctrl_c_is_left_to_the_core() -> None:
    core = (
        "import os, signal; os.kill(os.getppid(), signal.SIGINT); import time; time.sleep(0.5); raise SystemExit(130)"
    )
    assert __main__._run([sys.executable, "-c", core], dict(os.environ)) == 130  # noqa: SLF001
