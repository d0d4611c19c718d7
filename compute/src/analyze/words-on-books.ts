import { readOpenRows } from "@saldo/client-core/categories";
import { openChanges, type ChangePart, type FigureChange } from "@saldo/client-core/reports";
import { readRows, type SqlReader } from "@saldo/client-core/store";
import { explainedChangesMax, type AnalysisWords, type Finding, type Row } from "@saldo/schema";
import { sql } from "drizzle-orm";
import type { AiWork } from "../ai/ask-in-turn.ts";
import { explainChange, type ChangePart as ToldPart } from "../ai/wording/explain-change.ts";
import { nameFindings } from "../ai/wording/name-findings.ts";
import { suggestCategories, type SuggestionRequest, type UnplacedRow } from "../ai/wording/suggest-categories.ts";
import type { AnalysisRequest } from "./analyze-workspace.ts";

/** What models may put into words, read with the analysis from one state of the books. */
export interface ToSay {
  readonly changes: readonly FigureChange[];
  readonly unplaced: readonly UnplacedRow[];
  readonly categories: SuggestionRequest["categories"];
}

/** Reads it; rows without a category only where their texts may leave. */
export async function readToSay(reader: SqlReader, { workspaceId, period, currency, today }: AnalysisRequest, allowNames: boolean): Promise<ToSay> {
  const changes = await openChanges(reader, { workspaceId, period, today, ...(currency === undefined ? {} : { currency }) });
  const largest = (await changes?.largest(explainedChangesMax)) ?? [];
  if (!allowNames) return { changes: largest, unplaced: [], categories: [] };
  const categories = await readRows(reader, "category", sql`where "workspace_id" = ${workspaceId} and not "archived" order by "id"`);
  return {
    changes: largest,
    unplaced: (await readOpenRows(reader, workspaceId)).map(unplacedRow),
    categories: categories.flatMap(({ id, name, kind }) => (kind === "transfer" ? [] : [{ id, name, kind }])),
  };
}

function unplacedRow({ id, counterpartyName, description, amountMinor }: Row<"transaction">): UnplacedRow {
  return { id, text: [counterpartyName ?? "", description].join(" ").trim(), direction: amountMinor < 0 ? "out" : "in" };
}

/** What words are made for. */
export interface WordsRequest extends ToSay {
  /** Put into words once they are there; nothing else waits for them. */
  readonly findings: Promise<readonly Finding[]>;
  readonly currency: string;
  /** The company's language and its setting `aiNames`. */
  readonly locale: "en" | "ru";
  readonly allowNames: boolean;
}

/**
 * Has models say findings in plain words, explain what changed, and suggest categories for rows nobody could place; all of it at the same time. Null when
 * there is nothing to keep. It throws what {@link AiWork} says and what looking for findings does.
 */
export async function wordsOnBooks({ findings, changes, unplaced, categories, currency, locale, allowNames }: WordsRequest, work: AiWork): Promise<AnalysisWords | null> {
  const about = { locale, allowNames };
  const [found, titles, suggestions, explained] = await Promise.all([
    findings,
    findings.then((these) => nameFindings({ findings: these, ...about }, work)),
    suggestCategories({ rows: unplaced, categories, ...about }, work),
    Promise.all(changes.map((change) => explainedChange(change, about, work))),
  ]);
  const words: AnalysisWords = {
    version: 1,
    locale,
    currency,
    findings: found.flatMap(({ stableKey, evidence: { facts } }) => {
      const title = titles.get(stableKey);
      return title === undefined ? [] : [{ stableKey, facts, title }];
    }),
    suggestions: [...suggestions],
    changes: explained.flat(),
  };
  return words.findings.length + words.suggestions.length + words.changes.length === 0 ? null : words;
}

/** Names of figures that are no category, as a model is told of them. */
const sideNames = { revenue: { en: "Revenue", ru: "Выручка" }, expenses: { en: "Expenses", ru: "Расходы" } } as const;
const noCategory = { en: "Without a category", ru: "Без категории" } as const;
const noName = { en: "Without a name", ru: "Без имени" } as const;

async function explainedChange(change: FigureChange, about: { readonly locale: "en" | "ru"; readonly allowNames: boolean }, work: AiWork): Promise<AnalysisWords["changes"]> {
  const { figure, name, currency, now, before, nowMinor, beforeMinor, parts } = change;
  const isWhole = figure.categoryId === undefined;
  const subjectName = name ?? (isWhole ? sideNames[figure.side] : noCategory)[about.locale];
  const counterparty = figure.side === "revenue" ? "client" : "vendor";
  const told = ({ kind, id, name: own, ...money }: ChangePart): ToldPart =>
    kind === "category"
      ? { kind, id: id ?? "", name: own ?? noCategory[about.locale], beforeMinor: money.beforeMinor, nowMinor: money.nowMinor }
      : { kind: counterparty, id: id ?? "", name: own ?? noName[about.locale], beforeMinor: money.beforeMinor, nowMinor: money.nowMinor };
  const subject = { kind: "category" as const, id: isWhole ? `side ${figure.side}` : (figure.categoryId ?? ""), name: subjectName };
  const { by, sentences } = await explainChange({ subject, currency, beforeMinor, nowMinor, parts: parts.map(told), ...about }, work);
  return by === "model" ? [{ figure, now, before, nowMinor, beforeMinor, sentences: [...sentences] }] : [];
}
