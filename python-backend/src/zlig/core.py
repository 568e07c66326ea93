"""The build core, a bundle that Node runs: starting it, reading its events, ending with its exit code."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, NoReturn, TypeVar

from . import node, zig
from .failure import fail

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

Event = dict[str, object]
T = TypeVar("T")

BUNDLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "_core")
# What a core that was told to stop may take to tidy up.
PATIENCE = 10.0
# 0 done, 1 the project's fault, 2 wrong usage, 3 the environment's fault, 130 cancelled.
_SPOKEN = {1, 2, 3, 130}


def entry() -> str:
    """Return the file that Node is to run; end the run when it was never built, as in a plain checkout."""
    path = os.path.join(BUNDLE, "zlig.js")
    if not os.path.isfile(path):
        fail(
            "core-missing",
            f"The build core is not in this copy of Zlig ({path}).",
            "Run `npm ci && npm run build` in Zlig's repository, or install a released `zlig`.",
        )
    return path


def interpreter() -> str:
    """Return the running interpreter, which is the one that the installer builds for."""
    if not sys.executable:
        fail("python-missing", "This Python does not know its own executable.", "Run the build from a real `python`.")
    return sys.executable


def environment(**more: str) -> dict[str, str]:
    """Return the core's environment: this one, the `ziglang` beside Zlig, and `more`."""
    variables = {**os.environ, **more}
    # What an outer run has set speaks of another interpreter.
    variables.pop("ZLIG_ZIGLANG", None)
    ziglang = zig.ziglang()
    if ziglang is not None:
        variables["ZLIG_ZIGLANG"] = ziglang
    return variables


def settings_arguments(settings: Mapping[str, object] | None) -> Iterator[str]:
    """Yield PEP 517's `config_settings` as options of the core, which knows their names.

    A value is text, `True`, or a list of either; JSON (`python -m build --config-json`) may also bring numbers, and
    `False` or `None` for an option that is off.
    """
    for key, value in (settings or {}).items():
        for one in value if isinstance(value, (list, tuple)) else [value]:
            if one is None or one is False:
                continue
            text = one if isinstance(one, str) else json.dumps(one)
            # Leading dashes, as in `--config-settings=--jobs=2`, would make the value look like an option.
            name = key.lstrip("-")
            yield "--config-setting"
            yield name if one is True or text == "" else f"{name}={text}"


def answer(
    command: str,
    arguments: Sequence[str],
    settings: Mapping[str, object] | None,
    *,
    event: str,
    runtime: node.Node | None = None,
) -> Event:
    """Run a command of the core on the project in the current folder and return its last event of kind `event`.

    The core's text goes straight to stderr. A core that fails has said why, so the run ends with its exit code and no
    further word.
    """
    core = entry()
    command_line = [
        (runtime or node.require()).path,
        core,
        command,
        *("--project", os.getcwd()),
        *arguments,
        "--json",
        *settings_arguments(settings),
    ]
    # The core stops when its stdin ends: so it does not outlive a hook that is killed.
    with subprocess.Popen(
        command_line,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment(ZLIG_WATCH_STDIN="1"),
    ) as process:
        try:
            found = _last(event, process.stdout or ())
            # stdin stays open until the core has ended by itself.
            code = process.wait()
        except KeyboardInterrupt:
            _stop(process)
            raise SystemExit(130) from None
        except BaseException:
            _stop(process)
            raise
    if code in _SPOKEN or code == -signal.SIGINT:
        raise SystemExit(code if code > 0 else 130)
    if code != 0:
        fail(
            "internal",
            f"The build core ended unexpectedly: {_reason(code)}.",
            "Look at what was printed before; when memory is short, build with `--config-settings=jobs=1`.",
        )
    if found is None:
        _report(f"the core's `{command}` gave no `{event}`")
    return found


def field(event: Event, name: str, kind: type[T]) -> T:
    """Return a field of an event, which must be of a type."""
    value = event.get(name)
    if not isinstance(value, kind):
        _report(f"the core's `{event.get('event')}` has no proper `{name}`")
    return value


def _last(kind: str, lines: Iterable[bytes]) -> Event | None:
    found: Event | None = None
    for line in lines:
        try:
            # UTF-8 by agreement: never the code page of the machine.
            event = json.loads(line.decode("utf-8"))
        except ValueError:
            event = None
        if not isinstance(event, dict):
            _report(f"the core wrote what is not an event: {line[:200]!r}")
        if event.get("event") == kind:
            found = event
    return found


def _stop(process: subprocess.Popen[bytes]) -> None:
    # The end of its stdin tells the core to cancel. No signal on top: after Ctrl-C it has had one, and a second would
    # keep it from tidying up. Its output is read on, lest it hangs on a full pipe.
    try:
        process.communicate(timeout=PATIENCE)
    except (KeyboardInterrupt, subprocess.TimeoutExpired):
        process.kill()
        process.communicate()


def _reason(code: int) -> str:
    if code < 0:
        try:
            return f"signal {signal.Signals(-code).name}"
        except ValueError:
            return f"signal {-code}"
    return f"exit code {code}"


def _report(problem: str) -> NoReturn:
    fail("internal", f"Zlig itself failed: {problem}.", "Please report it with the output of `zlig info`.")
