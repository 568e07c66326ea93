import type { TomlValue } from "../manifest/manifest.ts";
import type { FieldReader } from "./field-reader.ts";
import { fieldName } from "./field-reader.ts";
import type { Person } from "./metadata.ts";

/** Reads `authors` or `maintainers`: tables of a name, an e-mail address or both. */
export function readPeople(
  reader: FieldReader,
  value: TomlValue | undefined,
  key: "authors" | "maintainers",
): readonly Person[] {
  return (reader.array(value, ["project", key]) ?? []).flatMap((element, index) => {
    const path = ["project", key, index];
    const table = reader.table(element, path);
    if (table === undefined) return [];
    reader.refuseOtherKeys(table, path, ["name", "email"]);
    const name = reader.line(table["name"], [...path, "name"]);
    const email = reader.line(table["email"], [...path, "email"]);
    if (!("name" in table) && !("email" in table)) {
      reader.report(path, `\`${fieldName(path)}\` needs a \`name\`, an \`email\` or both`);
    }
    if (email !== undefined && !/^[^\s@<>,;"]+@[^\s@<>,;"]+$/.test(email)) {
      reader.report([...path, "email"], `${JSON.stringify(email)} is not an e-mail address`, {
        hint: "Leave `email` out if there is none.",
      });
    }
    return name === undefined && email === undefined
      ? []
      : [{ ...(name === undefined ? {} : { name }), ...(email === undefined ? {} : { email }) }];
  });
}
