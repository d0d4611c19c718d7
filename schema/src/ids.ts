import { v5, v7 } from "uuid";

/** Makes time-ordered identifiers (UUIDv7, RFC 9562) from a passed-in clock and randomness. */
export interface IdSource {
  /** The next identifier. */
  next(): string;
}

/** Random bytes drawn from the platform at a time: one call serves this many ids. */
const randomPoolBytes = 4_096;
const idRandomBytes = 16;
/** Ids of one millisecond start their counter below this, so that it cannot overflow its 32 bits. */
const counterStartMax = 0x7fff_ffff;

/** An {@link IdSource} over the platform's cryptographic randomness and, unless another is given, its clock; ids of one source only grow, also within a millisecond. */
export function systemIds(clock: { now(): number } = Date): IdSource {
  const pool = new Uint8Array(randomPoolBytes);
  let used = randomPoolBytes;
  let lastMs = 0;
  let counter = 0;
  return {
    next() {
      if (used === randomPoolBytes) {
        crypto.getRandomValues(pool);
        used = 0;
      }
      const random = pool.slice(used, used + idRandomBytes);
      used += idRandomBytes;
      const nowMs = clock.now();
      if (nowMs > lastMs) {
        lastMs = nowMs;
        counter = new DataView(random.buffer).getUint32(0) & counterStartMax;
      } else {
        counter++;
      }
      return v7({ msecs: lastMs, seq: counter, random });
    },
  };
}

/** An {@link IdSource} that repeats itself for a seed: for tests and replays. `nowMs` is asked for each id. */
export function seededIds(seed: number, nowMs: () => number): IdSource {
  let state = seed | 0;
  let sequence = 0;
  const nextByte = () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 24) & 0xff;
  };
  return { next: () => v7({ msecs: nowMs(), seq: sequence++, random: Uint8Array.from({ length: 16 }, nextByte) }) };
}

const nameSpace = "5a1d0c0e-7b0f-5e1d-8c3a-2f6d5a1d0000";

/**
 * The identifier of something known by its name within a workspace (a category, an account), so that two devices that meet the same
 * name offline make the same row. Names are compared after {@link normaliseName}.
 */
export function idOfName(kind: "account" | "category", name: string): string {
  return v5(`${kind}\n${normaliseName(name)}`, nameSpace);
}

/** The row of a recommendation, by its stable key: two devices that decide on the same advice offline mean the same row. */
export function idOfRecommendation(key: string): string {
  return v5(`recommendation\n${key}`, nameSpace);
}

/** The identifier of a finding by its stable key: every device that computes it makes the same row. */
export function idOfFinding(stableKey: string): string {
  return v5(`finding\n${stableKey}`, nameSpace);
}

/** The report of every workspace whose note is the company's own, shown beside its overview. Ids of rows are unique within a workspace. */
export const overviewReportId = v5("report\noverview", nameSpace);

/** The result of one kind of a job: however often the job runs, it has one of each kind. */
export function idOfJobResult(jobId: string, kind: string): string {
  return v5(`job result\n${kind}\n${jobId}`, nameSpace);
}

/** A name as it is compared: NFKC, lower case, single spaces. */
export function normaliseName(name: string): string {
  return name.normalize("NFKC").toLowerCase().replace(/\s+/gu, " ").trim();
}
