/** A name any file system takes, of what it holds and of which company. */
export function fileNameOf(what: string, companyName: string, extension: string): string {
  const safe = companyName.replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-+|-+$/g, "").slice(0, 60);
  return `${what}${safe === "" ? "" : `-${safe}`}.${extension}`;
}
