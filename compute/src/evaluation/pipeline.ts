import { examineWorkspace, withVerdicts } from "@saldo/client-core/findings";
import { adviceOf, readAdviceBooks } from "@saldo/client-core/recommendations";
import { insertTableRows, type LocalDatabase } from "@saldo/client-core/store";
import { idOfName, minor, searchTextOf, type Finding, type FindingKind, type RecommendationCode, type RecommendationItem, type Row } from "@saldo/schema";
import { adviseOnBooks } from "../ai/advice/advise-on-books.ts";
import { factsOfBooks } from "../ai/advice/facts-of-books.ts";
import type { ModelDesk } from "../ai/desk.ts";
import type { CauseKind } from "./causes.ts";
import { dayOf, ledgerToday, monthBack, type BaseLedger } from "./ledger-under-test.ts";

/** What the product says of a ledger, as decisions about causes. */
export interface Alarm {
  readonly kind: CauseKind;
  readonly subject: string | null;
  readonly effectMinor: number | null;
}

const createdAt = "2026-10-03T00:00:00.000Z";

/** Writes a ledger into a store of its own workspace, the way an import leaves it. */
export async function storeLedger(database: LocalDatabase, workspaceId: string, ledger: BaseLedger): Promise<void> {
  const account: Row<"account"> = { id: `${workspaceId}-account`, workspaceId, name: "Main", currency: ledger.currency, number: null, balanceMinor: minor(ledger.cashMinor), balanceAsOf: dayOf(monthBack(0), 31), archived: false, createdAt };
  const named = new Map(ledger.postings.map(({ category: name, amountMinor }) => [idOfName("category", name), { name, kind: amountMinor > 0 ? ("income" as const) : ("expense" as const) }]));
  const categories = [...named].map(([id, { name, kind }], place): Row<"category"> => ({ ...plainCategory, id, workspaceId, name, kind, slot: place % 9 }));
  const sorted = ledger.postings.toSorted((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0));
  const transactions = sorted.map(({ on, amountMinor, party, category, description, kind }, place): Row<"transaction"> => ({
    ...plainTransaction,
    id: `${workspaceId}-${String(place).padStart(6, "0")}`,
    workspaceId,
    accountId: account.id,
    postedOn: on,
    amountMinor: minor(amountMinor),
    currency: ledger.currency,
    description,
    counterpartyName: party,
    categoryId: idOfName("category", category),
    searchText: searchTextOf(description, party),
    kind,
  }));
  await database.transaction(async (tx) => {
    await insertTableRows(tx, "workspace", [{ id: workspaceId, name: ledger.name, currency: ledger.currency, locale: ledger.locale, plan: "trial", createdAt, aiNames: false }], "fail");
    await insertTableRows(tx, "account", [account], "fail");
    await insertTableRows(tx, "category", categories, "fail");
    await insertTableRows(tx, "transaction", transactions, "fail");
  });
}

/** What was said of a ledger: by findings, rules and the forecast of cash alone, and with what models add to it. */
export interface Said {
  readonly alone: readonly Alarm[];
  /** Null where there is no desk. */
  readonly withModels: readonly Alarm[] | null;
}

/** Longest wait for models over one ledger. */
const modelsMsMax = 180_000;

/** Runs the whole analysis of a workspace: findings, forecast of cash and recommendations as a device does, then what models propose and check on a worker. */
export async function alarmsOf(database: LocalDatabase, workspaceId: string, locale: "en" | "ru", desk: ModelDesk | null): Promise<Said> {
  const { findings, books } = await database.snapshot(async (reader) => ({
    findings: (await withVerdicts(reader, workspaceId, await examineWorkspace(reader, workspaceId))).open,
    books: await readAdviceBooks(reader, { workspaceId, today: ledgerToday }),
  }));
  const found = findings.flatMap(alarmOfFinding);
  const { report, ledger } = adviceOf(books);
  const alone = [...found, ...report.items.flatMap(alarmOfItem)];
  if (desk === null) return { alone, withModels: null };
  const work = { desk, account: { workspaceId, jobId: null }, signal: AbortSignal.timeout(modelsMsMax), nowMs: () => Date.parse(createdAt), progress: () => Promise.resolve() };
  const advised = await adviseOnBooks({ facts: factsOfBooks(ledger, locale), report, allowNames: false }, work);
  return { alone, withModels: [...found, ...advised.report.items.flatMap(alarmOfItem)] };
}

/** Which cause a recommendation names. */
const causeOfCode: Readonly<Record<RecommendationCode, CauseKind | null>> = {
  reduce_category: "category_overspend",
  renegotiate_vendor: "vendor_price",
  cancel_duplicate: "duplicate_subscription",
  cancel_unused: "unused_subscription",
  merge_services: null,
  widen_clients: "client_concentration",
  widen_vendors: null,
  collect_faster: "late_client",
  collect_overdue: "late_client",
  cover_shortfall: "cash_gap",
  stop_loss: null,
  prepare_season: null,
  cut_fees: "fees_rise",
  avoid_penalties: null,
};
const wholeCompany: readonly CauseKind[] = ["cash_gap", "fees_rise"];

function alarmOfItem({ code, parameters, effect }: RecommendationItem): Alarm[] {
  const kind = causeOfCode[code];
  // Cash that may run short in one case of ten is a warning, not a decision that it will.
  if (kind === null || (code === "cover_shortfall" && parameters["likely"] === "possible")) return [];
  return [{ kind, subject: wholeCompany.includes(kind) ? null : String(parameters["name"] ?? ""), effectMinor: effect.amountMinor }];
}

/** Which cause a finding names; null for what is information only. */
const causeOfFinding: Readonly<Record<FindingKind, CauseKind | null>> = {
  duplicate_exact: "duplicate_payment",
  duplicate_near: "duplicate_payment",
  amount_unlike_vendor: "amount_outlier",
  amount_unlike_category: "amount_outlier",
  round_amount: null,
  split_invoice: "split_invoice",
  category_unlike_vendor: "wrong_category",
  new_vendor_large: "new_vendor_large",
  category_pace: "category_month",
  recurring_missing: "missing_payment",
  price_step: "vendor_price",
  off_hours: null,
  benford: null,
  reported: null,
};

/** A finding is a decision where it is likelier right than wrong; below that it is a hint. */
const decidedPermille = 500;

function alarmOfFinding({ kind: found, scorePermille, evidence: { facts, rows }, amountMinor }: Finding): Alarm[] {
  const kind = causeOfFinding[found];
  if (kind === null || scorePermille < decidedPermille) return [];
  // What a client pays is nobody's price to renegotiate.
  if (kind === "vendor_price" && rows.some((row) => row.amountMinor > 0)) return [];
  const subject = "counterparty" in facts ? facts.counterparty : "category" in facts ? facts.category : "";
  return [{ kind, subject, effectMinor: amountMinor }];
}

const plainCategory = { parentId: null, archived: false, activity: "operating", mergedIntoId: null, createdAt } as const;

const plainTransaction = {
  importId: null,
  importLine: null,
  counterpartyId: null,
  categorySource: "person",
  parentId: null,
  isSplit: false,
  note: null,
  createdAt,
  bankId: null,
  counterpartyAccount: null,
  counterpartyTaxId: null,
  kindSource: "file",
  transferId: null,
  vatMinor: null,
  isDistinct: false,
} as const;
