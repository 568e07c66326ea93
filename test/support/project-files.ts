import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Writes files below a folder. */
export function writeFiles(root: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

/** The beginning of a manifest that has nothing wrong. */
export const manifestHead = `[build-system]
requires = ["zlig"]
build-backend = "zlig"

[project]
name = "demo"
version = "1.0"

`;

/** A C source that defines a module with a function \`value\`. */
export function cModule(name: string, value: string, before = ""): string {
  return `#include <Python.h>
${before}
static PyObject *value(PyObject *self, PyObject *args)
{
    (void)self, (void)args;
    return PyLong_FromLong(${value});
}
static PyMethodDef methods[] = {{"value", value, METH_NOARGS, 0}, {0, 0, 0, 0}};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "${name}", 0, 0, methods, 0, 0, 0, 0};
PyMODINIT_FUNC PyInit_${name}(void) { return PyModuleDef_Init(&definition); }
`;
}

/** The files of a project with the package \`demo\` and one C extension for each name. */
export function demoFiles(...names: readonly string[]): Record<string, string> {
  const extensions = names.map((name) => `{ name = "demo.${name}", sources = ["demo/${name}.c"] }`).join(",\n  ");
  return {
    "pyproject.toml": `${manifestHead}[tool.zlig]\nextensions = [\n  ${extensions},\n]\n`,
    "demo/__init__.py": '"""Demo."""\n',
    ...Object.fromEntries(names.map((name) => [`demo/${name}.c`, cModule(name, "1")])),
  };
}
