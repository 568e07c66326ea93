"""The command `zlig`, also as `python -m zlig`: the core, with the terminal to itself."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys

from . import core, node


def main() -> int:
    """Run the core with this process's arguments and return its exit code."""
    try:
        entry = core.entry()
        command = [node.require().path, entry, *sys.argv[1:]]
        variables = core.environment(ZLIG_PYTHON_DEFAULT=core.interpreter())
    except KeyboardInterrupt:
        return 130
    sys.stdout.flush()
    sys.stderr.flush()
    if os.name == "posix":
        # In place of this process: signals, job control and the process tree are those of a single program.
        os.execve(command[0], command, variables)
    return _run(command, variables)


def _run(command: list[str], variables: dict[str, str]) -> int:
    with subprocess.Popen(command, env=variables) as process:
        code = None
        while code is None:
            # On Ctrl-C the console has told the core as well; it ends by itself.
            with contextlib.suppress(KeyboardInterrupt):
                code = process.wait()
    return code


if __name__ == "__main__":
    sys.exit(main())
