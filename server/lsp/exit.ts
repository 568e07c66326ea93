const tasks: (() => void)[] = [];

/** Adds a task, done in no time, that the end of the process must not skip. */
export function atExit(task: () => void): void {
  tasks.push(task);
}

/** Does what the end of the process must not skip. */
export function runExitTasks(): void {
  for (const task of tasks) task();
}
