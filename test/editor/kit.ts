import { join } from "node:path";
import { testCache } from "../support/venv.ts";

/** The programs that make up a real VS Code in a browser. */
export interface EditorKit {
  /** The Node that code-server's engines ask for. */
  readonly node: string;
  /** code-server's entry script. */
  readonly codeServer: string;
  readonly chromium: string;
}

declare module "vitest" {
  interface ProvidedContext {
    editorKit: EditorKit;
  }
}

/** Where the editor, its stamps, its logs and the screenshots are kept. */
export const editorCache = join(testCache, "editor");

/** Where each scenario leaves what it saw. */
export const screenshots = join(editorCache, "screenshots");
