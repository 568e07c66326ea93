import type { ManifestPath, TomlValue } from "../manifest/manifest.ts";
import type { FieldReader } from "./field-reader.ts";
import type { Readme } from "./metadata.ts";
import { plainPath, readTextFile } from "./text-file.ts";

const field: ManifestPath = ["project", "readme"];

const contentTypes: Readonly<Record<string, string>> = {
  md: "text/markdown",
  rst: "text/x-rst",
  txt: "text/plain",
};

const tableHint = 'Write `readme = { file = "…", content-type = "text/markdown" }`, or `text/x-rst` or `text/plain`.';

/** Checks a content type against what core metadata allows for `Description-Content-Type`. */
function checkContentType(reader: FieldReader, contentType: string, path: ManifestPath): boolean {
  const [type = "", ...parameters] = contentType.split(";").map((part) => part.trim());
  if (!Object.values(contentTypes).includes(type.toLowerCase())) {
    reader.report(path, `A readme cannot have the content type ${JSON.stringify(type)}`, {
      hint: "Use `text/markdown`, `text/x-rst` or `text/plain`.",
    });
    return false;
  }
  for (const parameter of parameters) {
    const [name = "", value = ""] = parameter.split("=").map((part) => part.trim().toLowerCase());
    const plain = value.replace(/^"(.*)"$/, "$1");
    const allowed =
      name === "charset"
        ? ["utf-8", "utf8"]
        : name === "variant" && type.toLowerCase() === "text/markdown"
          ? ["gfm", "commonmark"]
          : [];
    if (!allowed.includes(plain)) {
      reader.report(path, `The content type of a readme cannot have the parameter ${JSON.stringify(parameter)}`, {
        hint: "Allowed are `charset=UTF-8` and, for Markdown, `variant=GFM` or `variant=CommonMark`.",
      });
      return false;
    }
  }
  return true;
}

async function readFile(
  reader: FieldReader,
  root: string,
  file: string,
  path: ManifestPath,
  contentType: string,
): Promise<Readme | undefined> {
  const text = await readTextFile(reader, root, file, path);
  return text === undefined ? undefined : { text, contentType, file: plainPath(file) };
}

/** Reads `readme`: a path whose suffix gives the content type, or a table of `file` or `text` with `content-type`. */
export async function readReadme(
  reader: FieldReader,
  root: string,
  value: TomlValue | undefined,
): Promise<Readme | undefined> {
  if (value === undefined) return undefined;
  if (typeof value === "string") {
    const contentType = contentTypes[/\.([^./]*)$/.exec(value)?.[1]?.toLowerCase() ?? ""];
    if (contentType !== undefined) return readFile(reader, root, value, field, contentType);
    reader.report(field, `The content type of ${JSON.stringify(value)} cannot be told by its suffix`, {
      hint: tableHint,
    });
    return undefined;
  }
  const table = reader.table(value, field);
  if (table === undefined) return undefined;
  reader.refuseOtherKeys(table, field, ["file", "text", "content-type"]);
  const typePath = [...field, "content-type"];
  const contentType = reader.line(table["content-type"], typePath);
  if (table["content-type"] === undefined) {
    reader.report(field, "`project.readme` needs the key `content-type`", { code: "missing-key", hint: tableHint });
  }
  if ("file" in table === "text" in table) {
    reader.report(field, "`project.readme` needs either `file` or `text`", { hint: tableHint });
    return undefined;
  }
  if (contentType === undefined || !checkContentType(reader, contentType, typePath)) return undefined;
  const file = reader.line(table["file"], [...field, "file"]);
  if (file !== undefined) return readFile(reader, root, file, [...field, "file"], contentType);
  const text = reader.string(table["text"], [...field, "text"]);
  return text === undefined ? undefined : { text: text.replace(/\r\n?/g, "\n"), contentType };
}
