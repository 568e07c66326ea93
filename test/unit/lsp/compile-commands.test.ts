import { describe, expect, it } from "vitest";
import { clangTriple } from "../../../server/lsp/compile-commands.ts";
import { targetFromTag } from "../../../server/core/toolchain/target.ts";

describe("clang's name of a target", () => {
  it.each([
    ["manylinux_2_17_x86_64", "x86_64-unknown-linux-gnu"],
    ["manylinux_2_17_i686", "i386-unknown-linux-gnu"],
    ["manylinux_2_28_aarch64", "aarch64-unknown-linux-gnu"],
    ["manylinux_2_17_armv7l", "arm-unknown-linux-gnueabihf"],
    ["musllinux_1_2_x86_64", "x86_64-unknown-linux-musl"],
    ["macosx_11_0_arm64", "arm64-apple-macosx11.0"],
    ["win_amd64", "x86_64-w64-windows-gnu"],
    ["win32", "i686-w64-windows-gnu"],
  ])("of %s is %s", (tag, triple) => {
    expect(clangTriple(targetFromTag(tag))).toBe(triple);
  });
});
