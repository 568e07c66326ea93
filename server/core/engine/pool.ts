/** Runs tasks side by side, so many at once and in the order they came. */
export class Pool {
  readonly #size: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  /** @param size how many tasks run at once, at least one */
  constructor(size: number) {
    this.#size = Math.max(1, size);
  }

  /** Runs a task when its turn comes; gives what it gives and throws what it throws. */
  async run<Result>(task: () => Promise<Result>): Promise<Result> {
    if (this.#running < this.#size) this.#running++;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await task();
    } finally {
      // The place goes to the next in line, so that nobody who comes in between can take it as well.
      const next = this.#waiting.shift();
      if (next === undefined) this.#running--;
      else next();
    }
  }
}
