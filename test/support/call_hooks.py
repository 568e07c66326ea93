"""Calls the hooks of a project's build backend as front ends do, each in a process of its own.

python call_hooks.py PROJECT INTERPRETER FOLDER HOOK ...

A hook is `name`, or `name+metadata` for one that is given what its `prepare_metadata_for_*` made. Prints, as JSON, what each gave:
a list of requirements, or the path of what it wrote below FOLDER.
"""

import json
import os
import sys

from pyproject_hooks import BuildBackendHookCaller, quiet_subprocess_runner


def main():
    project, interpreter, folder, *hooks = sys.argv[1:]
    caller = BuildBackendHookCaller(project, "zlig", python_executable=interpreter, runner=quiet_subprocess_runner)
    results = {}
    for hook in hooks:
        name, _, more = hook.partition("+")
        if name.startswith("get_requires"):
            results[hook] = getattr(caller, name)()
            continue
        out = os.path.join(folder, hook)
        os.makedirs(out, exist_ok=True)
        arguments = {}
        if name.startswith("prepare"):
            # Without it the hook's caller would build a wheel to take the metadata from.
            arguments["_allow_fallback"] = False
        if more == "metadata":
            prepared = "prepare_metadata_for_" + name
            arguments["metadata_directory"] = results[prepared]
        results[hook] = os.path.join(out, getattr(caller, name)(out, **arguments))
    print(json.dumps(results))


main()
