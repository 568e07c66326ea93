import { isIdentifier } from "./identifier.ts";
import { isValidName } from "./name.ts";
import { PackagingSyntaxError } from "./packaging-syntax-error.ts";

/** Groups whose entry points installers turn into commands. */
export const scriptGroups = ["console_scripts", "gui_scripts"] as const;

/** Tells whether a string can name a group of entry points (entry points specification). */
export function isEntryPointGroup(group: string): boolean {
  return /^[\p{L}\p{N}_]+(?:\.[\p{L}\p{N}_]+)*$/u.test(group);
}

/** Tells what keeps a string from naming an entry point; a script's name is a file name as well. */
export function entryPointNameProblem(name: string, group: string): string | undefined {
  if (name === "") return "it is empty";
  if (name !== name.trim()) return "white space stands at its beginning or end";
  // eslint-disable-next-line no-control-regex -- they would break the lines of `entry_points.txt`
  if (/[\u0000-\u001f\u007f]/.test(name)) return "it has a control character or line break";
  if (name.includes("=")) return "`=` is not allowed";
  if (/^[[#;]/.test(name)) return `it begins with \`${name.charAt(0)}\``;
  const isScript = (scriptGroups as readonly string[]).includes(group);
  if (isScript && (/[/\\:*?"<>|]/.test(name) || /^\.+$/.test(name))) return "it cannot be the name of a file";
  return undefined;
}

/**
 * Checks an object reference, `module.name:object.attribute [extra]`, and writes it plainly.
 * @param needsObject whether the part behind the colon is required, as for scripts
 * @throws {PackagingSyntaxError}
 */
export function normalizeObjectReference(reference: string, needsObject: boolean): string {
  const match = /^([^[\]]*)(?:\[([^[\]]*)\])?$/.exec(reference.trim());
  const fail = (message: string): never => {
    throw new PackagingSyntaxError(message, 0, reference.length);
  };
  if (match === null) return fail("brackets may stand only at the end, around extras");
  const [, object = "", extras] = match;
  const [moduleName = "", attribute, ...others] = object.split(":").map((part) => part.trim());
  if (others.length > 0) return fail("there is more than one colon");
  if (needsObject && attribute === undefined) return fail("the function is missing: `module:function`");
  for (const part of `${moduleName}${attribute === undefined ? "" : `.${attribute}`}`.split(".")) {
    if (!isIdentifier(part))
      return fail(part === "" ? "a name is missing" : `${JSON.stringify(part)} is no Python name`);
  }
  const names = extras?.split(",").map((extra) => extra.trim()) ?? [];
  const wrong = names.find((extra) => !isValidName(extra));
  if (wrong !== undefined) return fail(`${JSON.stringify(wrong)} cannot name an extra`);
  return `${moduleName}${attribute === undefined ? "" : `:${attribute}`}${names.length === 0 ? "" : ` [${names.join(",")}]`}`;
}
