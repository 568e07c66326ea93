import pc from "picocolors";

/** Functions that colour a text, or hand it back as it is. */
export type Colours = ReturnType<typeof pc.createColors>;

/** No colours. */
export const plain: Colours = pc.createColors(false);

/**
 * The colours for a stream: on a terminal, and where `FORCE_COLOR` asks for them; none where `NO_COLOR` is set to
 * anything but the empty text (no-color.org), nor on a terminal that calls itself dumb.
 */
export function coloursFor(stream: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv): Colours {
  const { NO_COLOR: none = "", FORCE_COLOR: force = "", TERM: terminal } = env;
  if (none !== "") return plain;
  if (force !== "") return pc.createColors(force !== "0" && force !== "false");
  return pc.createColors(stream.isTTY === true && terminal !== "dumb");
}
