import { Client } from "pg";
import { generateShapes, generateTransactions, type GeneratedShape, paramsOf, valueColumns } from "./generated-shapes.ts";
import { Materialised, Refused, type TextRow } from "./materialised.ts";
import { followShape, type Replica } from "./replica.ts";

/** How big a run is; the seed fixes everything but the timing. */
export interface OracleSize {
  readonly seed: number;
  readonly shapes: number;
  readonly batches: number;
  readonly transactions: number;
  readonly mutations: number;
}

/** What a run disturbs and reads. */
export interface OracleSubject {
  readonly databaseUrl: string;
  /** Address of `/v1/shape`, the same through all restarts. */
  readonly url: string;
  /** Called in the middle of the batches after which the service is disturbed; resolves when it serves again or soon will. */
  readonly disturb: (batch: number) => Promise<void>;
  /** How many shapes the official client follows beside our own. */
  readonly official?: number;
}

const freshEvery = 2;
const mainRows = 0;
const longRows = 1_000;

interface Followed {
  readonly shape: GeneratedShape;
  readonly client: Materialised;
  /** Begun since the last comparison but one: perhaps not yet on disk when the service went, so that it may be begun anew. */
  young: boolean;
  readonly joinedIn: number;
}

async function connected(databaseUrl: string): Promise<Client> {
  const client = new Client({ connectionString: databaseUrl });
  client.on("error", () => undefined);
  await client.connect();
  await client.query("SET TimeZone = 'UTC'; SET DateStyle = 'ISO, DMY'; SET extra_float_digits = 1");
  return client;
}

/**
 * Writes batch after batch, with a long transaction open over the start of some shapes, and compares every shape with its query after each.
 * Throws at the first difference. A shape may only be rotated by a TRUNCATE.
 */
export async function runOracle(subject: OracleSubject, size: OracleSize): Promise<void> {
  const run = new OracleRun(subject, size, await connected(subject.databaseUrl), await connected(subject.databaseUrl));
  try {
    await run.start();
    for (let batch = 0; batch < size.batches; batch++) await run.batch(batch);
  } finally {
    await run.stop();
  }
}

class OracleRun {
  readonly #subject: OracleSubject;
  readonly #size: OracleSize;
  readonly #main: Client;
  readonly #long: Client;
  #candidates: readonly GeneratedShape[] = [];
  #followed: Followed[] = [];
  #official: { readonly shape: GeneratedShape; readonly replica: Replica }[] = [];
  #truncated = false;

  constructor(subject: OracleSubject, size: OracleSize, main: Client, long: Client) {
    this.#subject = subject;
    this.#size = size;
    this.#main = main;
    this.#long = long;
  }

  /** Three quarters of the shapes are there from the start; the others join during the batches, while transactions are open. */
  async start(): Promise<void> {
    const { seed, shapes } = this.#size;
    this.#candidates = generateShapes(shapes, seed);
    await this.#main.query("INSERT INTO marks DEFAULT VALUES");
    await new Materialised(this.#subject.url, { table: "marks" }).catchUp(0n);
    await this.#join(Math.ceil(shapes * 0.75), 0);
    for (const { shape } of this.#followed.filter((one) => one.shape.log === "full").slice(0, this.#subject.official ?? 0)) {
      const { table = "facts", where = "true", columns } = paramsOf(shape);
      const params = { table, where, replica: "full" as const, ...(columns === undefined ? {} : { columns: columns.split(",") }) };
      this.#official.push({ shape, replica: followShape(this.#subject.url, params, { backoffOptions: { initialDelay: 20, maxDelay: 200, multiplier: 1.5 } }) });
    }
  }

  async stop(): Promise<void> {
    for (const { replica } of this.#official) replica.stop();
    await Promise.all([this.#main.end(), this.#long.end()]);
  }

  async batch(batch: number): Promise<void> {
    const { seed, transactions, mutations, shapes, batches } = this.#size;
    const bodies = generateTransactions(transactions, mutations, mainRows, seed + batch);
    const half = Math.ceil(transactions / 2);
    const [before, across] = generateTransactions(2, mutations, longRows, seed + 1_000 + batch);
    await this.#long.query(["BEGIN", ...(before?.statements ?? [])].join("; "));
    for (const { statements, end } of bodies.slice(0, half)) await this.#main.query(["BEGIN", ...statements, end].join("; "));
    const disturbing = this.#subject.disturb(batch);
    disturbing.catch(() => undefined);
    const left = Math.max(0, shapes - this.#followed.length);
    const joining = this.#join(Math.ceil(left / (batches - batch)), batch);
    for (const { statements, end } of bodies.slice(half)) await this.#main.query(["BEGIN", ...statements, end].join("; "));
    await joining;
    await this.#long.query([...(across?.statements ?? []), across?.end ?? "COMMIT"].join("; "));
    this.#truncated = batch === batches >> 1;
    if (this.#truncated) await this.#main.query("TRUNCATE facts");
    await disturbing;
    await this.#compare(batch);
  }

  /** Follows the next candidates that are not refused. */
  async #join(count: number, batch: number): Promise<void> {
    for (let joined = 0; joined < count; ) {
      const [shape, ...others] = this.#candidates;
      if (shape === undefined) return;
      this.#candidates = others;
      if (shape.log === "changes_only" && this.#followed.length > this.#size.shapes / 2) continue; // its log has all of the table only from the start
      const client = new Materialised(this.#subject.url, paramsOf(shape));
      try {
        await client.catchUp(0n);
      } catch (error) {
        if (error instanceof Refused && error.status === 400 && shape.mayBeRefused) continue;
        throw error;
      }
      this.#followed.push({ shape, client, young: true, joinedIn: batch });
      joined += 1;
    }
  }

  async #compare(batch: number): Promise<void> {
    const { rows: [mark] } = await this.#main.query<{ lsn: string }>("SELECT (pg_current_wal_insert_lsn() - '0/0')::text AS lsn");
    const lsn = BigInt(mark?.lsn ?? 0);
    await this.#main.query("INSERT INTO marks DEFAULT VALUES");
    for (const followed of this.#followed) {
      const { shape, client } = followed;
      await client.catchUp(lsn);
      const rotated = client.rotations > 0;
      if (rotated && !followed.young && !this.#truncated) throw new Error(`batch ${batch}: begun anew for no reason: ${JSON.stringify(shape)}`);
      followed.young = rotated || followed.joinedIn === batch;
      client.rotations = 0;
      const expected = await this.#expected(shape);
      same(client.rows, expected, shape, `batch ${batch}`);
    }
    for (const [index, { shape }] of this.#followed.entries()) {
      if (batch % freshEvery !== 1 || index % 4 !== batch % 4) continue;
      const fresh = new Materialised(this.#subject.url, paramsOf(shape));
      await fresh.catchUp(lsn);
      same(fresh.rows, await this.#expected(shape), shape, `a fresh client, batch ${batch}`);
    }
    for (const { shape, replica } of this.#official) {
      const keys = JSON.stringify([...(await this.#expected(shape)).keys()]);
      await replica.until(() => JSON.stringify([...replica.rows.values()].map((values) => JSON.stringify(values["id"])).toSorted()) === keys);
      if (replica.faults.length > 0) throw new Error(`${replica.faults.join(", ")}: ${JSON.stringify(shape)}`);
    }
  }

  /** What Postgres itself answers, by key. */
  async #expected({ where, columns }: GeneratedShape): Promise<Map<string, TextRow>> {
    const texts = ["id", ...valueColumns.filter((column) => columns.includes(column))].map((column) => `CASE WHEN ${column} IS NOT NULL THEN concat(${column}) END AS ${column}`);
    const { rows } = await this.#main.query<TextRow>(`SELECT ${texts.join(", ")} FROM facts WHERE ${where}`);
    return new Map(rows.map((values) => [values["id"] ?? "", values] as const).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }
}

function same(rows: ReadonlyMap<string, TextRow>, expected: ReadonlyMap<string, TextRow>, shape: GeneratedShape, when: string): void {
  const actual = new Map([...rows.values()].map((values) => [values["id"] ?? "", values]));
  for (const id of new Set([...actual.keys(), ...expected.keys()])) {
    const [one, other] = [actual.get(id), expected.get(id)];
    const differs = one === undefined || other === undefined ? "" : Object.keys(other).find((name) => one[name] !== other[name]) ?? (Object.keys(one).length === Object.keys(other).length ? undefined : "columns");
    if (differs === undefined) continue;
    const state = (row: TextRow | undefined): string => (row === undefined ? "missing" : `${differs} = ${(row[differs] ?? "NULL").slice(0, 40)}`);
    throw new Error(`${when}: row ${id} is ${state(one)}, in the table ${state(other)}; ${JSON.stringify(shape)}`);
  }
}
