import { execa } from "execa";
import { findPython } from "./python.ts";

/** What a terminal shows after some output: lines, with `\r` and "clear to the end of line" obeyed, colours left out. */
export function screenOf(output: string): readonly string[] {
  const lines = [""];
  let column = 0;
  // eslint-disable-next-line no-control-regex -- control sequences are what is looked for
  for (const part of output.split(/(\r|\n|\u001B\[K|\u001B\[[\d;]*m)/)) {
    const last = lines.length - 1;
    const line = lines[last] ?? "";
    if (part === "\r") column = 0;
    else if (part === "\n") {
      lines.push("");
      column = 0;
    } else if (part === "\u001B[K") lines[last] = line.slice(0, column);
    else if (!part.startsWith("\u001B[")) {
      lines[last] = line.slice(0, column) + part + line.slice(column + part.length);
      column += part.length;
    }
  }
  return lines;
}

const spawn = `
import fcntl, os, pty, struct, sys, termios
pid, terminal = pty.fork()
if pid == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, int(sys.argv[1]), 0, 0))
    os.execvp(sys.argv[2], sys.argv[2:])
while True:
    try:
        data = os.read(terminal, 65536)
    except OSError:
        break
    if not data:
        break
    os.write(1, data)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`;

/** Runs a command on a terminal of its own (POSIX). Gives all that was written to it, and the exit code. */
export async function runOnTerminal(
  command: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv; readonly columns?: number },
): Promise<{ readonly output: string; readonly exitCode: number | undefined }> {
  const { cwd, env, columns = 80 } = options;
  const python = findPython("hasattr(__import__('os'), 'waitstatus_to_exitcode')");
  const { stdout, exitCode } = await execa(python, ["-c", spawn, String(columns), ...command], {
    cwd,
    env: { TERM: "xterm-256color", ...env },
    extendEnv: false,
    reject: false,
    stripFinalNewline: false,
  });
  return { output: stdout, exitCode };
}
