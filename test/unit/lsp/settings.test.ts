import { expect, test } from "vitest";
import { defaultSettings, readSettings } from "../../../server/lsp/settings.ts";

test("what a client sends is taken, what it leaves out stays", () => {
  const first = readSettings(
    { trusted: true, python: "3.12", zig: "/opt/zig", jobs: 3, buildOnSave: "always" },
    defaultSettings,
  );
  expect(first).toMatchObject({ trusted: true, python: "3.12", zig: "/opt/zig", jobs: 3, buildOnSave: "always" });
  expect(readSettings({ jobs: 1 }, first)).toMatchObject({ trusted: true, python: "3.12", jobs: 1 });
});

test("an empty path takes the choice back", () => {
  const chosen = readSettings({ python: "3.12" }, defaultSettings);
  expect(readSettings({ python: "" }, chosen).python).toBeUndefined();
});

test("values of the wrong type change nothing", () => {
  for (const wrong of [
    { jobs: -1 },
    { jobs: 1.5 },
    { jobs: "2" },
    { trusted: "yes" },
    { buildOnSave: "sometimes" },
    7,
    null,
    "x",
  ])
    expect(readSettings(wrong, defaultSettings)).toEqual(defaultSettings);
});
