"""Prints, as JSON, what a build of extension modules must know of this interpreter. Runs isolated (-I), imports nothing of the project."""

import json
import os
import struct
import sys
import sysconfig


def ziglang():
    """The zig executable of the ziglang package in this environment, found without importing it."""
    import importlib.util
    import site

    folders = []
    spec = importlib.util.find_spec("ziglang")
    if spec is not None:
        folders += list(spec.submodule_search_locations or [])
    # Isolated mode hides the user's own packages; `pip install --user ziglang` puts it there.
    if getattr(site, "ENABLE_USER_SITE", None) is not None:
        folders.append(os.path.join(site.getusersitepackages(), "ziglang"))
    for folder in folders:
        path = os.path.join(folder, "zig.exe" if os.name == "nt" else "zig")
        if os.path.isfile(path):
            return path
    return None


def build_details():
    """PEP 739: what the interpreter says of itself in a file, from 3.14 on."""
    try:
        with open(os.path.join(sysconfig.get_path("stdlib"), "build-details.json"), encoding="utf-8") as file:
            return json.load(file)
    except (OSError, ValueError):
        return None


def glibc():
    """The version of the C library where it is glibc, else None."""
    try:
        name, version = os.confstr("CS_GNU_LIBC_VERSION").split()
        return version if name == "glibc" else None
    except (AttributeError, ValueError, OSError):
        return None


def main():
    variable = sysconfig.get_config_var
    includes = []
    for key in ("include", "platinclude"):
        path = sysconfig.get_path(key)
        if path and path not in includes:
            includes.append(path)
    # A virtual environment has no headers of its own; this is where its interpreter's are.
    config = sysconfig.get_config_h_filename()
    details = {
        "executable": sys.executable,
        "implementation": sys.implementation.name,
        "version": list(sys.version_info[:3]),
        "prerelease": "" if sys.version_info[3] == "final" else "%s%d" % (sys.version_info[3], sys.version_info[4]),
        "implementationVersion": list(sys.implementation.version[:3]),
        "extensionSuffix": variable("EXT_SUFFIX") or variable("SO"),
        "soabi": variable("SOABI"),
        "multiarch": getattr(sys.implementation, "_multiarch", "") or variable("MULTIARCH") or "",
        "freeThreaded": bool(variable("Py_GIL_DISABLED")),
        "debug": hasattr(sys, "gettotalrefcount"),
        "abiFlags": getattr(sys, "abiflags", ""),
        "platform": sysconfig.get_platform(),
        "bits": struct.calcsize("P") * 8,
        "glibc": glibc(),
        "includeDirs": includes,
        "configHeader": config,
        "basePrefix": sys.base_prefix,
        "installedBase": variable("installed_base") or sys.base_prefix,
        "ziglang": ziglang(),
        "buildDetails": build_details(),
    }
    # On a line of its own: what ran at the interpreter's start may have printed without an end.
    sys.stdout.flush()
    sys.stdout.buffer.write(("\n%s\n" % json.dumps(details)).encode("ascii"))


main()
