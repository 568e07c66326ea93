"""Makes strings of packaging standards, right and wrong ones, with what the Python package packaging makes of them.

Takes the seed of the random numbers and how many of each kind. Prints {"environment": {...}, "cases": [[kind, argument, ..., result], ...]};
a result of null stands for an error.
"""

import json
import random
import sys

from packaging.licenses import canonicalize_license_expression
from packaging.licenses._spdx import EXCEPTIONS, LICENSES
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.specifiers import Specifier, SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

pick = random.choice
licenses = sorted(entry["id"] for entry in LICENSES.values())
exceptions = sorted(entry["id"] for entry in EXCEPTIONS.values())
environment = {
    "implementation_name": "cpython",
    "implementation_version": "3.8.1",
    "os_name": "posix",
    "platform_machine": "x86_64",
    "platform_python_implementation": "CPython",
    "platform_release": "6.1.0-13-amd64",
    "platform_system": "Linux",
    "platform_version": "#1 SMP",
    "python_full_version": "3.10.0rc1",
    "python_version": "3.10",
    "sys_platform": "linux",
    "extra": "foo-bar",
}


def version():
    separators = ["", ".", "-", "_"]
    text = pick(["", "v", "V", " "]) + pick(["", "", "1!", "0!"])
    text += ".".join(str(pick([0, 1, 2, 10, "01", 20240101123456789012])) for _ in range(pick([1, 2, 3, 4])))
    if random.random() < 0.5:
        text += pick(separators) + pick(["a", "alpha", "b", "beta", "rc", "c", "pre", "preview", "RC", "x"])
        text += pick([*separators, "--"]) + pick(["", "0", "1", "007"])
    if random.random() < 0.5:
        text += pick(["-1", "-", pick(separators) + pick(["post", "rev", "r", "Post"]) + pick(["", ".", "-"]) + pick(["", "1"])])
    if random.random() < 0.4:
        text += pick(separators) + "dev" + pick(["", "1", ".2"])
    if random.random() < 0.4:
        text += pick(["+abc", "+1.2", "+1e5", "+ubuntu-1_0x10", "+A.b", "+"])
    return text + pick(["", " "])


def specifier():
    operator = pick(["==", "!=", ">=", "<=", ">", "<", "~=", "===", "=", "=>"])
    return operator + pick(["", " "]) + version().strip() + pick(["", "", "", ".*"])


def marker(depth=0):
    names = "python_version sys_platform os.name os_name platform_machine extra python_full_version implementation_version"
    variables = [*names.split(), "platform.python_implementation", "python_implementation", "platform_release"]
    values = ["'3.8'", '"win32"', "'a\\'b'", "'x\"y'", '"Foo_Bar"', "'3.8.*'", "'linux'", "'3.10'", "'3.8,>3'", "'a\\tb'", "'3.11.0rc1'"]
    operators = ["==", "!=", ">=", "<=", "<", ">", "~=", "===", "in", "not in", " not  in "]
    terms = []
    for _ in range(pick([1, 1, 2, 3])):
        if depth < 3 and random.random() < 0.25:
            terms.append(f"({marker(depth + 1)})")
        else:
            sides = [pick(variables), pick(values)]
            random.shuffle(sides)
            terms.append(f"{sides[0]} {pick(operators)} {sides[1]}")
    return terms[0] + "".join(pick([" and ", " or "]) + term for term in terms[1:])


def requirement():
    text = pick(["foo", "Foo.Bar", "a", "foo_bar-1", "-x", "x-", "", " foo"])
    text += pick(["", "", " ", "[a]", "[ b , A.c ]", "[]", "[a b]", "[a,"])
    if random.random() < 0.15:
        text += pick([" @ ", "@"]) + pick(["https://x.y/z.whl", "git+https://a/b@c#egg=d", "file:///a;b"]) + pick([" ", ""])
    else:
        versions = ",".join(specifier() for _ in range(pick([0, 0, 1, 1, 2, 3])))
        text += pick([versions, versions, " " + versions, f"({versions})"]) + pick(["", "", ",", " "])
    return text + (pick(["; ", ";", " ; "]) + marker() if random.random() < 0.4 else "")


def license_expression(depth=0):
    if depth < 3 and random.random() < 0.2:
        text = f"({license_expression(depth + 1)})"
    else:
        oddities = ["LicenseRef-Foo.1", "licenseref-X", "LicenseRef-a_b", "Unknown", "GPL-2.0+", "Apache 2.0", "LicenseRef-x+"]
        text = pick([pick(licenses), pick(licenses).lower(), pick(licenses).rstrip("+") + "+", "MIT", pick(oddities)])
        if random.random() < 0.2:
            text += pick([" WITH ", " with "]) + pick([pick(exceptions), pick(exceptions).upper(), "nope", "MIT"])
    for _ in range(pick([0, 0, 1, 2])):
        text += pick([" AND ", " or ", " OR ", " and ", " "]) + license_expression(3)
    return text + pick(["", "", "", "", ")", " AND", "("])


def attempt(function, *arguments):
    try:
        return function(*arguments)
    except Exception:  # every kind of refusal is one to the test
        return None


def main():
    random.seed(int(sys.argv[1]))
    count = int(sys.argv[2])
    cases = []
    versions = []
    for _ in range(count):
        text = version()
        cases.append(["version", text, attempt(lambda: str(Version(text)))])
        if cases[-1][-1] is not None:
            versions.append(text)
    for _ in range(count):
        left, right = Version(one := pick(versions)), Version(other := pick(versions))
        cases.append(["compare", one, other, (left > right) - (left < right)])
        name = "".join(random.choices("aB1._-", k=random.randint(1, 8)))
        cases.append(["name", name, attempt(canonicalize_name, name)])
        text = ",".join(specifier() for _ in range(pick([1, 1, 2, 3])))
        cases.append(["specifier set", text, attempt(lambda: str(SpecifierSet(text)))])
        clause = attempt(Specifier, specifier())
        if clause is not None:
            cases.append(["contains", str(clause), one, clause.contains(one, prereleases=True)])
        text = requirement()
        cases.append(["requirement", text, attempt(lambda: str(Requirement(text)))])
        text = marker()
        cases.append(["marker", text, attempt(lambda: str(Marker(text)))])
        cases.append(["evaluate", text, attempt(lambda: Marker(text).evaluate(environment))])
        text = license_expression()
        cases.append(["license", text, attempt(canonicalize_license_expression, text)])
    for license_id in licenses:
        cases.append(["license", license_id.lower(), license_id])
    for exception in exceptions:
        cases.append(["license", f"mit with {exception.lower()}", f"MIT WITH {exception}"])
    json.dump({"environment": environment, "cases": cases}, sys.stdout)


main()
