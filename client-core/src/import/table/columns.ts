import type { ColumnRole, Reason, UnderstoodColumn } from "../model.ts";
import { currencyInText } from "../values/currency.ts";
import { plainWords } from "../values/words.ts";
import { rolesByName } from "./aliases.ts";
import { addByContent } from "./by-content.ts";
import { candidatesOf, type Candidate } from "./candidates.ts";
import { namedPair } from "./named-pairs.ts";
import { dropPairBesideSigned } from "./signed-beside-pair.ts";
import { profileColumns, shareOf, type ColumnProfile } from "./profile.ts";

/** Roles in the order they choose their column. */
const rolesInOrder: readonly ColumnRole[] = [
  "date", "debit", "credit", "amount", "balance", "direction", "currency", "status", "fee", "description", "counterparty", "payer", "payee", "account", "partyAccount", "partyTaxId", "category",
];

/**
 * Gives each column one role from its name and the cells of some records; roles said by the person win. Several columns may share
 * `description` when a bank splits the purpose over numbered columns.
 */
export function assignRoles(
  names: readonly string[],
  records: readonly (readonly string[])[],
  said: Readonly<Record<number, ColumnRole>>,
): UnderstoodColumn[] {
  const chosen = new Map<number, Candidate>();
  const profiles = profileColumns(records, names.length);
  const pair = namedPair(names);
  const candidates = profiles.flatMap((profile) => {
    const side = pair.get(profile.index);
    return side === undefined ? candidatesOf(names[profile.index] ?? "", profile) : [{ index: profile.index, role: side, byName: 0.95, score: 0.95 }];
  });
  for (const role of rolesInOrder) {
    if (Object.values(said).includes(role)) continue;
    const free = candidates.filter((candidate) => candidate.role === role && !chosen.has(candidate.index) && said[candidate.index] === undefined);
    const best = bestOf(free, role, names, chosen);
    if (best !== undefined) chosen.set(best.index, isNamedTwice(best, free, names) ? { ...best, score: doubtfulScore } : best);
  }
  addSecondBestDescription(chosen, names, profiles, said);
  dropLonelyPair(chosen, said);
  dropPairBesideSigned(chosen, said, records);
  addByContent({ chosen, profiles, said }, records);
  dropCurrencyOfOther(chosen, names);
  addDescriptionParts(chosen, names, profiles, said);
  return profiles.map((profile) => describe(profile, names[profile.index] ?? "", chosen.get(profile.index), said[profile.index]));
}

/** Below what is asked about. */
const doubtfulScore = 0.5;

/** Another column of the very same name may be meant as well; only what moves money or time is asked about. */
function isNamedTwice({ index, role, score }: Candidate, free: readonly Candidate[], names: readonly string[]): boolean {
  if (!["date", "amount", "debit", "credit"].includes(role)) return false;
  const name = plainWords(names[index] ?? "");
  return free.some((other) => other.index !== index && plainWords(names[other.index] ?? "") === name && Math.abs(other.score - score) < 0.1);
}

function bestOf(free: readonly Candidate[], role: ColumnRole, names: readonly string[], chosen: ReadonlyMap<number, Candidate>): Candidate | undefined {
  let best: Candidate | undefined;
  for (const candidate of free) {
    const bonus = role === "currency" ? currencyAffinity(candidate.index, names, chosen) : role === "amount" ? netBonus(candidate.index, names) + accountCurrencyBonus(candidate.index, names) : 0;
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
  if (!/^(?:net|netto|neto|net (?:amount|total)|нетто|(?:сумма )?(?:к перечислению|к зачислению|к выплате|расчета))$/.test(plain[index] ?? "")) return 0;
  const hasFee = plain.some((name) => rolesByName(name).has("fee"));
  return hasFee && plain.some((name) => /^(?:gross|brutto|bruto|lordo|amount|gross amount|total amount|брутто|сумма(?: операции| платежа| заказа)?)$/.test(name)) ? 0.3 : 0;
}

/** Beside the amount of a purchase abroad stands what it cost in the currency of the account. */
function accountCurrencyBonus(index: number, names: readonly string[]): number {
  return /(?:^| )(?:в валют[еу] (?:счета|карты)|в валюті (?:рахунку|картки)|account currency|billing currency|card currency)(?: |$)/.test(plainWords(names[index] ?? "")) ? 0.2 : 0;
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

/** An amount whose name says its currency leaves the column of currencies to another amount, that of the purchase abroad. */
function dropCurrencyOfOther(chosen: Map<number, Candidate>, names: readonly string[]): void {
  const amount = [...chosen.values()].find(({ role }) => role === "amount");
  if (amount === undefined || currencyInText((names[amount.index] ?? "").toUpperCase()) === undefined) return;
  for (const [index, { role }] of chosen) if (role === "currency") chosen.delete(index);
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
  if (main === undefined || (names[main.index] ?? "") === "") return;
  // A purpose cut over columns of which the first alone has a name.
  for (let index = main.index + 1; names[index] === "" && !chosen.has(index) && said[index] === undefined; index += 1) {
    const profile = profiles[index];
    if (profile !== undefined && profile.letters > profile.filled * 0.3) chosen.set(index, { index, role: "description", byName: main.byName, score: 0.8 });
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
