import type { TreeNode } from "./tree.ts";
import { makeFolder, makeTree } from "./tree.ts";

/** The C source of a module that has one function, `value()`, whose result is a C expression. */
export function moduleSource(name: string, expression = "42", before = ""): string {
  return `#include <Python.h>
${before}
static PyObject *value(PyObject *self, PyObject *none) { return PyLong_FromLong(${expression}); }
static PyMethodDef methods[] = {{"value", value, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "${name}", NULL, 0, methods, NULL, NULL, NULL, NULL};
PyMODINIT_FUNC PyInit_${name}(void) { return PyModuleDef_Init(&definition); }
`;
}

/** The text of a `pyproject.toml` with the given lines for Zlig. */
export function manifestText(...zlig: readonly string[]): string {
  return [
    "[build-system]",
    'requires = ["zlig"]',
    'build-backend = "zlig"',
    "",
    "[project]",
    'name = "demo"',
    'version = "1.0"',
    "",
    "[tool.zlig]",
    ...zlig,
    "",
  ].join("\n");
}

/** The smallest project: the module `demo.demo` of one C source. */
export const demoFiles: Readonly<Record<string, TreeNode>> = {
  "pyproject.toml": manifestText('extensions = [{ name = "demo.demo", sources = ["src/demo/*.c"] }]'),
  "src/demo/__init__.py": "from .demo import value\n",
  "src/demo/demo.c": moduleSource("demo"),
};

/** Makes the smallest project, with files added or replaced. Gives its folder, which goes when the test ends. */
export function makeDemo(files: Readonly<Record<string, TreeNode>> = {}, root = makeFolder()): string {
  return makeTree({ ...demoFiles, ...files }, root);
}

/** A project whose first build takes a while: one module of many sources, whose `value()` is the number of the parts. */
export function slowFiles(parts: number): Record<string, TreeNode> {
  const numbers = Array.from({ length: parts }, (_, index) => index);
  const files: Record<string, TreeNode> = { ...demoFiles };
  for (const number of numbers)
    files[`src/demo/part${number}.c`] = `#include <Python.h>\nint part${number}(void) { return 1; }\n`;
  files["src/demo/demo.c"] = moduleSource(
    "demo",
    numbers.map((number) => `part${number}()`).join(" + "),
    numbers.map((number) => `int part${number}(void);`).join("\n"),
  );
  return files;
}
