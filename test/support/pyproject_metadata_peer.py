"""Renders core metadata of projects with the Python package pyproject-metadata.

Reads a JSON array of project folders from standard input, and prints an array of {"metadata": text} or {"error": text}. Dynamic fields are
left out, and an absent version is 1.0, as the test does it on Zlig's side. The package refuses licence classifiers beside a licence
expression: they are disguised while it works, and "disguised" is true then.
"""

import json
import pathlib
import sys
import tomllib
import warnings

import packaging.licenses
import pyproject_metadata


def render(folder):
    root = pathlib.Path(folder)
    data = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    project = {"version": "1.0", **data["project"]}
    project.pop("dynamic", None)
    classifiers = project.get("classifiers", [])
    disguised = isinstance(project.get("license"), str) and any(c.startswith("License ::") for c in classifiers)
    if disguised:
        project["classifiers"] = [c.replace("License ::", "Licence ::") for c in classifiers]
    metadata = pyproject_metadata.StandardMetadata.from_pyproject({"project": project}, root, allow_extra_keys=False)
    if isinstance(metadata.license, str):
        # The package leaves this to build backends.
        metadata.license = packaging.licenses.canonicalize_license_expression(metadata.license)
    text = bytes(metadata.as_rfc822()).decode()
    return {"metadata": text.replace("Classifier: Licence ::", "Classifier: License ::"), "disguised": disguised}


def attempt(folder):
    try:
        return render(folder)
    except (pyproject_metadata.ConfigurationError, ValueError) as error:
        return {"error": str(error)}


warnings.simplefilter("ignore")
json.dump([attempt(folder) for folder in json.load(sys.stdin)], sys.stdout)
