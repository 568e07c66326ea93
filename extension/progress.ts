import { ProgressLocation, window } from "vscode";
import type { LanguageServer } from "./language-server.ts";

/**
 * Asks the server for something that takes time, under a notification that shows how far it is and can cancel it.
 * @throws the server's error, or a cancellation
 */
export function requestUnderNotification<Result>(
  server: LanguageServer,
  title: string,
  method: string,
  params: object,
): Promise<Result> {
  const options = { location: ProgressLocation.Notification, title, cancellable: true };
  return Promise.resolve(
    window.withProgress(options, (progress, token) => {
      let shown = 0;
      return server.requestWithProgress<Result>(method, params, token, ({ message, percentage = shown }) => {
        progress.report({ ...(message === undefined ? {} : { message }), increment: Math.max(0, percentage - shown) });
        shown = Math.max(shown, percentage);
      });
    }),
  );
}
