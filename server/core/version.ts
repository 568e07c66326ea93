import manifest from "../../package.json" with { type: "json" };

/** The version of Zlig. */
export const version: string = manifest.version;
