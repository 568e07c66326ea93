import { initFunctionNames } from "../core/python/init-function.ts";

/** The languages that a new module can be written in. */
export type StubLanguage = "c" | "c++" | "zig";

/** The suffix of a new source. */
export const stubSuffix: Readonly<Record<StubLanguage, string>> = { c: ".c", "c++": ".cpp", zig: ".zig" };

function cModule(name: string, init: string, cpp: boolean): string {
  const linkage = cpp ? "nullptr" : "NULL";
  return `
static PyMethodDef module_methods[] = {
    {${linkage}, ${linkage}, 0, ${linkage}},
};

static struct PyModuleDef module_definition = {
    PyModuleDef_HEAD_INIT, "${name}", ${linkage}, 0, module_methods, ${linkage}, ${linkage}, ${linkage}, ${linkage},
};

PyMODINIT_FUNC
${init}(void)
{
    return PyModuleDef_Init(&module_definition);
}
`;
}

const include = "#define PY_SSIZE_T_CLEAN\n#include <Python.h>\n";

/**
 * The definition of a module to add to a source, with what it needs of headers; `undefined` for a language that has no stub.
 * @param text what the source holds already
 */
export function moduleStub(name: string, path: string, text: string): string | undefined {
  const [, init] = initFunctionNames(name);
  const cpp = /\.(?:cc|cpp|cxx|C)$/.test(path);
  if (!cpp && !path.endsWith(".c")) return undefined;
  const gap = text === "" || text.endsWith("\n") ? "" : "\n";
  const header = /#\s*include\s*[<"]Python\.h[>"]/.test(text) ? "" : `${text === "" ? "" : "\n"}${include}`;
  return gap + header + cModule(name, init, cpp);
}

/** The whole text of a new source that compiles and imports: one function, `add`, to begin with. */
export function newModule(name: string, language: StubLanguage): string {
  const [, init] = initFunctionNames(name);
  return language === "zig" ? zigModule(name, init) : functionModule(name, init, language === "c++");
}

function functionModule(name: string, init: string, cpp: boolean): string {
  const nothing = cpp ? "nullptr" : "NULL";
  return `${include}
static PyObject *
add(PyObject *self, PyObject *args)
{
    long a, b;
    (void)self;
    if (!PyArg_ParseTuple(args, "ll", &a, &b))
        return ${nothing};
    return PyLong_FromLong(a + b);
}

static PyMethodDef module_methods[] = {
    {"add", add, METH_VARARGS, "add(a, b)\\n--\\n\\nThe sum of two integers."},
    {${nothing}, ${nothing}, 0, ${nothing}},
};

static struct PyModuleDef module_definition = {
    PyModuleDef_HEAD_INIT, "${name}", ${nothing}, 0, module_methods, ${nothing}, ${nothing}, ${nothing}, ${nothing},
};

PyMODINIT_FUNC
${init}(void)
{
    return PyModuleDef_Init(&module_definition);
}
`;
}

function zigModule(name: string, init: string): string {
  return `const c = @cImport({
    @cDefine("PY_SSIZE_T_CLEAN", {});
    @cInclude("Python.h");
});

fn add(self: ?*c.PyObject, args: ?*c.PyObject) callconv(.c) ?*c.PyObject {
    _ = self;
    var a: c_long = undefined;
    var b: c_long = undefined;
    if (c.PyArg_ParseTuple(args, "ll", &a, &b) == 0) return null;
    return c.PyLong_FromLong(a + b);
}

var methods = [_]c.PyMethodDef{
    .{ .ml_name = "add", .ml_meth = add, .ml_flags = c.METH_VARARGS, .ml_doc = "add(a, b)\\n--\\n\\nThe sum of two integers." },
    .{ .ml_name = null, .ml_meth = null, .ml_flags = 0, .ml_doc = null },
};

var definition = c.PyModuleDef{
    .m_name = "${name}",
    .m_methods = &methods,
};

export fn ${init}() ?*c.PyObject {
    return c.PyModuleDef_Init(&definition);
}
`;
}
