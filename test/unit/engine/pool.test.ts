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

test("runs no more than so many at once, also when one comes just as another ends", async () => {
  for (let turns = 0; turns < 5; turns++) {
    const pool = new Pool(1);
    const order: string[] = [];
    let running = 0;
    let most = 0;
    let open = (): void => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    const task = (name: string, until: Promise<void>) => async (): Promise<void> => {
      order.push(name);
      most = Math.max(most, ++running);
      await until;
      running--;
    };
    const early = [pool.run(task("first", gate)), pool.run(task("second", settle()))];
    await settle();
    // Some of these come after the first has given up its place and before the second has taken it.
    let later = gate;
    for (let turn = 0; turn < turns; turn++) later = later.then(() => undefined);
    const late = later.then(() => pool.run(task("late", settle())));
    open();
    await Promise.all([...early, late]);
    expect([most, order]).toEqual([1, ["first", "second", "late"]]);
  }
});

test("a failed task makes room", async () => {
  const pool = new Pool(1);
  await expect(pool.run(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await pool.run(() => Promise.resolve(7))).toBe(7);
});

test("a pool for none runs one", async () => {
  expect(await new Pool(0).run(() => Promise.resolve("done"))).toBe("done");
});
