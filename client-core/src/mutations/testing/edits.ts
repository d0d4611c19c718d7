import { compareBytewise, mutations, type ImportRow, type MutationArgs, type MutationName, type RecommendationItem } from "@saldo/schema";
import * as Y from "yjs";

/** One mutation as a person's app would record it. */
export interface Edit {
  readonly name: MutationName;
  readonly args: unknown;
}

/** A whole number from 0 up to but not including its bound. */
export type Pick = (below: number) => number;

const createdAt = "2026-01-01T00:00:00.000Z";
const names = ["Еда", "Ёлка", "coffee", "O'Brien \\ \"x\"", "ß", "日本", " spaced ", "🧾"];
const dates = ["2026-01-31", "2025-02-28", "1999-12-31"];
/** A PNG's signature and nothing behind it. */
const logo = "iVBORw0KGgo=";

/** Mutations that say nothing about rows people edit, or that only an import in order may use. */
const leftOut: ReadonlySet<MutationName> = new Set(["import.begin", "import.addNames", "import.addRows", "import.complete", "rejection.resolve"]);

/** Names of all mutations an edit may have: every declared one but those that belong to an import as a whole. */
export const editNames: readonly MutationName[] = Object.values(mutations)
  .map(({ name }) => name)
  .filter((name) => !leftOut.has(name))
  .toSorted(compareBytewise);

/** The import every run of edits begins with: two accounts, three categories, fourteen transactions, two of them one transfer. */
export function firstImport(prefix: string): Edit[] {
  const begin: MutationArgs<"import.begin"> = {
    importId: `${prefix}-import`,
    fileName: "f.csv",
    fileSha256: "0".repeat(64),
    fileBytes: 1,
    format: "csv",
    understanding: { columns: ["дата"] },
    accounts: ids(prefix, "account", 2).map((id) => ({ id, name: id, currency: "EUR", number: null })),
    categories: ids(prefix, "category", 3).map((id) => ({ id, name: id, kind: "expense" })),
    createdAt,
  };
  const rows: MutationArgs<"import.addRows"> = {
    importId: begin.importId,
    currencies: ["EUR"],
    accounts: ids(prefix, "account", 2),
    categories: ids(prefix, "category", 3),
    rowCurrencies: [],
    rows: [...ids(prefix, "transaction", 12).map((id, line) => [id, line, "2026-01-02", -100 - line, line % 2, (line % 4) - 1, `Кофе ${line}`, line % 3 === 0 ? null : "Café"] satisfies ImportRow),
      [`${prefix}-transaction-12`, 12, "2026-01-03", -5_000, 0, -1, "Перевод между счетами", null, { kind: "transfer", bankId: "b1", counterpartyAccount: "40702", vatMinor: 7 }],
      [`${prefix}-transaction-13`, 13, "2026-01-04", 5_000, 1, -1, "Поступление", null],
    ],
    createdAt,
  };
  const complete: MutationArgs<"import.complete"> = { importId: begin.importId, rowsAdded: 14, rowsRefused: 0, largestCategories: ids(prefix, "category", 1), completedAt: createdAt };
  return [
    { name: "import.begin", args: begin },
    { name: "import.addRows", args: rows },
    { name: "import.complete", args: complete },
  ];
}

/** Ids an edit may name: few, so that edits meet; some of them name nothing. */
function ids(prefix: string, table: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}-${table}-${index}`);
}

/**
 * One edit of the named mutation with arguments of its form. Most name rows that are there, some do not, so that refusals are met too.
 * `step` makes new ids: the same run gives the same edits.
 */
export function editOf(name: MutationName, pick: Pick, prefix: string, step: number): Edit {
  return { name, args: argumentsOf[name](maker(pick, prefix, step)) };
}

function maker(pick: Pick, prefix: string, step: number) {
  const oneOf = <Value>(values: readonly [Value, ...Value[]]): Value => values[pick(values.length)] ?? values[0];
  const maybe = <Value>(value: () => Value): Value | null => (pick(4) === 0 ? null : value());
  return {
    pick,
    oneOf,
    maybe,
    createdAt,
    prefix,
    /** An id of a row that may be there. */
    known: (table: string) => `${prefix}-${table}-${pick(5)}`,
    /** An id for a new row, at times one that is taken. */
    fresh: (table: string) => `${prefix}-${table}-${(step + pick(2)) % 5}`,
    text: () => names[pick(names.length)] ?? "x",
    date: () => dates[pick(dates.length)] ?? "2026-01-01",
    json: () => ({ b: [1, null, names[pick(names.length)] ?? ""], a: pick(3) }),
  };
}

type Maker = ReturnType<typeof maker>;

/** Some of the named fields, so that patches of every combination are met. */
function some(m: Maker, fields: Readonly<Record<string, () => unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).flatMap(([key, value]) => (m.pick(2) === 0 ? [] : [[key, value()]])));
}

/** What typing a word into an empty note gives, in base64. */
function noteUpdate(m: Maker): string {
  const document = new Y.Doc();
  document.clientID = 1 + m.pick(255);
  document.getText("text").insert(0, m.text());
  return btoa(String.fromCharCode(...Y.encodeStateAsUpdate(document)));
}

function advice(m: Maker): RecommendationItem {
  const amountMinor = 100 * m.pick(5);
  return {
    key: m.oneOf(["fees", "reduce_category/a"]),
    code: "cut_fees",
    parameters: { name: m.text() },
    effect: { kind: "saves", per: "month", amountMinor, lowMinor: 0, highMinor: 2 * amountMinor },
    priority: m.oneOf(["high", "low"]),
    figures: [{ name: "fees", unit: "money", value: amountMinor, rows: { from: "2026-01-01", to: "2026-01-31", totalMinor: amountMinor, count: 1, dividedBy: 1 } }],
    measure: { kind: "none" },
    source: "rule",
  };
}

const someChanges = (m: Maker): unknown => [
  { kind: "percent", componentId: m.oneOf(["revenue", `category:${m.known("category")}`]), percent: m.pick(50) - 25 },
  m.oneOf<unknown>([{ kind: "one_off", amountMinor: -m.pick(9_000), month: "2026-05" }, { kind: "hire", count: 1 + m.pick(3), monthlyCostMinor: 78_000, from: "2026-06" }]),
];

const condition = (m: Maker) =>
  m.oneOf<unknown>([
    { field: "description", op: "contains", text: "кофе" },
    { field: "amount", fromMinor: null, toMinor: m.pick(1_000) },
    { field: "direction", direction: "out" },
  ]);

/** Parts of a row of the import, which moves −100 minor units less its number; at times they do not add up, or the row is another. */
function splitOf(m: Maker): unknown {
  const index = m.pick(5);
  const whole = -100 - index + (m.pick(6) === 0 ? 1 : 0);
  const first = m.pick(150);
  const part = (amountMinor: number) => ({ id: m.fresh("part"), amountMinor, categoryId: m.maybe(() => m.known("category")), note: m.maybe(m.text) });
  const [one, other] = [part(-first), part(whole + first)];
  return { id: `${m.prefix}-transaction-${index}`, parts: [one, { ...other, id: `${one.id}-rest` }], createdAt: m.createdAt };
}

const argumentsOf: Readonly<Record<MutationName, (m: Maker) => unknown>> = {
  "workspace.update": (m) => some(m, { name: m.text, currency: () => "USD", locale: () => m.oneOf(["en", "ru"]), aiNames: () => m.pick(2) === 0 }),
  "account.create": (m) => ({ id: m.fresh("account"), name: m.text(), currency: "RUB", number: m.maybe(() => "40702"), createdAt: m.createdAt }),
  "account.rename": (m) => ({ accountId: m.known("account"), name: m.text() }),
  "account.setNumber": (m) => ({ accountId: m.known("account"), number: m.maybe(() => "DE89") }),
  "account.setBalance": (m) => ({ accountId: m.known("account"), balanceMinor: m.maybe(() => m.pick(1_000_000) - 500_000), asOf: m.date() }),
  "account.archive": (m) => ({ accountId: m.known("account"), archived: m.pick(2) === 0 }),
  "category.create": (m) => ({ id: m.fresh("category"), name: m.text(), kind: m.oneOf(["income", "expense", "transfer"]), createdAt: m.createdAt, ...some(m, { parentId: () => m.known("category"), activity: () => m.oneOf(["operating", "investing", "financing"]) }) }),
  "category.setActivity": (m) => ({ categoryId: m.known("category"), activity: m.oneOf(["operating", "investing", "financing"]) }),
  "category.merge": (m) => ({ categoryId: m.known("category"), intoId: m.known("category") }),
  "category.addChart": (m) => ({ locale: m.oneOf(["en", "ru"]), createdAt: m.createdAt }),
  "category.rename": (m) => ({ categoryId: m.known("category"), name: m.text() }),
  "category.move": (m) => ({ categoryId: m.known("category"), parentId: m.maybe(() => m.known("category")) }),
  "category.setColour": (m) => ({ categoryId: m.known("category"), slot: m.pick(9) }),
  "category.archive": (m) => ({ categoryId: m.known("category"), archived: m.pick(2) === 0 }),
  "rule.create": (m) => ({ id: m.fresh("rule"), conditions: [condition(m)], categoryId: m.known("category"), createdAt: m.createdAt }),
  "rule.update": (m) => ({ ruleId: m.known("rule"), ...some(m, { conditions: () => [condition(m)], categoryId: () => m.known("category"), enabled: () => m.pick(2) === 0 }) }),
  "rule.move": (m) => ({ ruleId: m.known("rule"), beforeId: m.maybe(() => m.known("rule")) }),
  "rule.remove": (m) => ({ ruleId: m.known("rule") }),
  "counterparty.create": (m) => ({ id: m.fresh("counterparty"), name: m.text(), taxNumber: m.maybe(() => "7707083893"), accountNumber: null, createdAt: m.createdAt }),
  "counterparty.update": (m) => ({ counterpartyId: m.known("counterparty"), ...some(m, { name: m.text, taxNumber: () => null, accountNumber: () => "40817" }) }),
  "transaction.recategorise": (m) => ({ ids: [...new Set([m.known("transaction"), m.known("transaction")])], categoryId: m.maybe(() => m.known("category")) }),
  "transaction.categorise": (m) => ({ by: m.oneOf(["rule", "model"]), categories: [m.known("category"), m.known("category")], rows: [[m.known("transaction"), m.pick(2)], [m.known("transaction"), m.pick(3)]] }),
  "transaction.split": (m) => splitOf(m),
  "transaction.unsplit": (m) => ({ id: m.known("transaction") }),
  "transaction.setNote": (m) => ({ id: m.known("transaction"), note: m.maybe(m.text) }),
  "transaction.setCounterparty": (m) => ({ ids: [m.known("transaction")], counterpartyId: m.maybe(() => m.known("counterparty")) }),
  "transaction.setKind": (m) => ({ ids: [m.known("transaction")], kind: m.oneOf(["ordinary", "transfer", "refund", "fee", "tax", "payroll"]) }),
  "transaction.removeDoubles": (m) => ({ ids: [m.known("transaction")] }),
  "transaction.keepDistinct": (m) => ({ ids: [m.known("transaction")] }),
  // Two rows of the import move the same money between its two accounts.
  "transfer.link": (m) => ({ pairs: [m.pick(2) === 0 ? [`${m.prefix}-transaction-12`, `${m.prefix}-transaction-13`] : [m.known("transaction"), m.known("transaction")]], by: m.oneOf(["found", "person"]) }),
  "import.begin": () => ({}),
  "import.addNames": () => ({}),
  "import.addRows": () => ({}),
  "import.complete": () => ({}),
  "import.undo": (m) => ({ importId: m.pick(8) === 0 ? m.known("import").replace(/-\d$/, "") : "none" }),
  "file.register": (m) => ({ sha256: String(m.pick(5)).repeat(64), name: m.text(), mediaType: m.oneOf(["text/csv", "application/octet-stream"]), byteCount: 1 + m.pick(1_000), createdAt: m.createdAt }),
  "importMapping.save": (m) => ({ id: m.fresh("import_mapping"), fingerprint: m.oneOf(["csv:a", "csv:b"]), mapping: m.json(), createdAt: m.createdAt }),
  "importMapping.remove": (m) => ({ mappingId: m.known("import_mapping") }),
  "plannedItem.create": (m) => ({
    id: m.fresh("planned_item"), name: m.text(), amountMinor: m.pick(10_000) - 5_000, currency: "EUR", categoryId: m.maybe(() => m.known("category")),
    firstOn: m.date(), repeat: m.oneOf(["once", "week", "month", "quarter", "year"]), lastOn: m.maybe(m.date), likelihood: m.pick(101) / 100, createdAt: m.createdAt,
  }),
  "plannedItem.update": (m) => ({ itemId: m.known("planned_item"), ...some(m, { name: m.text, amountMinor: () => m.pick(99), lastOn: () => null, likelihood: () => 0.1, categoryId: () => m.known("category") }) }),
  "plannedItem.remove": (m) => ({ itemId: m.known("planned_item") }),
  "scenario.create": (m) => ({ id: m.fresh("scenario"), name: m.text(), currency: "EUR", changes: someChanges(m), createdAt: m.createdAt }),
  "scenario.update": (m) => ({ scenarioId: m.known("scenario"), ...some(m, { name: m.text, tried: () => ({ currency: "EUR", changes: someChanges(m) }) }) }),
  "scenario.remove": (m) => ({ scenarioId: m.known("scenario") }),
  "exchangeRate.set": (m) => ({ id: m.fresh("exchange_rate"), base: "USD", quote: "EUR", onDate: m.date(), rate: `0.${1 + m.pick(99)}`, source: m.text() }),
  "exchangeRate.remove": (m) => ({ rateId: m.known("exchange_rate") }),
  "report.create": (m) => ({ id: m.fresh("report"), title: m.text(), parameters: m.json(), createdAt: m.createdAt }),
  "report.ensure": (m) => ({ id: m.pick(2) === 0 ? m.known("report") : m.fresh("report"), title: m.text(), parameters: m.json(), createdAt: m.createdAt }),
  "report.rename": (m) => ({ reportId: m.known("report"), title: m.text() }),
  "report.addResult": (m) => ({ id: m.fresh("report_result"), reportId: m.known("report"), kind: "forecast", version: 1, result: m.pick(4) === 0 ? m.json() : { version: 1, outcome: "not_enough_data", currency: "EUR", monthsHave: m.pick(6), monthsNeed: 6 }, computedAt: m.createdAt }),
  "report.remove": (m) => ({ reportId: m.known("report") }),
  "note.append": (m) => ({ id: m.fresh("note_update"), reportId: m.known("report"), update: noteUpdate(m), createdAt: m.createdAt }),
  "finding.setStatus": (m) => ({ findingId: m.known("finding"), status: m.oneOf(["open", "right", "wrong", "expected"]) }),
  "recommendation.decide": (m) => ({ item: advice(m), currency: "EUR", decision: m.oneOf<object>([{ status: "done" }, { status: "open" }, { status: "snoozed", snoozedUntil: m.createdAt }]), decidedAt: m.createdAt }),
  "finding.judge": (m) => ({ finding: judgedFinding(`found-${m.pick(3)}`), verdict: m.oneOf(["right", "wrong", "expected"]), feedbackId: m.fresh("feedback"), comment: m.maybe(m.text), createdAt: m.createdAt }),
  "feedback.give": (m) => ({ id: m.fresh("feedback"), subjectTable: "transaction", subjectId: m.known("transaction"), verdict: m.oneOf(["right", "wrong", "expected"]), comment: m.maybe(m.text), createdAt: m.createdAt }),
  "feedback.withdraw": (m) => ({ feedbackId: m.known("feedback") }),
  "brand.update": (m) => ({ ...some(m, { companyName: m.text, colour: () => "#0a0b0c", logo: () => m.maybe(() => logo) }), updatedAt: m.createdAt }),
  "job.request": (m) => ({ jobId: m.fresh("job"), kind: m.oneOf(["generate_forecast", "export_pdf"]), parameters: { horizonMonths: 6 }, requestedAt: m.createdAt }),
  "job.retry": (m) => ({ jobId: m.known("job"), requestedAt: m.createdAt }),
  "job.cancel": (m) => ({ jobId: m.known("job"), finishedAt: m.createdAt }),
  "edit.revert": (m) => ({
    changes: [
      m.oneOf<unknown>([
        { kind: "patch", table: "category", id: m.known("category"), before: { name: "was", parentId: m.maybe(() => m.known("category")) }, after: { name: m.text(), parentId: null } },
        { kind: "patch", table: "transaction", id: m.known("transaction"), before: { categoryId: m.maybe(() => m.known("category")), categorySource: "file", note: null }, after: { categoryId: m.maybe(() => m.known("category")), categorySource: "person", note: m.maybe(m.text) } },
        { kind: "insert", table: m.oneOf(["category", "rule", "report"]), id: m.known("category"), row: {} },
        { kind: "remove", table: "rule", id: m.known("rule"), row: { position: 1, conditions: [condition(m)], categoryId: m.known("category"), enabled: true, createdAt: m.createdAt } },
      ]),
    ],
  }),
  "rejection.resolve": (m) => ({ id: m.known("rejection"), status: "discarded" }),
};

/** A computed finding as a device hands it over with a verdict. */
function judgedFinding(stableKey: string) {
  const facts = { kind: "duplicate_exact", counterparty: "Дом", amountMinor: 100, onDate: "2026-03-01", copies: 2, usualCopies: 1 };
  const evidence = { version: 1, facts, rows: [], signals: [], subjectKey: "дом" };
  return { stableKey, kind: "duplicate_exact", severity: "high", scorePermille: 900, amountMinor: 100, currency: "EUR", evidence };
}

/** Rows only the server writes, which edits judge: a finding and a recommendation. Columns by their SQL names. */
export function judgedRows(prefix: string, workspaceId: string): { readonly table: "finding" | "recommendation"; readonly row: Readonly<Record<string, string | number | null>> }[] {
  const own = { workspace_id: workspaceId, stable_key: "k", currency: "EUR", status: "open", created_at: createdAt };
  const finding = { ...own, id: `${prefix}-finding-0`, kind: "duplicate", severity: "high", score_permille: 900, amount_minor: 100, evidence: "{}" };
  const effect = { effect_minor: 100, effect_low_minor: null, effect_high_minor: null };
  const recommendation = { ...own, ...effect, id: `${prefix}-recommendation-0`, report_id: null, code: "fees", parameters: "{}", priority: "low", snoozed_until: null };
  return [{ table: "finding", row: finding }, { table: "recommendation", row: recommendation }];
}
