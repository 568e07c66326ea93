import { expect, test } from "vitest";
import { coloursFor } from "../../../server/cli/colours.ts";

const terminal = { isTTY: true };
const file = {};

test.each([
  ["a terminal has colours", terminal, {}, true],
  ["a file has none", file, {}, false],
  ["a file has none on a machine of continuous integration", file, { CI: "true" }, false],
  ["NO_COLOR takes them away", terminal, { NO_COLOR: "1" }, false],
  ["an empty NO_COLOR counts as none", terminal, { NO_COLOR: "" }, true],
  ["NO_COLOR goes before FORCE_COLOR", terminal, { NO_COLOR: "1", FORCE_COLOR: "1" }, false],
  ["FORCE_COLOR gives a file colours", file, { FORCE_COLOR: "1" }, true],
  ["FORCE_COLOR=0 takes them away", terminal, { FORCE_COLOR: "0" }, false],
  ["a dumb terminal has none", terminal, { TERM: "dumb" }, false],
])("%s", (_title, stream, env, coloured) => {
  expect(coloursFor(stream, env).red("x") !== "x").toBe(coloured);
});
