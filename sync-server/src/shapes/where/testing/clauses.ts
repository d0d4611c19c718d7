/** A family of values that can be compared with each other. */
type Family = "bool" | "int" | "numeric" | "float" | "text" | "uuid" | "date" | "timestamp" | "timestamptz" | "time" | "interval" | "enum" | "bytea" | "ints" | "texts" | "numerics";

/** Columns of the test table, by family, with the SQL type of each. */
export const columns: Readonly<Record<Family, readonly (readonly [name: string, type: string])[]>> = {
  bool: [["b", "bool"], ["b2", "bool"]],
  int: [["i2", "int2"], ["i4", "int4"], ["i8", "int8"], ["j4", "int4"]],
  numeric: [["n", "numeric"], ["n2", "numeric(12,2)"]],
  float: [["f4", "float4"], ["f8", "float8"], ["g8", "float8"]],
  text: [["t", "text"], ["v", "varchar(8)"], ["c", "char(4)"], ["k", 'text COLLATE "C"'], ["u2", "text"], ["w", 'text COLLATE "pg_c_utf8"'], ["x", 'text COLLATE "und-x-icu"']],
  uuid: [["u", "uuid"]],
  date: [["d", "date"], ["e", "date"]],
  timestamp: [["ts", "timestamp"]],
  timestamptz: [["tz", "timestamptz"]],
  time: [["tm", "time"]],
  interval: [["iv", "interval"]],
  enum: [["col", "colour"]],
  bytea: [["by", "bytea"]],
  ints: [["ai", "int4[]"]],
  texts: [["at", "text[]"]],
  numerics: [["an", "numeric[]"]],
};

/** Values by family, as text. */
export const samples: Readonly<Record<Family, readonly string[]>> = {
  bool: ["true", "false"],
  int: ["0", "1", "-1", "2", "3", "7", "-8", "100", "32767", "-32768"],
  numeric: ["0", "1", "1.5", "1.50", "-2.25", "0.1", "3", "9007199254740993", "99999999.99", "-0.01", "NaN"],
  float: ["0", "0.1", "-1.5", "2.5", "1e10", "NaN", "Infinity", "-Infinity", "-0", "3", "1e-7"],
  text: ["", "a", "A", "b", "ab", "AB", "é", "É", "ж", "Ж", "a%b", "a_b", "a\\b", "it's", "a ", " a", "1", "\u{1f600}", "ß", "ǆ", "İ", "Σας", "😀b"],
  uuid: ["00000000-0000-0000-0000-000000000001", "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11"],
  date: ["2024-02-29", "1999-12-31", "0044-03-15 BC", "infinity", "-infinity", "2024-03-01", "0001-01-01"],
  timestamp: ["2024-02-29 12:00:00", "2024-02-29 00:00:00", "1999-12-31 23:59:59.999999", "infinity", "0044-03-15 01:02:03 BC", "1970-01-01 00:00:00"],
  timestamptz: ["2024-02-29 12:00:00+00", "2024-02-29 09:00:00.5+03", "-infinity", "1969-12-31 23:59:59.999999+00", "2024-03-31 00:00:00+00"],
  time: ["00:00:00", "12:30:00.5", "24:00:00"],
  interval: ["1 day", "24 hours", "1 month", "30 days", "-1 day 02:03:04.5", "P1Y2M3DT4H5M6.789S", "0"],
  enum: ["red", "grün", "синий"],
  bytea: ["\\x", "\\x00ff", "\\x0001", "abc"],
  ints: ["{}", "{1,2,3}", "{1,NULL}", "{{1,2},{3,4}}", "{2}", "[0:1]={1,2}"],
  texts: ["{}", "{a,b}", '{"a b",NULL,"NULL","q\\"\\\\"}', "{é,A}", "{a}"],
  numerics: ["{1.5,2}", "{NaN,1.50}", "{}"],
};

const families: readonly Family[] = ["bool", "int", "numeric", "float", "text", "uuid", "date", "timestamp", "timestamptz", "time", "interval", "enum", "bytea", "ints", "texts", "numerics"];

/** A text as an SQL literal. */
export const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Writes clauses over the test table, the same ones for the same seed. (Mulberry32 by T. Ettinger, public domain, for the numbers.) */
export class ClauseGenerator {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  #random(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  below(count: number): number {
    return Math.floor(this.#random() * count);
  }

  pick<Item>(items: readonly Item[]): Item {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new Error("nothing to pick from");
    return item;
  }

  #chance(probability: number): boolean {
    return this.#random() < probability;
  }

  /** A literal of a family: quoted, a bare number, cast, or NULL. */
  #literal(family: Family): string {
    if (this.#chance(0.05)) return "NULL";
    const text = this.pick(samples[family]);
    if (family === "bool" && this.#chance(0.7)) return text;
    if (/^-?\d+(\.\d+)?$/.test(text) && ["int", "numeric", "float"].includes(family) && this.#chance(0.7)) return text;
    const type = this.pick(columns[family])[1].replace(/\(.*| COLLATE.*/, "");
    return this.#chance(0.3) ? `${quote(text)}::${type}` : quote(text);
  }

  #column(family: Family): string {
    return this.pick(columns[family])[0];
  }

  /** An expression of a family. */
  #value(family: Family, depth: number): string {
    if (depth <= 0 || this.#chance(0.5)) return this.#chance(0.75) ? this.#column(family) : this.#literal(family);
    const sub = (other: Family): string => this.#value(other, depth - 1);
    const made = this.#made(family, sub);
    if (made !== undefined && this.#chance(0.8)) return made;
    const name = this.pick(["coalesce", "coalesce", "greatest", "least", "nullif", "case"]);
    if (name === "case") return `CASE WHEN ${this.condition(depth - 1)} THEN ${sub(family)} ELSE ${sub(family)} END`;
    return `${name}(${this.#column(family)}, ${sub(family)})`;
  }

  #made(family: Family, sub: (family: Family) => string): string | undefined {
    switch (family) {
      case "int":
        return this.pick([
          () => `(${sub("int")} ${this.pick(["+", "-", "*", "/", "%"])} ${sub("int")})`,
          () => `(${this.#column("int")} ${this.pick(["&", "|", "#", "<<", ">>"])} ${this.#column("int")})`,
          () => `(${this.pick(["- ", "~ ", "@ ", "+ "])}${this.#column("int")})`,
          () => `length(${sub("text")})`,
          () => `${sub("numeric")}::${this.pick(["int2", "int4", "int8"])}`,
          () => `(${sub("date")} - ${this.#column("date")})`,
          () => `${this.pick(["cardinality", "array_ndims"])}(${this.#column("ints")})`,
          () => `array_length(${this.#column("texts")}, 1)`,
          () => `${this.#column("bool")}::int`,
          () => `abs(${sub("int")})`,
        ])();
      case "numeric":
        return this.pick([
          () => `(${sub("numeric")} ${this.pick(["+", "-", "*", "/", "%"])} ${this.pick([sub("numeric"), sub("int")])})`,
          () => `(- ${sub("numeric")})`,
          () => `${sub("int")}::numeric`,
        ])();
      case "float":
        return this.pick([() => `(${this.#column("float")} ${this.pick(["+", "-", "*", "/"])} ${this.pick([this.#column("float"), this.#column("int"), "2::float8"])})`, () => `(|/ ${this.#column("int")})`, () => `(- ${this.#column("float")})`, () => `${this.#column("int")}::float8`])();
      case "text":
        return this.pick([
          () => `${this.pick(["lower", "upper"])}(${sub("text")})`,
          () => `(${sub("text")} || ${this.pick([sub("text"), sub("int"), this.#column("bool")])})`,
          () => `${this.#column(this.pick(families))}::text`,
          () => `${this.#column("text")}::varchar(1)`,
          () => `${sub("numeric")}::text`,
        ])();
      case "date":
        return this.pick([() => `(${sub("date")} ${this.pick(["+", "-"])} ${sub("int")})`, () => `${this.pick([sub("timestamp"), sub("timestamptz")])}::date`])();
      case "timestamp":
        return this.pick([() => `(${this.pick([this.#column("timestamp"), this.#column("date")])} ${this.pick(["+", "-"])} ${quote(this.pick(samples.interval))}::interval)`, () => `(${this.#column("timestamptz")} AT TIME ZONE 'UTC')`])();
      case "timestamptz":
        return `(${this.#column("timestamptz")} ${this.pick(["+", "-"])} interval ${quote(this.pick(samples.interval))})`;
      case "bool":
        return undefined;
      default:
        return undefined;
    }
  }

  /** A list of literals of a family, in parentheses. */
  #list(family: Family): string {
    return `(${Array.from({ length: 1 + this.below(3) }, () => this.#literal(family)).join(", ")})`;
  }

  #comparison(depth: number): string {
    const family = this.pick(families);
    const [left, other] = [this.#value(family, depth), family === "numeric" ? this.pick<Family>(["numeric", "int"]) : family];
    const right = this.#value(other, depth);
    const ordered = !["ints", "texts", "numerics", "enum"].includes(family);
    const collate = family === "text" && this.#chance(0.3) ? ' COLLATE "C"' : "";
    const op = this.pick(ordered && (family !== "text" || collate !== "" || left === "k") ? ["=", "<>", "<", "<=", ">", ">="] : ["=", "<>", "!="]);
    return this.pick([
      () => `${left} ${op} ${right}${collate}`,
      () => `${left} ${op} ${right}${collate}`,
      () => `${left}${collate} IS ${this.pick(["", "NOT "])}DISTINCT FROM ${right}`,
      () => `${left} ${this.pick(["IN", "NOT IN"])} ${this.#list(family)}`,
      () => `${left} IS ${this.pick(["", "NOT "])}NULL`,
      () => (ordered && family !== "text" ? `${left} ${this.pick(["", "NOT "])}BETWEEN ${this.pick(["", "SYMMETRIC "])}${this.#literal(family)} AND ${right}` : `${left} = ${right}`),
    ])();
  }

  #special(depth: number): string {
    const array = this.pick<Family>(["ints", "texts", "numerics"]);
    const element: Family = array === "ints" ? "int" : array === "texts" ? "text" : "numeric";
    return this.pick([
      () => `${this.#value("text", depth - 1)} ${this.pick(["", "NOT "])}${this.pick(["LIKE", "ILIKE"])} ${quote(this.pick(["%", "a%", "%b", "%a%", "a_b", "a\\%b", "_", "", "__", "%É%", "AB", "%\\\\%", "i%", "a%b%", "%_%"]))}`,
      () => `${this.#column("text")} LIKE 'a!_b' ESCAPE '!'`,
      () => `${this.#column(array)} ${this.pick(["@>", "<@", "&&", "=", "<>"])} ${this.pick([this.#literal(array), this.#column(array)])}`,
      () => `${this.#value(element, depth - 1)} ${this.pick(["=", "<>"])} ${this.pick(["ANY", "ALL"])} (${this.pick([this.#column(array), quote(this.pick(samples[array]))])})`,
      () => `${this.#column("int")} ${this.pick(["<", ">=", "="])} ${this.pick(["ANY", "ALL"])} (ARRAY[1, 2, NULL]::int[])`,
      () => `(${this.#column("int")}, ${this.#column("date")}) ${this.pick(["=", "<>", "<", "<=", ">", ">="])} (${this.#literal("int")}, ${this.#literal("date")})`,
      () => `starts_with(${this.#column("text")}, 'a')`,
      () => `(${this.#column("uuid")}, ${this.#column("int")}) IN ((${this.#literal("uuid")}, 1), (NULL, 2))`,
      () => `${this.#column("date")} ${this.pick(["<", "=", ">="])} ${this.pick([this.#column("timestamp"), this.#column("timestamptz")])}`,
      () => `${this.#column("float")} ${this.pick(["<", "=", ">="])} ${this.pick(["0.1", "1.5", "3", this.#column("int")])}`,
      () => `${this.#column("int")} ${this.pick(["<", "=", ">="])} ${this.pick(["2.5", "3.0", "9223372036854775808", "-1"])}`,
    ])();
  }

  /** A whole clause. */
  condition(depth: number): string {
    const kind = this.below(10);
    if (depth > 0 && kind < 3) return `(${this.condition(depth - 1)} ${this.pick(["AND", "OR"])} ${this.condition(depth - 1)})`;
    if (depth > 0 && kind === 3) return `NOT (${this.condition(depth - 1)})`;
    if (depth > 0 && kind === 4) return `(${this.condition(depth - 1)}) IS ${this.pick(["", "NOT "])}${this.pick(["TRUE", "FALSE", "UNKNOWN", "NULL"])}`;
    if (kind === 5) return this.pick(["b", "b2", "NOT b", "b = b2", "b < b2", "true", "b IS NOT TRUE"]);
    return kind < 8 ? this.#comparison(depth) : this.#special(depth);
  }

  /** A row: each column's value as text, or `null`. */
  row(): (string | null)[] {
    return families.flatMap((family) => columns[family].map(([, type]) => (this.#chance(0.15) ? null : this.#rowValue(family, type))));
  }

  #rowValue(family: Family, type: string): string {
    const extremes: Readonly<Record<string, readonly string[]>> = { int4: ["2147483647", "-2147483648"], int8: ["9223372036854775807", "-9223372036854775808", "9007199254740993"], numeric: ["Infinity", "-Infinity", "123456789012345678901234567890.123456789", "1e-20"], float8: ["1e300", "1e-300", "0.30000000000000004"], float4: ["0.1", "16777216"] };
    const text = this.pick([...samples[family], ...(extremes[type] ?? [])].filter((sample) => type !== "numeric(12,2)" || sample.length < 12));
    const length = type === "char(4)" ? 4 : type === "varchar(8)" ? 8 : Infinity;
    return length === Infinity ? text : Array.from(text).slice(0, length).join("");
  }
}
