import type { Diagnostic } from "vscode-languageserver";
import { TextDocuments } from "vscode-languageserver";
import { TextDocument } from "vscode-languageserver-textdocument";
import { describe, expect, it } from "vitest";
import type { FileDiagnostics } from "../../../server/lsp/ledger.ts";
import { Ledger } from "../../../server/lsp/ledger.ts";
import { uriOf } from "../../../server/lsp/uri.ts";
import { Workspace } from "../../../server/lsp/workspace.ts";

function item(line: number, message: string): Diagnostic {
  return { range: { start: { line, character: 0 }, end: { line, character: 1 } }, message };
}

function page(...items: Diagnostic[]): FileDiagnostics {
  return { text: "a\nb\nc\n", items };
}

function ledgerWith() {
  const told: [string, string[]][] = [];
  const workspace = new Workspace(new TextDocuments(TextDocument));
  const ledger = new Ledger(workspace, (uri, diagnostics) => {
    told.push([uri, diagnostics.map(({ message }) => (typeof message === "string" ? message : message.value))]);
  });
  return { ledger, told };
}

const file = "/project/a.c";
const header = "/project/a.h";

describe("ledger", () => {
  it("tells the files of a page, and takes them back when the cause leaves", () => {
    const { ledger, told } = ledgerWith();
    ledger.set(
      "one",
      ledger.nextGeneration(),
      new Map([
        [file, page(item(0, "wrong"))],
        [header, page(item(1, "odd"))],
      ]),
    );
    ledger.set("one", ledger.nextGeneration(), new Map([[header, page(item(1, "odd"))]]));
    expect(told).toEqual([
      [uriOf(file), ["wrong"]],
      [uriOf(header), ["odd"]],
      [uriOf(file), []],
    ]);
  });

  it("never lets an older generation overwrite a newer one", () => {
    const { ledger, told } = ledgerWith();
    const old = ledger.nextGeneration();
    const young = ledger.nextGeneration();
    expect(ledger.set("one", young, new Map([[file, page(item(0, "new"))]]))).toBe(true);
    expect(ledger.set("one", old, new Map([[file, page(item(0, "old"))]]))).toBe(false);
    expect(told).toEqual([[uriOf(file), ["new"]]]);
  });

  it("merges the pages of several owners, and shows what two say alike once", () => {
    const { ledger } = ledgerWith();
    ledger.set("one", ledger.nextGeneration(), new Map([[header, page(item(0, "shared"), item(1, "own"))]]));
    ledger.set("two", ledger.nextGeneration(), new Map([[header, page(item(0, "shared"))]]));
    expect(ledger.of(header).map(({ message }) => message)).toEqual(["shared", "own"]);
    ledger.remove((owner) => owner === "one");
    expect(ledger.of(header).map(({ message }) => message)).toEqual(["shared"]);
  });

  it("forgets a file that is gone, of every owner", () => {
    const { ledger, told } = ledgerWith();
    ledger.set("one", ledger.nextGeneration(), new Map([[file, page(item(0, "wrong"))]]));
    ledger.forget(file);
    expect(told.at(-1)).toEqual([uriOf(file), []]);
    ledger.set("one", ledger.nextGeneration(), new Map());
    expect(told).toHaveLength(2);
  });

  it("does not repeat what the client knows", () => {
    const { ledger, told } = ledgerWith();
    for (let count = 0; count < 3; count++)
      ledger.set("one", ledger.nextGeneration(), new Map([[file, page(item(0, "wrong"))]]));
    expect(told).toHaveLength(1);
  });
});
