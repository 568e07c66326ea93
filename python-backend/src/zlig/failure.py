"""How the Python side ends when it cannot go on: one message, an exit code, no traceback."""

from __future__ import annotations

import sys
from typing import Literal, NoReturn

# Each has its section in the list of error codes, like the core's own.
Code = Literal["core-missing", "internal", "node-missing", "python-missing"]


def fail(code: Code, message: str, hint: str) -> NoReturn:
    """Print an error in the core's form and end with exit code 3, the environment's fault.

    An installer shows the traceback of any exception that leaves a hook; it shows none for `SystemExit`.
    """
    sys.stderr.write(f"error[{code}]: {message}\n  hint: {hint}\n")
    sys.stderr.flush()
    raise SystemExit(3)
