import type { Books } from "@saldo/client-core/books";
import { bookNote, noteReader, overviewNote } from "@saldo/client-core/notes";
import { SaldoError } from "@saldo/schema";
import type { Core } from "./core.ts";
import { watchBooks } from "./live-books.ts";
import type { HandlersOf } from "./part.ts";

/** The note beside the overview: the screen holds the document, the core its rows. */
export function noteHandlers(core: Core): HandlersOf<"note"> {
  return {
    "note.watch"({ workspaceId: wanted }, context) {
      let opened: { readonly books: Books; readonly read: ReturnType<typeof noteReader> } | undefined;
      const stop = watchBooks(
        core,
        ["note_update"],
        ({ reader, books, workspaceId }) => {
          if (workspaceId !== wanted) throw new SaldoError("workspace.not_found");
          const { reportId } = overviewNote("en");
          if (opened?.books !== books) opened = { books, read: noteReader({ workspaceId, reportId }, books.ids) };
          return opened.read(reader);
        },
        context,
      );
      return Promise.resolve(stop);
    },
    async "note.append"({ workspaceId, update }) {
      const { books } = core.opened();
      const workspace = await books.workspace();
      if (workspace.id !== workspaceId) throw new SaldoError("workspace.not_found");
      await bookNote(books, overviewNote(workspace.locale)).append(update);
      return null;
    },
  };
}
