import { afterEach } from "vitest";
import type { ClientOptions } from "./language-client.ts";
import { LanguageClient } from "./language-client.ts";
import { lastingFolder } from "./lasting-folder.ts";
import { writeFiles } from "./project-files.ts";
import { findTestZig, newestPython } from "./toolchain.ts";

const started: LanguageClient[] = [];

afterEach(async () => {
  // A server that a test has killed cannot be stopped any more.
  for (const client of started.splice(0))
    if (client.process.exitCode === null && client.process.signalCode === null) await client.stop();
});

let cache: string | undefined;

/** The cache of the builds of one test file. */
function testCache(): string {
  cache ??= lastingFolder("zlig-protocol-cache-");
  return cache;
}

/** Starts a server that may build, with the toolchain of the tests. It is stopped after the test. */
export async function startServer(options: ClientOptions): Promise<LanguageClient> {
  const client = await LanguageClient.start({
    ...options,
    settings: { trusted: true, zig: findTestZig(), python: newestPython().executable, ...options.settings },
    env: { ZLIG_CACHE_DIR: testCache(), ...options.env },
  });
  started.push(client);
  return client;
}

/** Makes a project folder. */
export function projectFolder(files: Readonly<Record<string, string>>): string {
  const root = lastingFolder("zlig-protocol-");
  writeFiles(root, files);
  return root;
}
