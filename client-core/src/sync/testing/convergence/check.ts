import { canonicalJson, type JsonValue } from "@saldo/schema";

/** What a run demands and does not find. */
export class InvariantError extends Error {
  override readonly name = "InvariantError";
}

/** Throws {@link InvariantError} unless two values have the same canonical form. */
export function demandSame(actual: JsonValue, expected: JsonValue, what: string): void {
  const [is, should] = [canonicalJson(actual), canonicalJson(expected)];
  if (is !== should) throw new InvariantError(`${what}: ${is.slice(0, shownCharsMax)}, expected ${should.slice(0, shownCharsMax)}`);
}

/** Throws {@link InvariantError} unless it holds. */
export function demand(holds: boolean, what: string): void {
  if (!holds) throw new InvariantError(what);
}

const shownCharsMax = 300;
