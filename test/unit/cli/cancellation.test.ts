import { afterEach, expect, test } from "vitest";
import type { Cancellation } from "../../../server/cli/cancellation.ts";
import { listenForCancellation } from "../../../server/cli/cancellation.ts";

let cancellation: Cancellation | undefined;
afterEach(() => {
  cancellation?.release();
  cancellation = undefined;
});

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

test.each(signals)("%s cancels", (signal) => {
  cancellation = listenForCancellation({});
  expect(cancellation.signal.aborted).toBe(false);
  process.emit(signal);
  expect(cancellation.signal.aborted).toBe(true);
});

test("the end of who reads the output cancels", () => {
  for (const stream of [process.stdout, process.stderr]) {
    const one = listenForCancellation({});
    stream.emit("error", Object.assign(new Error("write EPIPE"), { code: "EPIPE" }));
    one.release();
    expect(one.signal.aborted).toBe(true);
  }
});

test("after the release nobody listens any more", () => {
  const count = (): number[] => [
    ...signals.map((signal) => process.listenerCount(signal)),
    process.stdout.listenerCount("error"),
    process.stderr.listenerCount("error"),
  ];
  const before = count();
  const one = listenForCancellation({});
  expect(count()).toEqual(before.map((number) => number + 1));
  one.release();
  expect(count()).toEqual(before);
});
