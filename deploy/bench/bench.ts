/** One measured number. */
export interface Figure {
  /** What was measured, e.g. `rows per second` or `p50`. */
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What it is compared with, measured in the same run where that is possible; null when there is nothing to compare with. */
  readonly reference: number | null;
  /** The bound it is held to, in words, e.g. `<= 2.5 × reference` or `< 30`; null when it is only shown. */
  readonly hold: string | null;
  /** True when the bound is kept, or when there is none. */
  readonly ok: boolean;
}

/** What a benchmark is given by whoever runs it. */
export interface BenchContext {
  /** Milliseconds of a monotonic clock. */
  now(): number;
  /** Says what is going on; never part of the result. */
  note(line: string): void;
  /** A folder of its own, removed afterwards. */
  readonly folder: string;
  /** The top folder of the repository. */
  readonly repository: string;
  /** Arguments of Node that start one of the programs, as `npm run shapes` does. */
  program(name: "api" | "shapes" | "worker"): readonly string[];
  /** The npm that started the command, when one did, and the environment with its registry and settings. */
  readonly npm: { readonly file: string | undefined; readonly env: Readonly<Record<string, string | undefined>> };
  /** What the command line gave for the module's {@link BenchOptions}. */
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
}

/** Options a bench takes on the command line: the `options` export of its module. Anything else is refused. */
export type BenchOptions = Readonly<Record<string, { readonly type: "string" | "boolean"; readonly help: string }>>;

/**
 * A benchmark (`*.bench.ts`) or evaluation (`*.eval.ts`): the default export of its module, found by the file's name
 * (`npm run bench -- import` runs `import.bench.ts` of whatever room has it).
 */
export type Bench = (context: BenchContext) => Promise<readonly Figure[]>;

/** A figure held to an upper bound. */
export function atMost(name: string, value: number, unit: string, bound: number, reference: number | null = null): Figure {
  return { name, value, unit, reference, hold: `<= ${bound} ${unit}`, ok: value <= bound };
}

/** A figure held to a lower bound. */
export function atLeast(name: string, value: number, unit: string, bound: number, reference: number | null = null): Figure {
  return { name, value, unit, reference, hold: `>= ${bound} ${unit}`, ok: value >= bound };
}

/** A figure held to a multiple of a reference measured in the same run: smaller is better. */
export function withinTimes(name: string, value: number, unit: string, reference: number, timesMax: number): Figure {
  return { name, value, unit, reference, hold: `<= ${timesMax} × reference`, ok: value <= timesMax * reference };
}

/** A figure that is shown and held to nothing. */
export function shown(name: string, value: number, unit: string, reference: number | null = null): Figure {
  return { name, value, unit, reference, hold: null, ok: true };
}

/** The value below which a share (0 to 1) of the sample lies, by nearest rank. Throws `RangeError` on an empty sample. */
export function quantile(sample: readonly number[], share: number): number {
  const sorted = sample.toSorted((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (value === undefined) throw new RangeError("A quantile needs at least one value.");
  return value;
}
