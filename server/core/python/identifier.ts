const identifier = /^[\p{XID_Start}_]\p{XID_Continue}*$/u;

const keywords = new Set(
  (
    "False None True and as assert async await break class continue def del elif else except finally for from global if " +
    "import in is lambda nonlocal not or pass raise return try while with yield"
  ).split(" "),
);

/** Tells whether Python's `str.isidentifier` holds: keywords count as well. */
export function isIdentifier(text: string): boolean {
  return identifier.test(text.normalize("NFKC"));
}

/** Tells whether a word is a keyword of Python 3, so that nothing can be named by it. */
export function isKeyword(word: string): boolean {
  return keywords.has(word);
}

/** Tells whether a string is identifiers joined by dots, none of them a keyword: a name that `import` takes. */
export function isImportName(text: string): boolean {
  return text.split(".").every((part) => isIdentifier(part) && !isKeyword(part));
}
