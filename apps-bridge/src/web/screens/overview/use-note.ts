import { openNote, type NoteDocument, type NoteStatus } from "@saldo/client-core/notes/editing";
import { useEffect, useRef, useState, type RefObject } from "react";
import { saldoErrorOf, useCore, type Core } from "../../state/bridge.tsx";
import { bindNoteField } from "./note-field.ts";

const opening: NoteStatus = { state: "loading", error: undefined, unreadableRows: 0 };

/** A note bound to a text field. */
export interface BoundNote {
  readonly field: RefObject<HTMLTextAreaElement | null>;
  readonly status: NoteStatus;
  /** Length of the text, in UTF-16 units. */
  readonly length: number;
  /** Keeps what could not be kept, then opens the note anew. */
  retry(): void;
}

/** Opens the note of a company's overview in a text field, and keeps what is typed there: after a pause, on leaving the field, the page and the tab. */
export function useNote(workspaceId: string): BoundNote {
  const core = useCore();
  const field = useRef<HTMLTextAreaElement>(null);
  const [status, setStatus] = useState(opening);
  const [length, setLength] = useState(0);
  const [attempt, setAttempt] = useState(0);
  const open = useRef<NoteDocument>(undefined);
  useEffect(() => {
    const area = field.current;
    if (area === null) return;
    const { note, end } = edit(core, workspaceId, attempt, area, setStatus, setLength);
    open.current = note;
    return end;
  }, [core, workspaceId, attempt]);
  const retry = async (): Promise<void> => {
    await open.current?.flush();
    setAttempt(attempt + 1);
  };
  return { field, status, length, retry: () => void retry().catch(unseen) };
}

/** One opening of the note an attempt: a new attempt opens it anew. */
function edit(core: Core, workspaceId: string, _attempt: number, area: HTMLTextAreaElement, onStatus: (status: NoteStatus) => void, onLength: (length: number) => void) {
  const events = new AbortController();
  const { signal } = events;
  const storage = {
    async append(update: Uint8Array) {
      await core.call("note.append", { workspaceId, update: new Uint8Array(update) });
    },
    watch: (next: Parameters<Parameters<typeof openNote>[0]["watch"]>[0], failed: (error: unknown) => void) => core.watch("note.watch", { workspaceId }, { next, failed }),
  };
  const note = openNote(storage, ports, {
    onText(changes, isOwn) {
      if (signal.aborted) return;
      bound.onText(changes, isOwn);
      onLength(note.text().length);
    },
    onStatus(status) {
      if (!signal.aborted) onStatus(status);
    },
  });
  const bound = bindNoteField(area, note);
  onStatus(note.status());
  const flush = (): void => void note.flush().catch(unseen);
  area.addEventListener("input", () => onLength(note.text().length), { signal });
  area.addEventListener("blur", flush, { signal });
  window.addEventListener("pagehide", flush, { signal });
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && flush(), { signal });
  window.addEventListener(
    "beforeunload",
    (event) => {
      const { state } = note.status();
      if (state !== "saving" && state !== "failed") return;
      flush();
      event.preventDefault();
    },
    { signal },
  );
  const end = (): void => {
    bound.release();
    events.abort();
    note.close().catch((error: unknown) => console.error(saldoErrorOf(error).code));
  };
  return { note, end };
}

/** A failure to keep is in the note's status already. */
function unseen(): void {}

const ports = {
  timers: {
    after(delayMs: number, run: () => void) {
      const timer = setTimeout(run, delayMs);
      return () => clearTimeout(timer);
    },
  },
  writerId: () => (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) || 1,
};
