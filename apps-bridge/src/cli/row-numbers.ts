import type { RowChoice } from "@saldo/client-core/books";
import { SaldoError } from "@saldo/schema";

/** Most rows one span names. */
const spanRowsMax = 10_000;

/** What is done with rows of a file told by number, such as `3,7-9`. Throws `cli.wrong_usage`. */
export function rowsSaid(given: string | undefined, choice: RowChoice): [index: number, choice: RowChoice][] {
  return (given === undefined ? [] : given.split(",")).flatMap((part): [number, RowChoice][] => {
    const [, from, to = from] = /^\s*(\d{1,7})(?:-(\d{1,7}))?\s*$/.exec(part) ?? [];
    const [first, last] = [Number(from), Number(to)];
    if (from === undefined || last < first || last - first >= spanRowsMax) throw new SaldoError("cli.wrong_usage", { option: `--${choice}`, form: "3,7-9" });
    return Array.from({ length: last - first + 1 }, (_, at) => [first + at, choice]);
  });
}
