import { describe, expect, it } from "vitest";
import { trainCategoriser, type LabelledRow } from "./categoriser.ts";
import { scoreFeedback, splitByCounterparty } from "./category-scores.ts";

const row = (counterparty: string, text: string, label = "", amount = -100): LabelledRow => ({ texts: [counterparty, text], codes: [], amount, label });

/** Trades and the words their names are made of; every name is of one trade but for a share that is named like another. */
const trades: Readonly<Record<string, readonly string[]>> = {
  Rent: ["estates", "property", "lettings", "landlord"],
  Fuel: ["petroleum", "filling", "diesel", "oil"],
  Meals: ["cafe", "bistro", "kitchen", "coffee"],
  Legal: ["solicitors", "notary", "barristers", "law"],
  "Связь": ["телеком", "связь", "мобайл", "интернет"],
};
const names = ["north", "river", "green", "stone", "alder", "hill", "meadow", "fox", "swan", "kings", "abbey", "lake"];

function invented(count: number, wrongEvery: number): LabelledRow[] {
  let state = 5;
  const pick = <Value>(values: readonly Value[]): Value | undefined => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return values[(state >>> 8) % values.length];
  };
  return Array.from({ length: count }, (_, index) => {
    const label = pick(Object.keys(trades)) ?? "";
    const counterparty = `${pick(names)} ${pick(names)} ${pick(trades[label] ?? [])} ${index % 400}`;
    return row(counterparty.replace(/\d+/, (digits) => String.fromCharCode(97 + (Number(digits) % 26), 97 + Math.floor(Number(digits) / 26))), "invoice", index % wrongEvery === 0 ? (pick(Object.keys(trades)) ?? "") : label);
  });
}

describe("the categoriser", () => {
  it("says nothing of a row when it has learned nothing", async () => {
    expect((await trainCategoriser([])).categorise(row("Acme", "May"))).toMatchObject({ label: null, isSure: false });
  });

  it("gives a counterparty's rows the category they had before, after one correction already, and says so", async () => {
    const categoriser = await trainCategoriser([row("Other", "x", "Fuel")]);
    expect(categoriser.categorise(row("Café Ёлка 17", "обед")).isSure).toBe(false);
    categoriser.learn(row("Café Ёлка 17", "обед", "Meals"));
    expect(categoriser.categorise(row("КАФЕ", "обед")).isSure).toBe(false);
    expect(categoriser.categorise(row("CAFÉ ЕЛКА 18", "обед"))).toMatchObject({ label: "Meals", isSure: true, why: { by: "memory", rows: 1, sameRows: 1, agreed: 1 } });
  });

  it("follows a counterparty whose rows changed their category", async () => {
    const rows = [...Array.from({ length: 10 }, () => row("Acme", "fee", "Legal")), ...Array.from({ length: 6 }, () => row("Acme", "fee", "Rent"))];
    const categoriser = await trainCategoriser(rows);
    for (let index = 0; index < 12; index++) categoriser.learn(row("Acme", "fee", "Rent"));
    expect(categoriser.categorise(row("Acme", "fee")).label).toBe("Rent");
  });

  it("is not sure of a counterparty whose rows go here and there", async () => {
    const categoriser = await trainCategoriser([row("Amazon", "order", "Meals"), row("Amazon", "order", "Fuel"), row("Amazon", "order", "Legal")]);
    expect(categoriser.categorise(row("Amazon", "order"))).toMatchObject({ isSure: false, why: { by: "memory", rows: 3 } });
  });

  it("knows new counterparties by their words, and is right of those it is sure of as often as it promises", async () => {
    const { learned, asked } = splitByCounterparty(invented(3_000, 40), 0.3);
    const categoriser = await trainCategoriser(learned);
    const verdicts = asked.map((one) => ({ ...categoriser.categorise(one), wanted: one.label })).filter(({ why }) => why.by === "words");
    const sure = verdicts.filter(({ isSure }) => isSure);
    expect(sure.length / verdicts.length).toBeGreaterThan(0.6);
    expect(sure.filter(({ label, wanted }) => label === wanted).length / sure.length).toBeGreaterThan(0.92);
    const unlike = categoriser.categorise(row("qwrtz zxcv", "бвгд"));
    expect(unlike).toMatchObject({ isSure: false, why: { by: "words" } });
    expect(unlike.confidence).toBeLessThan(0.9);
  });

  it("abstains where there is nothing to be seen in the words", async () => {
    const labels = Object.keys(trades);
    const rows = Array.from({ length: 600 }, (_, index) => row(`${names[index % 12]} ${names[(index * 7 + 3) % 11]} ${String.fromCharCode(97 + (index % 26), 97 + (index % 23))}`, "invoice", labels[(index * 31) % 5] ?? ""));
    const categoriser = await trainCategoriser(rows.slice(0, 500));
    const verdicts = rows.slice(500).map((one) => categoriser.categorise(one)).filter(({ why }) => why.by === "words");
    expect(verdicts.filter(({ isSure }) => isSure)).toEqual([]);
  });

  it("is the same for the same rows, and learns as it is told", async () => {
    const rows = invented(200, 50);
    const [one, other] = [await trainCategoriser(rows), await trainCategoriser(rows)];
    for (const asked of invented(300, 50).slice(200)) expect(one.categorise(asked)).toEqual(other.categorise(asked));
    expect(await scoreFeedback(invented(600, 1_000))).toBeGreaterThan(0.75);
  });
});
