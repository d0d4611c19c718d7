import type { Core } from "./core.ts";
import { watchBooks } from "./live-books.ts";
import type { HandlersOf } from "./part.ts";

/** Taking a person's own edits back and making them again. */
export function editHandlers(core: Core): HandlersOf<"edits"> {
  return {
    "edits.watch": (_params, context) => Promise.resolve(watchBooks(core, ["device_setting"], ({ reader, books }) => books.history.state(reader), context)),
    "edits.undo": ({ id }) => core.opened().books.history.undo(id),
    "edits.redo": () => core.opened().books.history.redo(),
  };
}
