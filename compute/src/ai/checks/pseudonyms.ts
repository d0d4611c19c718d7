import { cleanText } from "./data-block.ts";

/** What a subject of the books is to a reader of the answer. */
export type SubjectKind = "category" | "vendor" | "client";

/** Something a model may speak of. */
export interface Subject {
  readonly kind: SubjectKind;
  /** Its id in the books; for a counterparty the key of its names. */
  readonly id: string;
  readonly name: string;
}

/** Names of the books beside the short references a model knows them by. */
export interface Pseudonyms {
  /** The reference of a subject, e.g. `v3`; undefined when it is not among those told. */
  refOf(kind: SubjectKind, id: string): string | undefined;
  /** The subject of a reference; undefined for one that was never given out. */
  subjectOf(ref: string): Subject | undefined;
  /** What the model is told a subject is called: its category's name; a counterparty's only where the company allows names. */
  toldName(subject: Subject): string;
  /** A model's sentence with names in the place of `[v3]`; undefined when it speaks of something that is not there. */
  restore(sentence: string): string | undefined;
}

const letters: Readonly<Record<SubjectKind, string>> = { category: "c", vendor: "v", client: "k" };
const standIns: Readonly<Record<"vendor" | "client", Readonly<Record<"en" | "ru", string>>>> = {
  vendor: { en: "Vendor", ru: "Поставщик" },
  client: { en: "Client", ru: "Клиент" },
};

/** Numbers the subjects in their order. References are never ids of the books, and one question's say nothing in another's. */
export function createPseudonyms(subjects: readonly Subject[], { allowNames, locale }: { readonly allowNames: boolean; readonly locale: "en" | "ru" }): Pseudonyms {
  const byRef = new Map<string, Subject>();
  const refs = new Map<string, string>();
  const numbers: Record<SubjectKind, number> = { category: 0, vendor: 0, client: 0 };
  for (const subject of subjects) {
    const key = `${subject.kind}\n${subject.id}`;
    if (refs.has(key)) continue;
    const ref = `${letters[subject.kind]}${++numbers[subject.kind]}`;
    refs.set(key, ref);
    byRef.set(ref, subject);
  }
  const refOf = (kind: SubjectKind, id: string) => refs.get(`${kind}\n${id}`);
  return {
    refOf,
    subjectOf: (ref) => byRef.get(ref),
    toldName: (subject) => {
      if (subject.kind === "category" || allowNames) return cleanText(subject.name);
      return `${standIns[subject.kind][locale]} ${(refOf(subject.kind, subject.id) ?? "?").slice(1)}`;
    },
    restore: (sentence) => {
      let isWhole = true;
      const restored = sentence.replace(/\[([^\]]*)\]/g, (_, ref: string) => {
        const subject = byRef.get(ref.trim());
        if (subject === undefined) isWhole = false;
        return subject === undefined ? "" : quoted(subject, locale);
      });
      return isWhole ? restored : undefined;
    },
  };
}

function quoted({ name }: Subject, locale: "en" | "ru"): string {
  const clean = cleanText(name);
  return locale === "ru" ? `«${clean}»` : `“${clean}”`;
}
