"""Running the core: arguments, events, exit codes, cancelling."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest
from conftest import write_package

from zlig import core

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from conftest import Core

    Process = tuple[Core, Callable[[str], Sequence[str]], dict[str, str]]

BUILD = "import zlig; print(zlig.build_wheel('out'))"
posix = pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")


@pytest.mark.usefixtures("node")
def test_the_last_event_of_the_kind_is_the_answer(bundle: Core) -> None:
    bundle.say("wheel", {"event": "progress"}, {"event": "result", "name": "a"}, {"event": "result", "name": "żółw"})
    assert core.answer("wheel", ["--x", "木 y"], None, event="result") == {"event": "result", "name": "żółw"}
    (call,) = bundle.calls
    assert call["argv"] == ["wheel", "--project", os.getcwd(), "--x", "木 y", "--json"]
    assert call["environment"]["ZLIG_WATCH_STDIN"] == "1"


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (None, []),
        ({}, []),
        ({"jobs": "2"}, ["jobs=2"]),
        ({"--jobs": "2", "no_cache": ""}, ["jobs=2", "no_cache"]),
        ({"verbose": True, "quiet": False, "python": None}, ["verbose"]),
        ({"target": ["a", "b=c", ""]}, ["target=a", "target=b=c", "target"]),
        ({"jobs": 2, "x": {"y": [1]}}, ["jobs=2", 'x={"y": [1]}']),
        ({"define": "--x=ß y"}, ["define=--x=ß y"]),
    ],
)
def test_config_settings_become_options(settings: dict[str, object] | None, expected: list[str]) -> None:
    arguments = list(core.settings_arguments(settings))
    assert arguments[::2] == ["--config-setting"] * len(expected)
    assert arguments[1::2] == expected


@pytest.mark.parametrize("code", [1, 2, 3, 130])
@pytest.mark.usefixtures("node")
def test_a_core_that_has_spoken_ends_the_hook_with_its_exit_code_and_no_word_more(
    bundle: Core, capfd: pytest.CaptureFixture[str], code: int
) -> None:
    bundle.order(stderr="error[compile-failed]: żle\n", exit=code)
    with pytest.raises(SystemExit) as ended:
        core.answer("wheel", [], None, event="result")
    assert ended.value.code == code
    assert capfd.readouterr() == ("", "error[compile-failed]: żle\n")


@pytest.mark.parametrize(
    "lines",
    [
        ["{"],
        ["[1]"],
        ["null"],
        ["(node:1) Warning"],
        ['{"event": "progress"}', ""],
    ],
)
@pytest.mark.usefixtures("node")
def test_output_that_is_no_event_is_an_internal_error(
    bundle: Core, capfd: pytest.CaptureFixture[str], lines: list[str]
) -> None:
    bundle.say("wheel", *lines)
    with pytest.raises(SystemExit) as ended:
        core.answer("wheel", [], None, event="result")
    assert ended.value.code == 3
    error = capfd.readouterr().err
    assert "error[internal]: Zlig itself failed: the core wrote what is not an event" in error
    assert error.count("\n") == 2


@pytest.mark.usefixtures("node")
def test_a_good_end_without_the_answer_is_an_internal_error(bundle: Core, capfd: pytest.CaptureFixture[str]) -> None:
    bundle.say("wheel", {"event": "progress"})
    with pytest.raises(SystemExit) as ended:
        core.answer("wheel", [], None, event="result")
    assert ended.value.code == 3
    assert "the core's `wheel` gave no `result`" in capfd.readouterr().err


@pytest.mark.parametrize("value", [None, 1, ["a"]])
def test_a_field_of_another_type_is_an_internal_error(capfd: pytest.CaptureFixture[str], value: object) -> None:
    with pytest.raises(SystemExit):
        core.field({"event": "result", "name": value}, "name", str)
    assert "the core's `result` has no proper `name`" in capfd.readouterr().err


@posix
@pytest.mark.usefixtures("node")
def test_a_core_that_was_killed_is_named_with_the_signal(bundle: Core, capfd: pytest.CaptureFixture[str]) -> None:
    bundle.order(signal=signal.Signals["SIGKILL"])
    with pytest.raises(SystemExit) as ended:
        core.answer("wheel", [], None, event="result")
    assert ended.value.code == 3
    assert "The build core ended unexpectedly: signal SIGKILL." in capfd.readouterr().err


@pytest.mark.usefixtures("node")
def test_an_exit_code_that_is_not_the_cores_is_named(bundle: Core, capfd: pytest.CaptureFixture[str]) -> None:
    bundle.order(exit=134)
    with pytest.raises(SystemExit) as ended:
        core.answer("wheel", [], None, event="result")
    assert ended.value.code == 3
    assert "The build core ended unexpectedly: exit code 134." in capfd.readouterr().err


@pytest.mark.usefixtures("node")
def test_a_checkout_that_was_not_built_says_how_to_build_it(
    machine: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(core, "BUNDLE", str(machine / "none"))
    with pytest.raises(SystemExit) as ended:
        core.answer("wheel", [], None, event="result")
    assert ended.value.code == 3
    error = capfd.readouterr().err
    assert error.startswith("error[core-missing]: ")
    assert "npm ci && npm run build" in error


def test_the_core_is_told_of_ziglang_only_when_this_interpreter_has_it(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZLIG_ZIGLANG", "of an outer run")
    assert "ZLIG_ZIGLANG" not in core.environment()
    zig = write_package(machine / "lib", "ziglang", "zig")
    monkeypatch.syspath_prepend(str(machine / "lib"))
    assert core.environment()["ZLIG_ZIGLANG"] == str(zig)
    assert "ziglang" not in sys.modules


def test_an_interpreter_without_a_path_is_an_error(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "executable", "")
    with pytest.raises(SystemExit):
        core.interpreter()
    assert "error[python-missing]" in capfd.readouterr().err


@pytest.mark.usefixtures("node")
def test_more_output_than_a_pipe_holds_is_read(bundle: Core) -> None:
    bundle.say("wheel", *[{"event": "log", "text": "x" * 1000}] * 500, {"event": "result", "name": "n"})
    assert core.answer("wheel", [], None, event="result")["name"] == "n"


def _begin(process: Process) -> subprocess.Popen[str]:
    fake, command, variables = process
    hook = subprocess.Popen(
        command(BUILD),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env=variables,
        start_new_session=True,
    )
    _wait(lambda: fake.noted("started"))
    return hook


def _wait(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


@posix
@pytest.mark.usefixtures("node")
def test_ctrl_c_ends_hook_and_core_once_and_without_a_traceback(python_process: Process) -> None:
    fake = python_process[0]
    fake.order(wait="stdin")
    hook = _begin(python_process)
    os.killpg(hook.pid, signal.SIGINT)
    assert hook.communicate(timeout=60) == ("", "")
    assert hook.returncode == 130
    assert fake.noted("interrupted")


@posix
@pytest.mark.usefixtures("node")
def test_an_interrupt_of_the_hook_alone_reaches_the_core(python_process: Process) -> None:
    fake = python_process[0]
    fake.order(wait="stdin")
    hook = _begin(python_process)
    os.kill(hook.pid, signal.SIGINT)
    assert hook.communicate(timeout=60) == ("", "")
    assert hook.returncode == 130
    assert fake.noted("cancelled")
    assert not fake.noted("interrupted")


@posix
@pytest.mark.parametrize("name", ["SIGTERM", "SIGKILL"])
@pytest.mark.usefixtures("node")
def test_the_core_does_not_outlive_a_killed_hook(python_process: Process, name: str) -> None:
    fake = python_process[0]
    fake.order(wait="stdin")
    hook = _begin(python_process)
    os.kill(hook.pid, signal.Signals[name])
    hook.communicate(timeout=60)
    _wait(lambda: fake.noted("cancelled"))


@posix
@pytest.mark.usefixtures("node")
def test_a_core_that_will_not_stop_is_killed(bundle: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    bundle.order(wait="deaf")
    monkeypatch.setattr(core, "PATIENCE", 0.2)

    def interrupt(*_: Any) -> None:  # noqa: ANN401
        _wait(lambda: bundle.noted("started"))
        raise KeyboardInterrupt

    monkeypatch.setattr(core, "_last", interrupt)
    before = time.monotonic()
    with pytest.raises(SystemExit) as ended:
        core.answer("wheel", [], None, event="result")
    assert ended.value.code == 130
    assert time.monotonic() - before < 60


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
@pytest.mark.usefixtures("node")
def test_events_are_utf_8_whatever_the_machines_code_page(python_process: Process, encoding: str) -> None:
    fake, command, variables = python_process
    fake.say("wheel", {"event": "result", "name": "żółw-1-py3-none-any.whl"})
    variables = {**variables, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0", "LC_ALL": "C"}
    code = "import zlig; print(ascii(zlig.build_wheel('out')))"
    done = subprocess.run(command(code), capture_output=True, encoding="utf-8", env=variables, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == ascii("żółw-1-py3-none-any.whl") + "\n"
