import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
import { runExitTasks } from "./exit.ts";
import { Session } from "./session.ts";

// A fault in one answer must not end the server: the client would lose its diagnostics, and after five times give up.
const connection = createConnection(ProposedFeatures.all);
const report = (error: unknown): void => {
  connection.console.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
};
process.on("uncaughtException", report);
process.on("unhandledRejection", report);
// No compiler may outlive its server, however that ends.
process.on("exit", runExitTasks);
for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const)
  process.on(signal, () => {
    process.exit(0);
  });

new Session(connection).listen();
