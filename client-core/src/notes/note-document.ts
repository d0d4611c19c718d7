import * as Y from "yjs";
import type { NoteState } from "./note-state.ts";
import { createNoteSaver, type NoteStatus, type Timers } from "./note-saver.ts";
import { changeBetween, type TextChange } from "./text-change.ts";

export type { NoteStatus, Timers } from "./note-saver.ts";

/** Longest note an editor lets a person type, in UTF-16 units. */
export const noteCharsMax = 100_000;
/** Text put into the document at a time, so that one update stays far below what `note.append` takes; in UTF-16 units. */
const insertedCharsMax = 16_384;

/** Where a note is kept. */
export interface NoteStorage {
  /** Keeps one Yjs update; the same one twice is no harm. */
  append(update: Uint8Array): Promise<void>;
  /** Follows the note as it is kept: at once, and after every change, whoever made it. Returns how to stop. */
  watch(next: (state: NoteState) => void, failed: (error: unknown) => void): () => void;
}

/** What a note takes from its surroundings. */
export interface NotePorts {
  readonly timers: Timers;
  /** A random whole number from 1 to 2³² − 1, another one for each document: Yjs tells writers apart by it. */
  readonly writerId: () => number;
}

/** Who hears of a note. */
export interface NoteListener {
  /**
   * The text changed otherwise than by `change`: these changes, one after another, lead from the text before to the one now. `isOwn` when
   * the person took an edit back or made it again.
   */
  onText(changes: readonly TextChange[], isOwn: boolean): void;
  onStatus(status: NoteStatus): void;
}

/** A note opened for editing: the text a person sees, merged with what others write. */
export interface NoteDocument {
  text(): string;
  status(): NoteStatus;
  /** A person's own edit. After `close` it does nothing. */
  change(change: TextChange): void;
  /** Takes back, or makes again, the person's own last edit; what others wrote stays. */
  undo(): void;
  redo(): void;
  /** While held, what others write waits, so that a word being composed is not torn. */
  hold(held: boolean): void;
  /** Keeps what was typed now instead of after a pause. Rejects when it cannot be kept; it is tried again later all the same. */
  flush(): Promise<void>;
  /** Lets go of the note once everything typed is kept. Rejects when it could not be kept after several attempts. Idempotent. */
  close(): Promise<void>;
}

const localOrigin = "typed";

/** One Yjs document with its text and the person's own undo. */
interface Held {
  readonly document: Y.Doc;
  readonly text: Y.Text;
  readonly undo: Y.UndoManager;
}

/**
 * Opens a note for editing.
 *
 *   loading --first state--> saved --typed--> saving --kept--> saved
 *                                       saving --refused--> failed --after a while--> saving
 *
 * A state whose reading is another one may lack what was seen before (a refused change was rolled back, a server was restored). Then the
 * document begins anew from that state, so that nothing typed later depends on what nobody has; what was typed last, and is in no state yet, is put on top.
 */
export function openNote(storage: NoteStorage, { timers, writerId }: NotePorts, listener: NoteListener): NoteDocument {
  const saver = createNoteSaver((update) => storage.append(update), timers, (status) => listener.onStatus(status));
  let reading: string | undefined;
  let heldBack: NoteState | undefined;
  let isHeld = false;
  let closing: Promise<void> | undefined;
  let now = begin();

  function begin(): Held {
    const document = new Y.Doc();
    document.clientID = writerId();
    const text = document.getText("text");
    const undo = new Y.UndoManager(text, { trackedOrigins: new Set([localOrigin]) });
    document.on("update", (update: Uint8Array, _origin: unknown, _document: Y.Doc, { local }: Y.Transaction) => {
      if (local) saver.add(update);
    });
    return { document, text, undo };
  }

  /** Runs what changes the text and tells the listener what it changed. */
  const telling = (work: () => void, isOwn: boolean): void => {
    const { text } = now;
    const changes: TextChange[] = [];
    const observe = (event: Y.YTextEvent): void => void changes.push(...changesOf(event));
    text.observe(observe);
    try {
      work();
    } finally {
      text.unobserve(observe);
    }
    if (changes.length > 0) listener.onText(changes, isOwn);
  };

  const arrived = (state: NoteState): void => {
    if (closing !== undefined) return;
    if (isHeld) {
      heldBack = state;
      return;
    }
    const isNew = reading !== state.reading;
    saver.seen(Y.decodeStateVector(Y.encodeStateVectorFromUpdate(state.update)));
    const lost = isNew && reading !== undefined && isLost(now.document, state.update, saver.unseen());
    reading = state.reading;
    if (lost) beginAnew(state.update);
    else telling(() => Y.applyUpdate(now.document, state.update, storage), false);
    saver.loaded(state.unreadableRows);
  };

  const beginAnew = (update: Uint8Array): void => {
    const shown = now.text.toJSON();
    const unseen = saver.unseen();
    now.undo.destroy();
    now.document.destroy();
    now = begin();
    Y.applyUpdate(now.document, update, storage);
    if (unseen.length > 0) {
      const kept = new Y.Doc();
      Y.applyUpdate(kept, Y.mergeUpdates([update, ...unseen]));
      if (isWhole(kept)) Y.applyUpdate(now.document, Y.encodeStateAsUpdate(kept), storage);
      else {
        // What was typed stands on text that is gone: all that the person sees becomes a fresh edit.
        saver.forget();
        const again = changeBetween(now.text.toJSON(), shown);
        if (again !== null) write(again);
      }
    }
    const change = changeBetween(shown, now.text.toJSON());
    if (change !== null) listener.onText([change], false);
  };

  const write = ({ at, remove, insert }: TextChange): void => {
    const { document, text } = now;
    const length = text.length;
    const from = Math.min(Math.max(0, at), length);
    const removed = Math.min(Math.max(0, remove), length - from);
    if (removed > 0) document.transact(() => text.delete(from, removed), localOrigin);
    for (const { start, part } of partsOf(insert)) document.transact(() => text.insert(from + start, part), localOrigin);
  };

  const stop = storage.watch(arrived, (error) => saver.failed(error));

  return {
    text: () => now.text.toJSON(),
    status: () => saver.status(),
    change(change) {
      if (closing === undefined) write(change);
    },
    undo() {
      if (closing === undefined) telling(() => now.undo.undo(), true);
    },
    redo() {
      if (closing === undefined) telling(() => now.undo.redo(), true);
    },
    hold(held) {
      isHeld = held;
      const waiting = heldBack;
      heldBack = undefined;
      if (!held && waiting !== undefined) arrived(waiting);
    },
    flush: () => saver.flush(),
    close() {
      closing ??= saver.close().finally(() => {
        stop();
        now.undo.destroy();
        now.document.destroy();
      });
      return closing;
    },
  };
}

/** True when a document holds what neither the state nor updates it has not shown yet have. */
function isLost(document: Y.Doc, state: Uint8Array, unseen: readonly Uint8Array[]): boolean {
  const kept = new Y.Doc();
  Y.applyUpdate(kept, Y.mergeUpdates([state, ...unseen]));
  const clocks = Y.decodeStateVector(Y.encodeStateVector(kept));
  const isCovered = [...Y.decodeStateVector(Y.encodeStateVector(document))].every(([client, clock]) => (clocks.get(client) ?? 0) >= clock);
  if (!isCovered || !isWhole(kept)) return true;
  // Deletions have no clock: with the same letters known, the texts differ when a deletion is missing.
  const merged = new Y.Doc();
  Y.applyUpdate(merged, Y.encodeStateAsUpdate(document));
  Y.applyUpdate(merged, state);
  return merged.getText("text").toJSON() !== kept.getText("text").toJSON();
}

/** True when nothing in a document waits for updates it stands on. */
function isWhole(document: Y.Doc): boolean {
  return document.store.pendingStructs === null && document.store.pendingDs === null;
}

function changesOf(event: Y.YTextEvent): TextChange[] {
  const changes: TextChange[] = [];
  let at = 0;
  for (const { retain = 0, delete: remove = 0, insert } of event.delta) {
    at += retain;
    const inserted = typeof insert === "string" ? insert : "";
    if (remove > 0 || inserted !== "") changes.push({ at, remove, insert: inserted });
    at += inserted.length;
  }
  return changes;
}

/** A long text in pieces that never cut a surrogate pair. */
function partsOf(text: string): { readonly start: number; readonly part: string }[] {
  const parts: { start: number; part: string }[] = [];
  for (let start = 0; start < text.length; ) {
    let end = Math.min(start + insertedCharsMax, text.length);
    const unit = text.charCodeAt(end - 1);
    if (end < text.length && unit >= 0xd800 && unit < 0xdc00) end--;
    parts.push({ start, part: text.slice(start, end) });
    start = end;
  }
  return parts;
}
