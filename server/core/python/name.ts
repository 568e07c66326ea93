const valid = /^(?:[a-z0-9]|[a-z0-9][a-z0-9._-]*[a-z0-9])$/i;

/** Tells whether a string may name a project or an extra: ASCII letters, digits, `.`, `_` and `-`, with a letter or digit at both ends. */
export function isValidName(name: string): boolean {
  return valid.test(name);
}

/** Gives the form in which names of projects (PEP 503) and extras (PEP 685) are compared: lower case, runs of `-`, `_` and `.` as one `-`. */
export function normalizeName(name: string): string {
  return name.replace(/[-_.]+/g, "-").toLowerCase();
}

/** Gives the name of a project as file names of sdists (PEP 625) and wheels carry it: normalised, with `_` for `-`. */
export function distributionFileName(name: string): string {
  return normalizeName(name).replaceAll("-", "_");
}
