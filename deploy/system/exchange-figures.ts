import { readRows, understandFile } from "@saldo/client-core/import";
import { encodeText } from "@saldo/client-core/import/testing/encode-text";
import { camtText, oneCText, type Movement } from "@saldo/client-core/import/testing/exchange-files";
import { atLeast, quantile, type Figure } from "../bench/bench.ts";

const rounds = 3;

/** Bank formats from bytes to rows, understood and read; medians of rounds. */
export async function exchangeFigures(now: () => number, note: (line: string) => void): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const { name, count, bytes, hold } of [
    { name: "1C text, 100,000 documents in windows-1251", count: 100_000, bytes: encodeText(oneCText(movements(100_000)), "windows-1251"), hold: 100_000 },
    { name: "CAMT.053, 50,000 entries", count: 50_000, bytes: encodeText(camtText(movements(50_000)), "utf-8"), hold: 30_000 },
  ]) {
    note(name);
    const seconds: number[] = [];
    for (let round = 0; round < rounds; round++) seconds.push(await secondsOf(now, () => readWholeFile(bytes, count)));
    figures.push(atLeast(name, Math.round(count / quantile(seconds, 0.5)), "records/s", hold));
  }
  return figures;
}

async function secondsOf(now: () => number, work: () => Promise<void>): Promise<number> {
  const from = now();
  await work();
  return (now() - from) / 1000;
}

async function readWholeFile(bytes: Uint8Array, count: number): Promise<void> {
  const understanding = await understandFile(bytes);
  let rows = 0;
  for await (const batch of readRows(bytes, understanding)) rows += batch.rows.length;
  if (rows !== count) throw new Error(`${rows} rows of ${count}`);
}

function movements(count: number): Movement[] {
  return Array.from({ length: count }, (_, at) => ({
    day: `2025-${String((at % 12) + 1).padStart(2, "0")}-${String((at % 28) + 1).padStart(2, "0")}`,
    amountMinor: at % 3 === 0 ? 100_000 + at : -50_000 - at,
    text: `Оплата по счёту № ${at} за услуги связи. В том числе НДС 20% — ${at % 1000}.00`,
    name: `ООО «Ромашка и партнёры» ${at % 5000}`,
    id: String(at + 1),
  }));
}
