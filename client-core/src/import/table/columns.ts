import type { ColumnRole, Reason, UnderstoodColumn } from "../model.ts";
import { directionOf } from "../values/direction.ts";
import { tellsPromises } from "../values/document-type.ts";
import { plainWords } from "../values/words.ts";
import { rolesByName } from "./aliases.ts";
import { shareOf, type ColumnProfile } from "./profile.ts";

interface Candidate {
  readonly index: number;
  readonly role: ColumnRole;
  readonly score: number;
  readonly byName: number;
}

/** Roles in the order they choose their column. */
const rolesInOrder: readonly ColumnRole[] = [
  "date", "debit", "credit", "amount", "balance", "direction", "currency", "status", "fee", "description", "counterparty", "payer", "payee", "account", "category",
];

/**
 * Gives each column one role from its name and its cells; roles said by the person win. Several columns may share
 * `description` when a bank splits the purpose over numbered columns.
 */
export function assignRoles(
  names: readonly string[],
  profiles: readonly ColumnProfile[],
  said: Readonly<Record<number, ColumnRole>>,
): UnderstoodColumn[] {
  const chosen = new Map<number, Candidate>();
  const candidates = profiles.flatMap((profile) => candidatesOf(names[profile.index] ?? "", profile));
  for (const role of rolesInOrder) {
    if (Object.values(said).includes(role)) continue;
    const free = candidates.filter((candidate) => candidate.role === role && !chosen.has(candidate.index) && said[candidate.index] === undefined);
    const best = bestOf(free, role, names, chosen);
    if (best !== undefined) chosen.set(best.index, best);
  }
  addSecondBestDescription(chosen, names, profiles, said);
  dropLonelyPair(chosen, said);
  addByContent(chosen, profiles, said);
  addDescriptionParts(chosen, names, profiles, said);
  return profiles.map((profile) => describe(profile, names[profile.index] ?? "", chosen.get(profile.index), said[profile.index]));
}

const otherNames: Readonly<Partial<Record<ColumnRole, RegExp>>> = {
  currency: /(?:^| )(?:original|orig|foreign|target|converted|exchange|операции в валюте)(?: |$)/,
  counterparty: /(?:^| )(?:currency|amount|method|валюта|сумма|account|iban|bic|email|address|id|inn|инн|кпп|бик|банк|bank|счет|number|номер)(?: |$)/,
  payer: /(?:^| )(?:account|iban|bic|email|address|id|inn|инн|кпп|бик|банк|bank|счет|number|номер)(?: |$)/,
  payee: /(?:^| )(?:account|iban|bic|email|address|id|inn|инн|кпп|бик|банк|bank|счет|number|номер)(?: |$)/,
  description: /(?:^| )(?:id|number|code|date|номер|код|дата|amount|currency)(?: |$)/,
  category: /(?:^| )(?:number|iban|id|no|номер|bic)(?: |$)/,
  account: /(?:^| )(?:дебет|кредит|debit|credit|получатель|плательщик|контрагент|корреспондент|получателя|плательщика|контрагента|корреспондента|brand|entry|counterparty|payee|payer|beneficiary|partner|recipient|type|gegenkonto|tegenrekening|tegenpartij|bic|balance)(?: |$)/,
};

/** A word in the name that says the column holds something else of that thing: the account of the payee, the id of the transaction. */
function isNameOfOther(role: ColumnRole, plainName: string): boolean {
  return otherNames[role]?.test(plainName) ?? false;
}

/** Roles whose name is much worse than the best one of the column are no candidates: "Account name" is an account, not a name. */
function candidatesOf(name: string, profile: ColumnProfile): Candidate[] {
  const found: Candidate[] = [];
  for (const [role, byName] of rolesByName(name)) {
    const fit = contentFit(role, profile);
    if (fit <= 0 || isNameOfOther(role, plainWords(name)) || (role === "direction" && fit < 1 && (byName < 0.97 || plainWords(name) === "type"))) continue;
    found.push({ index: profile.index, role, byName, score: byName * 0.75 + fit * 0.25 });
  }
  // "Amount (debit/credit)" is neither of the pair.
  const names = new Set(found.filter(({ byName }) => byName < 0.9).map(({ role }) => role));
  if (names.has("debit") && names.has("credit")) return found.filter(({ role }) => role !== "debit" && role !== "credit");
  const bestName = Math.max(0, ...found.map((candidate) => candidate.byName));
  return found.filter((candidate) => candidate.byName >= bestName - 0.13);
}

/** How well the cells suit a role, 0 when they cannot be it. */
function contentFit(role: ColumnRole, profile: ColumnProfile): number {
  const filledShare = profile.records === 0 ? 0 : profile.filled / profile.records;
  if (profile.filled === 0) return role === "debit" || role === "credit" ? 0.3 : 0;
  const share = (count: number): number => shareOf(profile, count);
  switch (role) {
    case "date":
      return share(profile.dates) >= 0.5 ? share(profile.dates) * (0.3 + 0.7 * filledShare) : 0;
    case "amount":
    case "balance":
    case "fee":
      return share(profile.amounts) >= 0.6 ? share(profile.amounts) * (0.2 + 0.8 * filledShare) * (share(profile.identifiers) > 0.6 ? 0.3 : 1) : 0;
    case "debit":
    case "credit":
      return share(profile.amounts) >= 0.6 ? share(profile.amounts) : 0;
    case "direction":
      return share(profile.directions) >= 0.9 && profile.distinct.size <= 12 ? (namesBothWays(profile) ? 1 : 0.2) : 0;
    case "currency":
      return share(profile.currencies) >= 0.8 ? filledShare : 0;
    case "status":
      return (share(profile.statuses) >= 0.5 && profile.distinct.size <= 12) || tellsPromises(profile.distinct) ? 1 : 0;
    case "account":
      return looksLikeLedgerAccount(profile) || isMoneyColumn(profile) ? 0 : (profile.distinct.size <= Math.max(3, profile.filled * 0.2) ? 1 : profile.filled >= 10 ? 0 : 0.4) * filledShare;
    case "category":
      return share(profile.letters) >= 0.6 ? categoryVariety(profile) * (0.4 + 0.6 * filledShare) : 0;
    case "description":
    case "counterparty":
    case "payer":
    case "payee":
      return share(profile.dates) >= 0.5 ? 0 : share(profile.letters) >= 0.3 ? 0.3 + 0.7 * filledShare : 0.1;
    case "otherDate":
    case "otherAmount":
    case "ignored":
      return 0;
    default:
      return assertNever(role);
  }
}

/** A category repeats, but one value in every row sorts nothing. */
function categoryVariety(profile: ColumnProfile): number {
  if (profile.distinct.size === 1 && profile.filled > 3) return 0;
  return profile.distinct.size <= Math.max(20, profile.filled * 0.4) ? 1 : 0.5;
}

/** One word alone ("Revenue" in every row) may be a type of spending as well as a direction. */
function namesBothWays(profile: ColumnProfile): boolean {
  const directions = new Set([...profile.distinct].map(directionOf));
  return directions.has("in") && directions.has("out");
}

function isMoneyColumn(profile: ColumnProfile): boolean {
  return shareOf(profile, profile.moneyLooking) > 0.5;
}

/** Chart-of-accounts names ("Telephone Costs") are many different words; own accounts are few or carry digits. */
function looksLikeLedgerAccount(profile: ColumnProfile): boolean {
  const withDigits = [...profile.distinct].filter((cell) => /\d/.test(cell)).length;
  return profile.distinct.size > 15 && withDigits < profile.distinct.size * 0.3;
}

function bestOf(free: readonly Candidate[], role: ColumnRole, names: readonly string[], chosen: ReadonlyMap<number, Candidate>): Candidate | undefined {
  let best: Candidate | undefined;
  for (const candidate of free) {
    const bonus = role === "currency" ? currencyAffinity(candidate.index, names, chosen) : role === "amount" ? netBonus(candidate.index, names) : 0;
    const score = candidate.score + bonus;
    if (best === undefined || score > best.score + 1e-9) best = { ...candidate, score };
  }
  return best;
}

/** The currency column that shares words with the amount's header, or stands beside it. */
function currencyAffinity(index: number, names: readonly string[], chosen: ReadonlyMap<number, Candidate>): number {
  const amountIndex = [...chosen.values()].find((candidate) => candidate.role === "amount")?.index;
  if (amountIndex === undefined) return 0;
  const amountWords = new Set(plainWords(names[amountIndex] ?? "").split(" ").slice(1));
  const shared = plainWords(names[index] ?? "").split(" ").slice(1).filter((word) => amountWords.has(word)).length;
  return shared * 0.2 + (Math.abs(index - amountIndex) === 1 ? 0.05 : 0);
}

/** Where gross, fee and net stand side by side the net is what moved on the account. */
function netBonus(index: number, names: readonly string[]): number {
  const plain = names.map(plainWords);
  return plain[index] === "net" && plain.some((name) => name === "fee" || name === "fees") && (plain.includes("gross") || plain.includes("amount")) ? 0.3 : 0;
}

/** Where no column is a description, the kind of transaction or the product says most. */
function addSecondBestDescription(chosen: Map<number, Candidate>, names: readonly string[], profiles: readonly ColumnProfile[], said: Readonly<Record<number, ColumnRole>>): void {
  if ([...chosen.values()].some((candidate) => candidate.role === "description") || Object.values(said).includes("description")) return;
  const found = profiles.find(
    ({ index, filled, letters }) => filled > 0 && letters > filled * 0.5 && !chosen.has(index) && said[index] === undefined && /^(?:type|transaction type|product|umsatzart|вид операции|тип операции|mutatiesoort)$/.test(plainWords(names[index] ?? "")),
  );
  if (found !== undefined) chosen.set(found.index, { index: found.index, role: "description", byName: 0.6, score: 0.6 });
}

/** A debit or credit name alone beside a plain amount column is not a pair. */
function dropLonelyPair(chosen: Map<number, Candidate>, said: Readonly<Record<number, ColumnRole>>): void {
  const has = (role: ColumnRole): boolean => [...chosen.values()].some((candidate) => candidate.role === role) || Object.values(said).includes(role);
  if (!has("amount") || (has("debit") && has("credit"))) return;
  for (const [index, candidate] of chosen) if (candidate.role === "debit" || candidate.role === "credit") chosen.delete(index);
}

/** What no header names is taken from the cells: needed for files without a header or in a language we do not know. */
function addByContent(chosen: Map<number, Candidate>, profiles: readonly ColumnProfile[], said: Readonly<Record<number, ColumnRole>>): void {
  const has = (role: ColumnRole): boolean => [...chosen.values()].some((candidate) => candidate.role === role) || Object.values(said).includes(role);
  const free = (): ColumnProfile[] => profiles.filter((profile) => !chosen.has(profile.index) && said[profile.index] === undefined && profile.filled > 0);
  const take = (role: ColumnRole, rank: (profile: ColumnProfile) => number, least: number): void => {
    let best: ColumnProfile | undefined;
    let bestRank = least;
    for (const profile of free()) {
      const value = rank(profile);
      if (value > bestRank + 1e-9) [best, bestRank] = [profile, value];
    }
    if (best !== undefined) chosen.set(best.index, { index: best.index, role, byName: 0, score: Math.min(0.7, bestRank * 0.7) });
  };
  if (!has("date")) take("date", (profile) => shareOf(profile, profile.dates) * (profile.filled / profile.records), 0.5);
  if (!has("amount") && !has("debit") && !has("credit")) {
    take("amount", (profile) => (isMoneyColumn(profile) ? 1 : 0.6) * shareOf(profile, profile.amounts) * (profile.filled / profile.records) * (shareOf(profile, profile.identifiers) > 0.5 ? 0.2 : 1), 0.4);
  }
  if (!has("date") || (!has("amount") && !has("debit") && !has("credit"))) return;
  if (!has("direction")) take("direction", (profile) => (profile.distinct.size === 2 ? shareOf(profile, profile.directions) : 0), 0.95);
  if (!has("currency")) take("currency", (profile) => (profile.distinct.size <= 10 && [...profile.distinct].every((cell) => /^[A-Z]{3}$/.test(cell)) ? shareOf(profile, profile.currencies) : 0) * (profile.filled / profile.records), 0.95);
  if (!has("description") && !has("counterparty")) {
    take("description", (profile) => shareOf(profile, profile.letters) * Math.min(1, profile.chars / profile.filled / 40) * (0.5 + 0.5 * (profile.distinct.size / Math.min(500, profile.filled))), 0.05);
  }
}

/** `VWZ1` … `VWZ14`, `Назначение 1` … : columns named as the description with another number belong to it. */
function addDescriptionParts(chosen: Map<number, Candidate>, names: readonly string[], profiles: readonly ColumnProfile[], said: Readonly<Record<number, ColumnRole>>): void {
  const main = [...chosen.values()].find((candidate) => candidate.role === "description");
  const numbered = names.map((name) => /^(.*?\D)\s*\d{1,2}$/u.exec(plainWords(name))?.[1]?.trim());
  const families = new Map<string, number[]>();
  numbered.forEach((stem, index) => {
    if (stem !== undefined) families.set(stem, [...(families.get(stem) ?? []), index]);
  });
  for (const [stem, indexes] of families) {
    if (indexes.length < 2 || !rolesByName(stem).has("description")) continue;
    for (const index of indexes) {
      if (chosen.has(index) || said[index] !== undefined || (profiles[index]?.filled ?? 0) === 0) continue;
      chosen.set(index, { index, role: "description", byName: main?.byName ?? 0.9, score: 0.85 });
    }
  }
}

function describe(profile: ColumnProfile, name: string, candidate: Candidate | undefined, said: ColumnRole | undefined): UnderstoodColumn {
  const { index } = profile;
  if (said !== undefined) return { index, name, role: said, confidence: 1, reason: { code: "you_said", params: {} } };
  if (candidate !== undefined) {
    const params = { name: name === "" ? `#${index + 1}` : name, filled: profile.filled, records: profile.records };
    const reason: Reason = { code: candidate.byName > 0 ? "column_by_name" : "column_by_cells", params };
    return { index, name, role: candidate.role, confidence: Math.round(Math.min(1, candidate.score) * 100) / 100, reason };
  }
  const others = rolesByName(name);
  const spare: ColumnRole = shareOf(profile, profile.dates) > 0.8 ? "otherDate" : others.has("otherAmount") || others.has("amount") ? "otherAmount" : "ignored";
  return { index, name, role: spare, confidence: 0.5, reason: { code: profile.filled === 0 ? "column_empty" : "column_not_needed", params: { name } } };
}

function assertNever(role: never): never {
  throw new Error(`unhandled role ${String(role)}`);
}
