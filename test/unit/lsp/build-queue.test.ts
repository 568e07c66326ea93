import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { BuildQueue } from "../../../server/lsp/build-queue.ts";

const never = new AbortController().signal;

/** A queue whose builds in the background take a while, and what they did. */
function queueOf(milliseconds: number) {
  const done: string[] = [];
  let running = 0;
  let most = 0;
  const queue = new BuildQueue(async (wanted, signal) => {
    running++;
    most = Math.max(most, running);
    await delay(milliseconds, undefined, { signal }).catch(() => undefined);
    running--;
    done.push(`${signal.aborted ? "broken off" : "built"} ${[...wanted].sort().join("+")}`);
  });
  return { queue, done, most: () => most };
}

describe("build queue", () => {
  it("makes one build of a storm of saves", async () => {
    const { queue, done } = queueOf(10);
    for (let count = 0; count < 100; count++) queue.saved(new Set([count % 2 === 0 ? "a" : "b"]));
    await queue.idle();
    expect(done).toEqual(["built a+b"]);
  });

  it("builds again what is saved while it is built, and breaks the old build off", async () => {
    const { queue, done } = queueOf(300);
    queue.saved(new Set(["a"]));
    await delay(120);
    queue.saved(new Set(["a"]));
    await queue.idle();
    expect(done).toEqual(["broken off a", "built a"]);
  });

  it("lets a build go on when something else is saved, and then builds that", async () => {
    const { queue, done, most } = queueOf(200);
    queue.saved(new Set(["a"]));
    await delay(100);
    queue.saved(new Set(["b"]));
    await queue.idle();
    expect(done).toEqual(["built a", "built b"]);
    expect(most()).toBe(1);
  });

  it("breaks a build in the background off for a command, and does it afterwards", async () => {
    const { queue, done } = queueOf(300);
    queue.saved(new Set(["a"]));
    await delay(120);
    const began = performance.now();
    await queue.command({ run: () => Promise.resolve(done.push("command")) }, never);
    expect(performance.now() - began).toBeLessThan(200);
    await queue.idle();
    expect(done).toEqual(["broken off a", "command", "built a"]);
  });

  it("does not repeat in the background what a command has built", async () => {
    const { queue, done } = queueOf(300);
    queue.saved(new Set(["a", "b"]));
    await delay(120);
    await queue.command(
      {
        run: () => {
          queue.done(["a"]);
          return Promise.resolve();
        },
      },
      never,
    );
    await queue.idle();
    expect(done).toEqual(["broken off a+b", "built b"]);
  });

  it("does commands in their order, one at a time, also after one that fails", async () => {
    const { queue, done } = queueOf(1);
    const job = (name: string, fails = false) => ({
      run: async () => {
        done.push(`${name} begins`);
        await delay(20);
        if (fails) throw new Error(name);
        done.push(`${name} ends`);
      },
    });
    const [first, second] = await Promise.allSettled([
      queue.command(job("first", true), never),
      queue.command(job("second"), never),
    ]);
    expect(first.status).toBe("rejected");
    expect(second.status).toBe("fulfilled");
    expect(done).toEqual(["first begins", "second begins", "second ends"]);
  });

  it("hands a user's cancellation on to the command", async () => {
    const { queue } = queueOf(1);
    const cancel = new AbortController();
    const aborted = queue.command(
      {
        run: async (signal) => {
          cancel.abort();
          await delay(1);
          return signal.aborted;
        },
      },
      cancel.signal,
    );
    expect(await aborted).toBe(true);
  });

  it("forgets everything when it is stopped", async () => {
    const { queue, done } = queueOf(50);
    queue.saved(new Set(["a"]));
    queue.stop();
    await delay(120);
    expect(done).toEqual([]);
  });
});
