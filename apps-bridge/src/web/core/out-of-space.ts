/** True for what a browser throws when its share of the disk, or the disk, is full. */
export function isOutOfSpace(cause: unknown): boolean {
  return cause instanceof DOMException && cause.name === "QuotaExceededError";
}
