import type { CauseKind, PlantedCause } from "./causes.ts";
import type { Draws } from "./draws.ts";
import { dayOf, daysLater, feesCategory, ledgerMonths, marketingCategory, monthBack, type BaseLedger, type Posting, type Role } from "./ledger-under-test.ts";

/** A ledger with a cause in it. */
export interface Planted {
  readonly ledger: BaseLedger;
  readonly cause: PlantedCause;
}

type Plant = (ledger: BaseLedger, draws: Draws) => Planted | undefined;

const last = monthBack(0);

function partiesOf(ledger: BaseLedger, role: Role): string[] {
  return ledger.parties.filter((party) => party.role === role).map(({ name }) => name);
}

function of({ postings }: BaseLedger, party: string): Posting[] {
  return postings.filter((posting) => posting.party === party).toSorted((a, b) => (a.on < b.on ? -1 : 1));
}

function withPostings(ledger: BaseLedger, postings: readonly Posting[]): BaseLedger {
  return { ...ledger, postings };
}

function planted(ledger: BaseLedger, kind: CauseKind, subject: string | null, effectMinor: number | null, entails: readonly CauseKind[] = []): Planted {
  return { ledger, cause: { kind, subject, effectMinor: effectMinor === null ? null : Math.round(effectMinor), entails } };
}

/** Every payment of a category since a day times a factor, and by how much that is more. */
function raised({ postings }: BaseLedger, category: string, since: string, times: number): { readonly postings: readonly Posting[]; readonly excessMinor: number } {
  let excessMinor = 0;
  const changed = postings.map((posting) => {
    if (posting.category !== category || posting.on < since) return posting;
    const amountMinor = Math.round(posting.amountMinor * times);
    excessMinor += posting.amountMinor - amountMinor;
    return { ...posting, amountMinor };
  });
  return { postings: changed, excessMinor };
}

/** A vendor has a usual amount where its largest payments but for a tenth are at most so many times its smallest. */
const usualTimesMax = 8;

/** A vendor that is paid again and again, amounts of a like size: there is something usual that one payment can be unlike. */
function usualVendor(ledger: BaseLedger, draws: Draws): { readonly name: string; readonly rows: readonly Posting[]; readonly middle: number } | undefined {
  const found = partiesOf(ledger, "variable").flatMap((name) => {
    const rows = of(ledger, name);
    const sizes = rows.map(({ amountMinor }) => -amountMinor).toSorted((a, b) => a - b);
    const at = (share: number) => sizes[Math.floor(share * (sizes.length - 1))] ?? 0;
    return rows.length < 10 || at(0.9) > usualTimesMax * at(0.1) ? [] : [{ name, rows, middle: at(0.5) }];
  });
  return found.length === 0 ? undefined : draws.pick(found);
}

/** What each kind of cause does to a ledger; undefined where the ledger has nothing it could happen to. */
export const plants: Readonly<Record<CauseKind, Plant>> = {
  vendor_price: (ledger, draws) => {
    const name = draws.pick(partiesOf(ledger, "fixed_fee"));
    const times = 1.4 + 0.7 * draws.uniform();
    const since = monthBack(draws.whole(3, 5));
    const before = -(of(ledger, name)[0]?.amountMinor ?? 0);
    const after = Math.round(before * times);
    const postings = ledger.postings.map((posting) => (posting.party === name && posting.on >= since ? { ...posting, amountMinor: -after } : posting));
    return planted(withPostings(ledger, postings), "vendor_price", name, after - before, ["category_overspend", "category_month", "amount_outlier"]);
  },
  duplicate_subscription: (ledger, draws) => {
    const name = draws.pick(partiesOf(ledger, "fixed_fee"));
    const since = monthBack(draws.whole(3, 6));
    const extra = of(ledger, name).filter(({ on }) => on >= since).map((posting) => ({ ...posting, on: daysLater(posting.on, 1 + draws.whole(0, 1)) }));
    return planted(withPostings(ledger, [...ledger.postings, ...extra]), "duplicate_subscription", name, -(extra[0]?.amountMinor ?? 0), ["duplicate_payment", "category_overspend", "category_month"]);
  },
  unused_subscription: (ledger, draws) => {
    const [ads] = partiesOf(ledger, "fixed_fee");
    const fee = Math.round(-(of(ledger, ads ?? "")[0]?.amountMinor ?? 0) * (0.6 + 0.6 * draws.uniform()));
    const name = ledger.locale === "ru" ? "ООО «Терминал»" : "Cardpoint Terminals";
    const category = ledger.locale === "ru" ? "Сервисы" : "Software";
    const used = ledgerMonths.length - draws.whole(5, 6);
    const rows = ledgerMonths.flatMap((month, place): Posting[] => [
      { on: dayOf(month, 4), amountMinor: -fee, party: name, category, description: "Subscription", kind: "ordinary" },
      ...(place < used ? Array.from({ length: 3 }, () => ({ on: dayOf(month, draws.whole(6, 27)), amountMinor: -Math.round(draws.lognormal(fee / 3, 0.4)), party: name, category, description: "Usage", kind: "ordinary" as const })) : []),
    ]);
    return planted(withPostings(ledger, [...ledger.postings, ...rows]), "unused_subscription", name, fee);
  },
  category_overspend: (ledger, draws) => {
    const category = marketingCategory[ledger.locale];
    const { postings, excessMinor } = raised(ledger, category, monthBack(2), 1.6 + 0.7 * draws.uniform());
    return planted(withPostings(ledger, postings), "category_overspend", category, excessMinor / 3, ["amount_outlier", "category_month", "vendor_price"]);
  },
  category_month: (ledger, draws) => {
    const category = marketingCategory[ledger.locale];
    const { postings, excessMinor } = raised(ledger, category, last, 2 + draws.uniform());
    return planted(withPostings(ledger, postings), "category_month", category, excessMinor, ["amount_outlier", "category_overspend"]);
  },
  fees_rise: (ledger, draws) => {
    const { postings, excessMinor } = raised(ledger, feesCategory[ledger.locale], monthBack(2), 2 + draws.uniform());
    return planted(withPostings(ledger, postings), "fees_rise", null, excessMinor / 3, ["amount_outlier", "vendor_price", "category_overspend", "category_month"]);
  },
  late_client: (ledger, draws) => {
    const name = draws.pick(partiesOf(ledger, "client"));
    const since = monthBack(draws.whole(4, 5));
    const days = draws.whole(16, 28);
    const postings = ledger.postings.map((posting) => (posting.party === name && posting.on >= since ? { ...posting, on: daysLater(posting.on, days) } : posting));
    return planted(withPostings(ledger, postings), "late_client", name, null, ["missing_payment"]);
  },
  client_concentration: (ledger, draws) => {
    const name = draws.pick(partiesOf(ledger, "client"));
    const since = monthBack(12);
    const others = ledger.postings.reduce((sum, { amountMinor, party }) => (amountMinor > 0 && party !== name ? sum + amountMinor : sum), 0) / ledgerMonths.length;
    const target = others * (1.1 + 0.8 * draws.uniform());
    const own = of(ledger, name).reduce((sum, { amountMinor }) => sum + amountMinor, 0) / ledgerMonths.length;
    const postings = ledger.postings.map((posting) => (posting.party === name && posting.on >= since ? { ...posting, amountMinor: Math.round((posting.amountMinor * target) / own) } : posting));
    return planted(withPostings(ledger, postings), "client_concentration", name, null, ["fees_rise"]);
  },
  cash_gap: (ledger, draws) => {
    const since = monthBack(5);
    const postings = ledger.postings.map((posting) => (posting.amountMinor > 0 && posting.on >= since ? { ...posting, amountMinor: Math.round(posting.amountMinor * 0.45) } : posting));
    const net = -postings.reduce((sum, { on, amountMinor }) => (on >= since ? sum + amountMinor : sum), 0) / 6;
    if (net <= 0) return undefined;
    return planted({ ...withPostings(ledger, postings), cashMinor: Math.round(net * (0.6 + 0.9 * draws.uniform())) }, "cash_gap", null, null, ["fees_rise", "category_overspend"]);
  },
  missing_payment: (ledger, draws) => {
    const early = partiesOf(ledger, "fixed_fee").filter((name) => Number(of(ledger, name)[0]?.on.slice(8)) <= 18);
    if (early.length === 0) return undefined;
    const name = draws.pick(early);
    const usual = -(of(ledger, name)[0]?.amountMinor ?? 0);
    return planted(withPostings(ledger, ledger.postings.filter(({ party, on }) => party !== name || !on.startsWith(last))), "missing_payment", name, usual);
  },
  duplicate_payment: (ledger, draws) => {
    const vendor = usualVendor(ledger, draws);
    if (vendor === undefined) return undefined;
    const original = draws.pick(vendor.rows.slice(-8));
    const copy = { ...original, on: daysLater(original.on, draws.whole(0, 3)) };
    return planted(withPostings(ledger, [...ledger.postings, copy]), "duplicate_payment", vendor.name, -original.amountMinor);
  },
  amount_outlier: (ledger, draws) => {
    const vendor = usualVendor(ledger, draws);
    if (vendor === undefined) return undefined;
    const highest = Math.max(...vendor.rows.map(({ amountMinor }) => -amountMinor));
    const chosen = draws.pick(vendor.rows.slice(-6));
    const amount = Math.round(Math.max(highest * 2, vendor.middle * (6 + 6 * draws.uniform())));
    const postings = ledger.postings.map((posting) => (posting === chosen ? { ...posting, amountMinor: -amount } : posting));
    return planted(withPostings(ledger, postings), "amount_outlier", vendor.name, null, ["category_overspend", "category_month"]);
  },
  wrong_category: (ledger, draws) => {
    const vendor = usualVendor(ledger, draws);
    const home = vendor?.rows[0]?.category;
    if (vendor === undefined || vendor.rows.some(({ category }) => category !== home)) return undefined;
    const others = [...new Set(ledger.postings.filter(({ amountMinor, kind }) => amountMinor < 0 && kind === "ordinary").map(({ category }) => category))].filter((category) => category !== home);
    const chosen = draws.pick(vendor.rows.slice(-6));
    const category = draws.pick(others);
    return planted(withPostings(ledger, ledger.postings.map((posting) => (posting === chosen ? { ...posting, category } : posting))), "wrong_category", vendor.name, -chosen.amountMinor);
  },
  new_vendor_large: (ledger, draws) => {
    const sizes = ledger.postings.filter(({ amountMinor, kind }) => amountMinor < 0 && kind === "ordinary").map(({ amountMinor }) => -amountMinor);
    const amount = Math.round(Math.max(...sizes) * (1.2 + draws.uniform()));
    const name = ledger.locale === "ru" ? "ООО «Новый партнёр»" : "Fenwick Trading Partners";
    const category = draws.pick(ledger.postings.filter(({ amountMinor, kind }) => amountMinor < 0 && kind === "ordinary")).category;
    const posting: Posting = { on: dayOf(last, draws.whole(5, 25)), amountMinor: -amount, party: name, category, description: "Payment", kind: "ordinary" };
    return planted(withPostings(ledger, [...ledger.postings, posting]), "new_vendor_large", name, amount, ["category_overspend", "category_month", "amount_outlier"]);
  },
  split_invoice: (ledger, draws) => {
    const vendor = usualVendor(ledger, draws);
    if (vendor === undefined) return undefined;
    const limit = draws.pick([500_000, 1_000_000]);
    const on = dayOf(monthBack(draws.whole(0, 1)), draws.whole(3, 20));
    const parts = Array.from({ length: draws.whole(2, 3) }, (_, place): Posting => ({ on: daysLater(on, place), amountMinor: -Math.round(limit * (0.91 + 0.08 * draws.uniform())), party: vendor.name, category: vendor.rows[0]?.category ?? "", description: "Part", kind: "ordinary" }));
    const total = parts.reduce((sum, { amountMinor }) => sum - amountMinor, 0);
    return planted(withPostings(ledger, [...ledger.postings, ...parts]), "split_invoice", vendor.name, total, ["amount_outlier", "category_overspend", "category_month", "duplicate_payment"]);
  },
};
