import { describe, expect, test } from "vitest";
import { ZligError } from "../../../server/core/error.ts";
import { renderMetadata } from "../../../server/core/package/core-metadata.ts";
import type { ProjectMetadata } from "../../../server/core/project/metadata.ts";

const minimal: ProjectMetadata = {
  name: "Demo",
  version: "1.0",
  authors: [],
  maintainers: [],
  keywords: [],
  classifiers: [],
  urls: {},
  dependencies: [],
  optionalDependencies: {},
  entryPoints: {},
  dynamic: [],
};

function versionOf(text: string): string | undefined {
  return /^Metadata-Version: (.*)$/m.exec(text)?.[1];
}

describe("core metadata", () => {
  test("has all fields in their order", () => {
    const text = renderMetadata({
      ...minimal,
      description: "Summary",
      readme: { text: "Long\r\ntext\n", contentType: "text/plain" },
      requiresPython: ">=3.9",
      licenseExpression: "MIT",
      licenseFiles: ["LICENSE", "a/NOTICE"],
      authors: [{ name: "A" }, { name: "B, C", email: "b@x.org" }, { email: "c@x.org" }, { name: "D" }],
      maintainers: [{ name: "M", email: "m@x.org" }],
      keywords: ["one", "two"],
      classifiers: ["Private :: Do Not Upload"],
      urls: { Home: "https://x.y/" },
      dependencies: ["b>=1"],
      optionalDependencies: { none: [], some: ["c", 'd; os_name == "nt" or os_name == "java"', "e @ https://x.y/e"] },
      importNames: ["demo"],
      importNamespaces: ["ns"],
    });
    expect(text).toBe(`Metadata-Version: 2.5
Name: Demo
Version: 1.0
Summary: Summary
Keywords: one,two
Author: A, D
Author-Email: "B, C" <b@x.org>, c@x.org
Maintainer-Email: M <m@x.org>
License-Expression: MIT
License-File: LICENSE
License-File: a/NOTICE
Classifier: Private :: Do Not Upload
Project-URL: Home, https://x.y/
Requires-Python: >=3.9
Requires-Dist: b>=1
Provides-Extra: none
Provides-Extra: some
Requires-Dist: c; extra == "some"
Requires-Dist: d; (os_name == "nt" or os_name == "java") and extra == "some"
Requires-Dist: e @ https://x.y/e ; extra == "some"
Description-Content-Type: text/plain
Import-Name: demo
Import-Namespace: ns

Long
text
`);
  });

  test("indents further lines of a value below the first, and lets none pass as a header", () => {
    const text = renderMetadata({ ...minimal, licenseText: "one\n\ntwo\rName: other" });
    expect(text).toContain("\nLicense: one\n         \n         two\n         Name: other\n\n");
  });

  test.for([
    ["nothing special", {}, "2.1"],
    ["a licence text", { licenseText: "x" }, "2.1"],
    ["an expression", { licenseExpression: "MIT" }, "2.4"],
    ["no licence files, explicitly", { licenseFiles: [] }, "2.4"],
    ["no import names", { importNames: [] }, "2.5"],
    ["namespaces", { importNamespaces: ["a"] }, "2.5"],
  ] as const)("with %s has the lowest version that will do", ([, fields, version]) => {
    expect(versionOf(renderMetadata({ ...minimal, ...fields }))).toBe(version);
  });

  test("says with an empty name that there is nothing to import", () => {
    expect(renderMetadata({ ...minimal, importNames: [] })).toContain("\nImport-Name: \n\n");
  });
});

describe("PKG-INFO", () => {
  test("has at least version 2.2, and marks nothing dynamic that is read from source text", () => {
    const text = renderMetadata({ ...minimal, dynamic: ["version", "description"] }, { sdist: true });
    expect(text).toBe("Metadata-Version: 2.2\nName: Demo\nVersion: 1.0\n\n");
  });

  test("marks what wheels may change", () => {
    const text = renderMetadata(minimal, { sdist: true, dynamic: ["Requires-Dist", "Summary"] });
    expect(text).toContain("\nVersion: 1.0\nDynamic: Requires-Dist\nDynamic: Summary\n\n");
    expect(versionOf(text)).toBe("2.2");
  });

  test("has version 2.6 where wheels add to values that are there (PEP 808)", () => {
    const metadata = { ...minimal, dependencies: ["a"], description: "x" };
    expect(versionOf(renderMetadata(metadata, { sdist: true, dynamic: ["Requires-Dist"] }))).toBe("2.6");
    expect(versionOf(renderMetadata(metadata, { sdist: true, dynamic: ["Summary"] }))).toBe("2.2");
  });

  test.for(["Name", "Version", "Metadata-Version", "Dynamic", "Nonsense"])("cannot mark %s", (field) => {
    expect(() => renderMetadata(minimal, { sdist: true, dynamic: [field] })).toThrow(ZligError);
  });
});
