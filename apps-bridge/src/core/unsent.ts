import type { Core } from "./core.ts";
import { fileNameOf } from "./file-name.ts";
import type { HandlersOf } from "./part.ts";
import type { SetAsideEntry } from "./set-aside.ts";

/** Pieces of a text are gathered to this many characters before they are passed on. */
const pieceCharacters = 256 * 1024;

/** Changes that were not sent, as files their author may keep. */
export function unsentHandlers(core: Core): HandlersOf<"unsent"> {
  return {
    async "unsent.export"(_params, { progress }) {
      const pieces = gathered((text) => progress({ text }));
      const changes = await core.exportUnsent(pieces.write);
      pieces.flush();
      return { fileName: fileNameOf("saldo-unsent", core.session().workspace?.name ?? "", "json"), changes };
    },
    "unsent.watchSetAside": (_params, { next, fail }) => {
      const own = ({ userId }: SetAsideEntry) => core.userId() === undefined || core.userId() === userId;
      const say = (entries: readonly SetAsideEntry[]) => next({ entries: entries.filter(own).map(({ id, companyName, at, changes, damage }) => ({ id, companyName, at, changes, damage })) });
      const stopStore = core.onSetAside(say);
      const stopOpened = core.onOpened(() => void core.setAside.list().then(say, fail));
      return Promise.resolve(() => {
        stopStore();
        stopOpened();
      });
    },
    async "unsent.exportSetAside"({ id }, { progress }) {
      const found = (await core.setAside.list()).find((entry) => entry.id === id);
      const pieces = gathered((text) => progress({ text }));
      for await (const text of core.setAside.read(id)) await pieces.write(text);
      pieces.flush();
      return { fileName: fileNameOf("saldo-unsent", found?.companyName ?? "", "json"), changes: found?.changes ?? 0 };
    },
    async "unsent.discardSetAside"({ id }) {
      await core.setAside.remove(id);
      return null;
    },
  };
}

function gathered(pass: (text: string) => void) {
  let held = "";
  const flush = (): void => {
    if (held !== "") pass(held);
    held = "";
  };
  return {
    flush,
    write(text: string): Promise<void> {
      held += text;
      if (held.length >= pieceCharacters) flush();
      return Promise.resolve();
    },
  };
}
