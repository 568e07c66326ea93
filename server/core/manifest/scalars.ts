import type { Reader } from "./reader.ts";
import type { DateTimeNode, ValueNode } from "./syntax.ts";

const integer = /^[+-]?(?:0|[1-9](?:_?\d)*)$/;
const prefixedInteger = /^0(?:x[0-9A-Fa-f](?:_?[0-9A-Fa-f])*|o[0-7](?:_?[0-7])*|b[01](?:_?[01])*)$/;
const float = /^[+-]?(?:0|[1-9](?:_?\d)*)(?:\.\d(?:_?\d)*(?:[eE][+-]?\d(?:_?\d)*)?|[eE][+-]?\d(?:_?\d)*)$/;
const specialFloat = /^([+-]?)(inf|nan)$/;
const dateTime =
  /^(?:(\d{4})-(\d{2})-(\d{2}))?(?:([Tt ])?(\d{2}):(\d{2})(:(\d{2})(?:\.\d+)?)?([Zz]|[+-](\d{2}):(\d{2}))?)?$/;
const datePart = /^\d{4}-\d{2}-\d{2}$/;
const looksNumeric = /^(?:[+-]?\.?\d|[+-](?:inf|nan))/;
const looksTemporal = /^(?:\d{1,4}-\d{1,2}-\d|\d{1,2}:\d)/;

/** Tells whether a date stands alone so far: a single space and a time may belong to it. */
export function isDate(text: string): boolean {
  return datePart.test(text);
}

/** Gives the value that a word outside quotes is, or undefined if it is none. */
export function scalarOf(reader: Reader, start: number, end: number): ValueNode | undefined {
  const text = reader.text.slice(start, end);
  if (text === "true" || text === "false") return { kind: "boolean", value: text === "true", start, end };
  if (integer.test(text) || prefixedInteger.test(text)) return { kind: "integer", value: toInteger(text), start, end };
  if (float.test(text)) return { kind: "float", value: Number(text.replaceAll("_", "")), start, end };
  const special = specialFloat.exec(text);
  if (special !== null) {
    const sign = special[1] === "-" ? -1 : 1;
    return { kind: "float", value: special[2] === "inf" ? sign * Infinity : NaN, start, end };
  }
  return looksTemporal.test(text) ? dateTimeOf(reader, text, start, end) : undefined;
}

function toInteger(text: string): number | bigint {
  const digits = text.replaceAll("_", "");
  const value = Number(digits);
  // The integer -0 is 0; a number of JavaScript would keep the sign.
  if (Number.isSafeInteger(value)) return value === 0 ? 0 : value;
  const negative = digits.startsWith("-");
  const magnitude = BigInt(digits.replace(/^[+-]/, ""));
  return negative ? -magnitude : magnitude;
}

function dateTimeOf(reader: Reader, text: string, start: number, end: number): DateTimeNode | undefined {
  const match = dateTime.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, separator, hour, minute, second, seconds, offset, offsetHour, offsetMinute] = match;
  if (year !== undefined && !isDay(Number(year), Number(month), Number(day))) return undefined;
  const timed = hour !== undefined;
  if (timed && (Number(hour) > 23 || Number(minute) > 59 || Number(seconds ?? 0) > 59)) return undefined;
  if (Number(offsetHour ?? 0) > 23 || Number(offsetMinute ?? 0) > 59) return undefined;
  // `T` stands between a date and a time, and nowhere else; only a full date-time has an offset.
  if (timed && (year === undefined) !== (separator === undefined)) return undefined;
  if (offset !== undefined && year === undefined) return undefined;
  if (timed && second === undefined) {
    reader.newForm("time-without-seconds", start, end, "a time without seconds needs TOML 1.1");
  }
  const kind = !timed
    ? "local-date"
    : year === undefined
      ? "local-time"
      : offset === undefined
        ? "local-date-time"
        : "offset-date-time";
  return { kind, text, start, end };
}

function isDay(year: number, month: number, day: number): boolean {
  // Python, which reads the file as well, knows no year 0.
  if (year === 0 || month < 1 || month > 12 || day < 1) return false;
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return day <= (month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31);
}

/** Reports text outside quotes that is no value. */
export function reportProse(reader: Reader, start: number, end: number): void {
  const text = reader.text.slice(start, end);
  if (/^(?:true|false)$/i.test(text)) {
    reader.fault("boolean", start, end, `\`${text}\` is no boolean: TOML writes ${text.toLowerCase()}`);
  } else if (looksTemporal.test(text)) {
    reader.fault("date-time", start, end, `\`${text}\` is not a valid date or time`);
  } else if (looksNumeric.test(text)) {
    reader.fault("number", start, end, `\`${text}\` is not a valid number`);
  } else {
    reader.fault("value-unquoted", start, end, `\`${shorten(text)}\` is not a value`);
  }
}

function shorten(text: string): string {
  const characters = Array.from(text.slice(0, 80));
  return characters.length > 40 || text.length > 80 ? `${characters.slice(0, 40).join("")}…` : text;
}
