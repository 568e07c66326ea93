/** Work that one project does. */
export interface Job<Result> {
  /** Does the work; the signal says that it is to end early. */
  run(signal: AbortSignal): Promise<Result>;
}

/** How long saves are gathered before they build, in milliseconds. */
const gathering = 25;

/**
 * The builds of one project, one at a time. What a user asks for comes first: a build in the background is broken off for it and
 * done afterwards. Saves that come while a build in the background waits or runs become one build of all that they touch.
 */
export class BuildQueue {
  readonly #background: (wanted: ReadonlySet<string>, signal: AbortSignal) => Promise<void>;
  #wanted = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #running: { readonly abort: AbortController; readonly wanted: ReadonlySet<string> | undefined } | undefined;
  /** Ends when all that was asked for so far has. */
  #tail: Promise<unknown> = Promise.resolve();
  #asked = 0;

  /** @param background builds extensions by name; it must not throw */
  constructor(background: (wanted: ReadonlySet<string>, signal: AbortSignal) => Promise<void>) {
    this.#background = background;
  }

  /** Does what a user asked for, before anything in the background. */
  async command<Result>(job: Job<Result>, signal: AbortSignal): Promise<Result> {
    this.#asked++;
    this.#breakOff();
    const turn = this.#tail.then(async () => {
      const abort = new AbortController();
      this.#running = { abort, wanted: undefined };
      try {
        return await job.run(AbortSignal.any([signal, abort.signal]));
      } finally {
        this.#running = undefined;
        this.#asked--;
        this.#schedule();
      }
    });
    this.#tail = turn.catch(() => undefined);
    return turn;
  }

  /** Builds extensions in the background, soon. One that is being built is built again: its sources have changed. */
  saved(extensions: ReadonlySet<string>): void {
    if (extensions.size === 0) return;
    for (const name of extensions) this.#wanted.add(name);
    const { wanted } = this.#running ?? {};
    if (wanted !== undefined && [...extensions].some((name) => wanted.has(name))) this.#breakOff();
    this.#schedule();
  }

  /** Takes out of the background what a user's build has done. */
  done(extensions: Iterable<string>): void {
    for (const name of extensions) this.#wanted.delete(name);
  }

  /** Ends everything that runs and forgets what waits. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#wanted.clear();
    this.#running?.abort.abort();
  }

  /** Ends when nothing runs or waits. */
  async idle(): Promise<void> {
    while (this.#running !== undefined || this.#timer !== undefined || this.#wanted.size > 0) {
      await this.#tail;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /** Breaks off a build in the background; what it was to build is wanted again. */
  #breakOff(): void {
    const running = this.#running;
    if (running?.wanted === undefined) return;
    for (const name of running.wanted) this.#wanted.add(name);
    running.abort.abort();
  }

  #schedule(): void {
    if (this.#wanted.size === 0 || this.#asked > 0) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#tail = this.#tail.then(() => this.#next());
    }, gathering);
  }

  async #next(): Promise<void> {
    if (this.#wanted.size === 0 || this.#asked > 0) return;
    const abort = new AbortController();
    const wanted = this.#wanted;
    this.#wanted = new Set();
    this.#running = { abort, wanted };
    try {
      await this.#background(wanted, abort.signal);
    } finally {
      this.#running = undefined;
      this.#schedule();
    }
  }
}
