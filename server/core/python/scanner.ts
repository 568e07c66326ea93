import { PackagingSyntaxError } from "./packaging-syntax-error.ts";

/** Brackets nested deeper than this are a mistake, or an attack on the stack. */
export const maxNesting = 100;

/** Walks through a text by sticky regular expressions. */
export class Scanner {
  readonly text: string;
  position = 0;

  constructor(text: string) {
    this.text = text;
  }

  isAtEnd(): boolean {
    return this.position === this.text.length;
  }

  /** Gives what a sticky expression matches here, without moving. */
  peek(expression: RegExp): string | undefined {
    expression.lastIndex = this.position;
    return expression.exec(this.text)?.[0];
  }

  /** Gives what a sticky expression matches here, and moves behind it. */
  take(expression: RegExp): string | undefined {
    const match = this.peek(expression);
    this.position += match?.length ?? 0;
    return match;
  }

  /** Moves behind spaces and tabs, the white space that PEP 508 knows. */
  skipBlanks(): void {
    this.take(/[ \t]*/y);
  }

  /** @throws {PackagingSyntaxError} always: at the given place, or where the scanner stands. */
  fail(message: string, start = this.position, end = Math.max(start, this.position)): never {
    throw new PackagingSyntaxError(message, start, end);
  }
}
