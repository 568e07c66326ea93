"""Downloads sdists by name and version, through pip's own configuration, and unpacks them: building their metadata is not needed.

python fetch_sdists.py FOLDER NAME==VERSION ...

Each is unpacked to FOLDER/NAME-VERSION, links and all; one that is there already is left alone.
"""

import hashlib
import os
import shutil
import sys
import tarfile
import tempfile

from pip._internal.cli.main_parser import parse_command
from pip._internal.commands import create_command
from pip._vendor.packaging.version import Version


def find(finder, name, version):
    for candidate in finder.find_all_candidates(name):
        if candidate.link.filename.endswith(".tar.gz") and candidate.version == Version(version):
            return candidate.link
    raise SystemExit(f"the index has no sdist of {name} {version}")


def fetch(session, link, folder):
    response = session.get(link.url_without_fragment, headers={"Accept-Encoding": "identity"})
    response.raise_for_status()
    if hashlib.new(link.hash_name, response.content).hexdigest() != link.hash:
        raise SystemExit(f"{link.filename} does not have the hash that the index gives")
    scratch = tempfile.mkdtemp(dir=os.path.dirname(folder))
    archive = os.path.join(scratch, link.filename)
    with open(archive, "wb") as file:
        file.write(response.content)
    with tarfile.open(archive) as tar:
        tar.extractall(os.path.join(scratch, "content"), filter="data")
    (top,) = os.listdir(os.path.join(scratch, "content"))
    os.replace(os.path.join(scratch, "content", top), folder)
    shutil.rmtree(scratch)


def main():
    root, *pins = sys.argv[1:]
    os.makedirs(root, exist_ok=True)
    name, arguments = parse_command(["download", "--quiet", "placeholder"])
    command = create_command(name)
    options, _ = command.parse_args(arguments)
    with command.main_context():
        session = command.get_default_session(options)
        finder = command._build_package_finder(options, session)
        for pin in pins:
            project, version = pin.split("==")
            folder = os.path.join(root, f"{project}-{version}")
            if not os.path.isdir(folder):
                fetch(session, find(finder, project, version), folder)


main()
