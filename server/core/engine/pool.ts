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
    if (this.#running >= this.#size) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#running++;
    try {
      return await task();
    } finally {
      this.#running--;
      this.#waiting.shift()?.();
    }
  }
}
