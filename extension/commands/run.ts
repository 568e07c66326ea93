import { commands, l10n, window } from "vscode";
import { errorText, isCancellation } from "../failure.ts";
import type { Outcome, Remedy } from "../outcome.ts";
import { failureText, remediesFor } from "../outcome.ts";
import { requestUnderNotification } from "../progress.ts";
import type { Services } from "../services.ts";
import { requireTrust } from "../trust.ts";
import { saveProject } from "../workspace.ts";
import type { CommandTarget } from "./target.ts";

function tellCancelled({ log }: Services, title: string): void {
  log.info(`${title}: cancelled.`);
  void window.setStatusBarMessage(l10n.t("Cancelled."), 5_000);
}

function tellFailed({ log }: Services, title: string, message: string, remedies: readonly Remedy[]): void {
  log.error(`${title}: ${message}`);
  void showFailure(message, remedies);
}

/** Shows an error, with what helps and where more is to be read. */
async function showFailure(message: string, remedies: readonly Remedy[]): Promise<void> {
  const output = { title: l10n.t("Show Output"), command: "zlig.showOutput" };
  const chosen = await window.showErrorMessage(message, ...remedies, output);
  if (chosen !== undefined) await commands.executeCommand(chosen.command);
}

/**
 * Runs a request that executes programs: in a trusted workspace only, after saving, for the project's interpreter, under a notification.
 * @returns the result; `undefined` when it was refused, cancelled, or failed, which the user has been told
 */
export async function runForProject<Result>(
  services: Services,
  { project, extension }: CommandTarget,
  title: string,
  method: string,
): Promise<Result | undefined> {
  if (!(await requireTrust()) || !(await saveProject(project))) return undefined;
  const { server, interpreters } = services;
  try {
    await server.start();
    await interpreters.send(project);
    const params = { uri: project.toString(), ...(extension === undefined ? {} : { extension }) };
    return await requestUnderNotification<Result>(server, title, method, params);
  } catch (error) {
    if (isCancellation(error)) tellCancelled(services, title);
    else tellFailed(services, title, errorText(error), []);
    return undefined;
  }
}

/** As {@link runForProject}, for a request that gives an outcome. @returns the result of a success only */
export async function buildForProject<Result extends Outcome>(
  services: Services,
  target: CommandTarget,
  title: string,
  method: string,
): Promise<Result | undefined> {
  const result = await runForProject<Result>(services, target, title, method);
  if (result === undefined || result.ok) return result;
  if (result.cancelled) tellCancelled(services, title);
  else tellFailed(services, title, failureText(result), remediesFor(result));
  return undefined;
}
