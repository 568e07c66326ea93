/** Something that is given up with the extension. VS Code asks for no more than this. */
export interface Disposable {
  dispose(): unknown;
}

/** Gives all of them up. */
export function disposeAll(disposables: readonly Disposable[]): void {
  for (const disposable of disposables) disposable.dispose();
}
