import { ZligError } from "../error.ts";

/**
 * 2016-01-01, as Flit: later than the first day of ZIP (1980-01-01), which a reader in a time zone west of
 * Greenwich turns into 1979 and can then not write again.
 */
const defaultTime = Date.UTC(2016, 0, 1) / 1000;

/** First and last second that ZIP's date fields hold. */
const zipRange = [Date.UTC(1980, 0, 1) / 1000, Date.UTC(2107, 11, 31, 23, 59, 58) / 1000] as const;
/** First and last second that every tar reader takes: tar-stream writes 31 bits. */
const tarRange = [0, 2 ** 31 - 1] as const;

/** Where the time stands: `process.env`, or a stand-in. */
export interface TimeEnvironment {
  readonly SOURCE_DATE_EPOCH?: string | undefined;
}

/**
 * The time of every member of an archive: `SOURCE_DATE_EPOCH`, moved into what the format can hold, else a fixed day.
 * For ZIP it is even, as its seconds are. See reproducible-builds.org's specification of the variable.
 * @throws {ZligError} `usage` when the variable is not a whole number.
 */
export function archiveTime(format: "zip" | "tar", environment: TimeEnvironment = process.env): Date {
  const [first, last] = format === "zip" ? zipRange : tarRange;
  const text = environment.SOURCE_DATE_EPOCH?.trim() ?? "";
  if (text !== "" && !/^-?\d+$/.test(text)) {
    throw new ZligError("usage", `SOURCE_DATE_EPOCH is not a whole number of seconds: ${JSON.stringify(text)}`, {
      hint: "Set it to seconds since 1970-01-01 UTC, or unset it.",
    });
  }
  const seconds = Math.min(Math.max(text === "" ? defaultTime : Number(text), first), last);
  return new Date((format === "zip" ? seconds - (seconds % 2) : seconds) * 1000);
}
