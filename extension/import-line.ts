/** The line of Python that imports a module by its dotted name. */
export function importLine(name: string): string {
  const dot = name.lastIndexOf(".");
  return dot === -1 ? `import ${name}` : `from ${name.slice(0, dot)} import ${name.slice(dot + 1)}`;
}
