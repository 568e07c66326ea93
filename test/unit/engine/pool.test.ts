import { expect, test } from "vitest";
import { Pool } from "../../../server/core/engine/pool.ts";

/** Tasks that end when told to. */
function tasks(pool: Pool, count: number): { started: number[]; end: (index: number) => void; all: Promise<number[]> } {
  const started: number[] = [];
  const enders: (() => void)[] = [];
  const gates = Array.from({ length: count }, (_, index) => new Promise<void>((resolve) => (enders[index] = resolve)));
  const all = Promise.all(
    gates.map((gate, index) =>
      pool.run(async () => {
        started.push(index);
        await gate;
        return index;
      }),
    ),
  );
  return { started, end: (index) => enders[index]?.(), all };
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
}

test("runs so many at once, in the order they came", async () => {
  const { started, end, all } = tasks(new Pool(2), 4);
  await settle();
  expect(started).toEqual([0, 1]);
  end(1);
  await settle();
  expect(started).toEqual([0, 1, 2]);
  for (const index of [0, 2, 3]) end(index);
  expect(await all).toEqual([0, 1, 2, 3]);
});

test("a failed task makes room", async () => {
  const pool = new Pool(1);
  await expect(pool.run(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await pool.run(() => Promise.resolve(7))).toBe(7);
});

test("a pool for none runs one", async () => {
  expect(await new Pool(0).run(() => Promise.resolve("done"))).toBe("done");
});
