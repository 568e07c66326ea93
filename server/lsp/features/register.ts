import type { CompletionItem } from "vscode-languageserver";
import type { ManifestProject } from "../manifest-project.ts";
import type { Session } from "../session.ts";
import { pathOf } from "../uri.ts";
import { isManifest } from "../workspace.ts";
import { codeLenses } from "./code-lens.ts";
import { ManifestCompletion } from "./completion.ts";
import { defineManifest, defineSource } from "./definition.ts";
import { documentLinks } from "./document-links.ts";
import { documentSymbols } from "./document-symbols.ts";
import { hoverManifest } from "./hover.ts";
import { inlayHints } from "./inlay-hints.ts";
import { prepareRenameManifest, prepareRenameSource, renameManifest, renameSource } from "./rename.ts";

/** Answers what an editor asks about a document at a place. Only manifests that have to do with Zlig, and sources of their projects, get answers. */
export function registerLanguageFeatures(session: Session): void {
  const { connection, projects, workspace } = session;

  const manifest = (uri: string): ManifestProject | undefined => {
    const path = pathOf(uri);
    if (path === undefined || !isManifest(path)) return undefined;
    const project = projects.at(path);
    return project.exists ? project : undefined;
  };
  const ours = (uri: string): ManifestProject | undefined => {
    const project = manifest(uri);
    return project?.concernsZlig === true ? project : undefined;
  };
  const source = async (
    uri: string,
  ): Promise<{ owners: readonly ManifestProject[]; path: string; text: string } | undefined> => {
    const path = pathOf(uri);
    const text = path === undefined ? undefined : workspace.document(path)?.getText();
    if (path === undefined || text === undefined || isManifest(path)) return undefined;
    const owners = await projects.owning(path);
    for (const owner of owners) await owner.files();
    return { owners, path, text };
  };

  let snippets = false;
  let links = false;
  session.onCapabilities((capabilities) => {
    links = capabilities.textDocument?.definition?.linkSupport === true;
    snippets = capabilities.textDocument?.completion?.completionItem?.snippetSupport === true;
  });

  connection.onCompletion(async ({ textDocument: { uri }, position }): Promise<CompletionItem[]> => {
    // Also where Zlig is not named yet: that is how it gets named.
    const project = manifest(uri);
    return project === undefined ? [] : [...(await new ManifestCompletion(project, { snippets }).at(position))];
  });
  connection.onHover(({ textDocument: { uri }, position }) => {
    const project = ours(uri);
    return project === undefined ? undefined : hoverManifest(project, position);
  });
  connection.onDefinition(async ({ textDocument: { uri }, position }) => {
    const project = ours(uri);
    const found = project === undefined ? await source(uri) : undefined;
    const targets =
      project !== undefined
        ? await defineManifest(project, workspace, position)
        : found === undefined
          ? []
          : defineSource(found.owners, workspace, found.path, found.text, position);
    // A client that does not say that it knows links gets plain locations.
    return links
      ? [...targets]
      : targets.map(({ targetUri, targetSelectionRange }) => ({ uri: targetUri, range: targetSelectionRange }));
  });
  connection.onPrepareRename(async ({ textDocument: { uri }, position }) => {
    const project = ours(uri);
    if (project !== undefined) return prepareRenameManifest(project, position);
    const found = await source(uri);
    return found === undefined ? undefined : prepareRenameSource(found.owners, found.path, found.text, position);
  });
  connection.onRenameRequest(async ({ textDocument: { uri }, position, newName }) => {
    const project = ours(uri);
    if (project !== undefined) return renameManifest(project, workspace, position, newName);
    const found = await source(uri);
    return found === undefined
      ? undefined
      : renameSource(found.owners, workspace, found.path, found.text, position, newName);
  });
  connection.onCodeLens(({ textDocument: { uri } }) => {
    const project = ours(uri);
    // Nothing is built in a workspace that is not trusted, so nothing offers to.
    if (project === undefined || !session.settings.trusted) return [];
    return [...codeLenses(project, uri, session.settings.clientCommands ? "zlig." : "zlig.server.")];
  });
  connection.languages.inlayHint.on(({ textDocument: { uri }, range }) => {
    const project = ours(uri);
    return project === undefined || !session.settings.inlayHints ? [] : [...inlayHints(project, range)];
  });
  connection.onDocumentLinks(async ({ textDocument: { uri } }) => {
    const project = ours(uri);
    return project === undefined ? [] : [...(await documentLinks(project, workspace))];
  });
  connection.onDocumentSymbol(({ textDocument: { uri } }) => {
    const project = ours(uri);
    return project === undefined ? [] : [...documentSymbols(project)];
  });
}
