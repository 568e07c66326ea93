import { setTimeout as delay } from "node:timers/promises";

/**
 * Asks again and again until there is an answer; an error counts as none.
 * @param what for the message when it takes too long
 * @throws with the last answer or error
 */
export async function eventually<T>(
  what: string,
  ask: () => T | Promise<T>,
  { timeout = 20_000, interval = 100 }: { readonly timeout?: number; readonly interval?: number } = {},
): Promise<NonNullable<T>> {
  const deadline = Date.now() + timeout;
  for (;;) {
    let last: unknown;
    try {
      const answer = await ask();
      if (answer !== false && answer !== undefined && answer !== null) return answer;
      last = answer;
    } catch (error) {
      last = error instanceof Error ? error.message : error;
    }
    if (Date.now() > deadline) throw new Error(`${what}: not within ${timeout} ms; last: ${String(last)}`);
    await delay(interval);
  }
}
