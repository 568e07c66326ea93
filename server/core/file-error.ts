/** What the codes of the file system mean, in the words of people. */
const reasons: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EROFS: "the file system is read-only",
  EACCES: "permission denied",
  EPERM: "the system does not permit it",
  ENOTDIR: "a part of its path is a file, not a folder",
  EEXIST: "a file is in its place",
  EISDIR: "a folder is in its place",
  ENAMETOOLONG: "its name is too long",
  ELOOP: "its path leads through a circle of links",
  EBUSY: "it is in use",
  ETXTBSY: "it is in use",
};

/** The code of an error of the file system (`EACCES`); `undefined` for any other error. */
export function fileErrorCode(error: unknown): string | undefined {
  const isOne = error instanceof Error && "syscall" in error && "code" in error && typeof error.code === "string";
  return isOne ? (error.code as string) : undefined;
}

/** Why the file system refused, in words. */
export function fileErrorReason(error: unknown): string {
  const known = reasons[fileErrorCode(error) ?? ""];
  return known ?? (error instanceof Error ? error.message : String(error));
}
