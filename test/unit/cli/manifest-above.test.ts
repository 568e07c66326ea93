import { join } from "node:path";
import { expect, test } from "vitest";
import { withManifestAbove } from "../../../server/cli/manifest-above.ts";
import { ZligError } from "../../../server/core/error.ts";
import { makeTree } from "../../support/tree.ts";

const missing = new ZligError("manifest-missing", "none here", { hint: "as it was", location: { file: "/x" } });

test("a pyproject.toml in a folder above is named, the nearest one", () => {
  const root = makeTree({ "pyproject.toml": "", "a/pyproject.toml": "", "a/b/c": null });
  const found = withManifestAbove(missing, join(root, "a/b/c"));
  expect(found.hint).toContain(`There is one in ${join(root, "a")}: add \`--project `);
  expect(found).toMatchObject({ code: "manifest-missing", message: "none here", location: { file: "/x" } });
});

test("without one above the error stays as it is", () => {
  const root = makeTree({ "a/b": null });
  expect(withManifestAbove(missing, join(root, "a/b"))).toBe(missing);
});
