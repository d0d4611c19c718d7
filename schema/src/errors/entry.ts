/** What the user documentation says about one error code. No text here ever carries a row value, token or file content. */
export interface ErrorEntry {
  /** HTTP status when the error answers a request. */
  readonly httpStatus: number;
  /** True when the same call may succeed later without any change by the caller. */
  readonly retryable: boolean;
  /** One sentence: what happened. */
  readonly meaning: { readonly en: string; readonly ru: string };
  /** One sentence: the usual cause. */
  readonly cause: { readonly en: string; readonly ru: string };
  /** One sentence: what to do. */
  readonly remedy: { readonly en: string; readonly ru: string };
}

/** Declares a group of codes, keeping the literal keys. */
export function errorGroup<const Group extends Record<string, ErrorEntry>>(group: Group): Group {
  return group;
}
