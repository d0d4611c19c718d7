import { overviewReportId, SaldoError } from "@saldo/schema";
import { sql } from "drizzle-orm";
import type { Books } from "../books/index.ts";
import { recordTogether } from "../mutations/index.ts";
import { live } from "../store/index.ts";
import type { NoteStorage } from "./note-document.ts";
import { isNoteUpdate, noteReader } from "./note-state.ts";

/** A report that is made with the first words of its note, if it is not there. */
export interface NotedReport {
  readonly reportId: string;
  /** Its title when it has to be made. */
  readonly title: string;
}

/** The report beside a company's overview, whose note everyone of the company shares. */
export function overviewNote(locale: "en" | "ru"): NotedReport {
  return { reportId: overviewReportId, title: locale === "ru" ? "Заметки" : "Notes" };
}

/** The note of a report in the books of this device: updates are recorded as `note.append`, rows that arrive by sync are heard at once. */
export function bookNote(books: Pick<Books, "database" | "ids" | "nowInstant" | "recordContext">, { reportId, title }: NotedReport): NoteStorage {
  return {
    async append(update) {
      if (!isNoteUpdate(update)) throw new SaldoError("mutation.invalid_arguments", { field: "update" });
      const context = await books.recordContext();
      const [known] = await books.database.query(sql`select 1 as "known" from "report" where "id" = ${reportId} and "workspace_id" = ${context.workspaceId}`);
      const createdAt = books.nowInstant();
      const ensure = { name: "report.ensure", args: { id: reportId, title, parameters: {}, createdAt } } as const;
      const append = { name: "note.append", args: { id: books.ids.next(), reportId, update: base64Of(update), createdAt } } as const;
      await recordTogether(books.database, known === undefined ? [ensure, append] : [append], context, () => Promise.resolve());
    },
    watch(next, failed) {
      let stop = () => {};
      let stopped = false;
      const begin = async () => {
        const { workspaceId } = await books.recordContext();
        if (!stopped) stop = live(books.database, ["note_update"], noteReader({ workspaceId, reportId }, books.ids), next, failed);
      };
      begin().catch(failed);
      return () => {
        stopped = true;
        stop();
      };
    },
  };
}

/** Characters made at a time: a call takes only so many arguments. */
const charactersAtOnceMax = 8_192;

function base64Of(bytes: Uint8Array): string {
  let text = "";
  for (let start = 0; start < bytes.byteLength; start += charactersAtOnceMax) text += String.fromCharCode(...bytes.subarray(start, start + charactersAtOnceMax));
  return btoa(text);
}
