import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** How long nothing must be asked before memory is given back, in milliseconds. */
const rest = 3000;

let timer: NodeJS.Timeout | undefined;
let collect: ((options: { readonly type: "major"; readonly flavor: "last-resort" }) => void) | undefined;

/**
 * Gives memory back to the system once there is a pause. Each keystroke leaves a syntax tree behind; V8 lets such garbage grow to a hundred
 * megabytes before it minds, and keeps them for as long as nobody types. Collecting all the time instead would double the time of an answer.
 */
export function collectWhenIdle(): void {
  clearTimeout(timer);
  timer = setTimeout(() => {
    if (collect === undefined) {
      setFlagsFromString("--expose-gc");
      collect = runInNewContext("gc") as NonNullable<typeof collect>;
    }
    collect({ type: "major", flavor: "last-resort" });
  }, rest);
  timer.unref();
}
