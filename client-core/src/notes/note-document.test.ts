import { describe, expect, it } from "vitest";
import * as Y from "yjs";
import { openNote, type NoteListener, type NoteStatus, type NoteStorage } from "./note-document.ts";
import type { NoteState } from "./note-state.ts";
import { manualTimers } from "./testing/manual-timers.ts";
import { applyChange } from "./text-change.ts";

/** A storage in memory that shows what it keeps when asked to. */
function memoryStorage() {
  const kept: Uint8Array[] = [];
  const watchers = new Set<(state: NoteState) => void>();
  let reading = 1;
  let refusal: Error | undefined;
  let gate: Promise<void> = Promise.resolve();
  const storage: NoteStorage = {
    async append(update) {
      await gate;
      if (refusal !== undefined) throw refusal;
      kept.push(update);
    },
    watch(next) {
      watchers.add(next);
      return () => void watchers.delete(next);
    },
  };
  const state = (): NoteState => {
    const document = new Y.Doc();
    for (const update of kept) Y.applyUpdate(document, update);
    return { update: Y.encodeStateAsUpdate(document), reading: String(reading), unreadableRows: 0 };
  };
  return {
    storage,
    kept,
    watchers,
    state,
    show: (shown = state()) => watchers.forEach((next) => next(shown)),
    readAnew: () => void reading++,
    refuse: (error: Error | undefined) => void (refusal = error),
    /** Lets no append end until the function it returns is called. */
    block() {
      let open = () => {};
      gate = new Promise((resolve) => (open = resolve));
      return open;
    },
  };
}

function opened(memory: ReturnType<typeof memoryStorage>, listener: Partial<NoteListener> = {}) {
  const timers = manualTimers();
  const statuses: NoteStatus["state"][] = [];
  const note = openNote(memory.storage, { timers, writerId: () => ++writers }, { onText: () => undefined, onStatus: ({ state }) => statuses.push(state), ...listener });
  return { note, timers, statuses };
}

let writers = 0;
const typeAt = (at: number, insert: string) => ({ at, remove: 0, insert });
/** Lets promises that wait for nothing but each other end. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

function otherWrites(memory: ReturnType<typeof memoryStorage>, at: number, insert: string): void {
  const document = new Y.Doc();
  Y.applyUpdate(document, memory.state().update);
  document.on("update", (update: Uint8Array) => memory.kept.push(update));
  document.getText("text").insert(at, insert);
}

describe("what is typed", () => {
  it("is kept after a pause, as one update", async () => {
    const memory = memoryStorage();
    const { note, timers, statuses } = opened(memory);
    memory.show();
    for (const [index, letter] of ["h", "e", "l", "l", "o"].entries()) {
      note.change(typeAt(index, letter));
      timers.pass(400);
    }
    expect(memory.kept).toHaveLength(0);
    timers.pass(100);
    await settle();
    expect(memory.kept).toHaveLength(1);
    expect(statuses).toEqual(["saved", "saving", "saved"]);
  });

  it("is kept while a person goes on typing", async () => {
    const memory = memoryStorage();
    const { note, timers } = opened(memory);
    memory.show();
    for (let index = 0; index < 40; index++) {
      note.change(typeAt(index, "x"));
      timers.pass(100);
      await settle();
    }
    expect(memory.kept).toHaveLength(1);
  });

  it("is kept at once when it is much, in updates that each fit", async () => {
    const memory = memoryStorage();
    const { note } = opened(memory);
    memory.show();
    const long = "тексты😀".repeat(12_000);
    note.change(typeAt(0, long));
    await note.flush();
    expect(Math.max(...memory.kept.map((update) => update.byteLength))).toBeLessThan(256 * 1024);
    const again = opened(memory);
    memory.show();
    expect(again.note.text() === long).toBe(true);
  });

  it("is kept on closing, also when the first attempts fail", async () => {
    const memory = memoryStorage();
    const { note, timers } = opened(memory);
    memory.show();
    note.change(typeAt(0, "last words"));
    memory.refuse(new Error("away"));
    const closed = note.close();
    await settle();
    memory.refuse(undefined);
    timers.pass(300);
    await closed;
    note.change(typeAt(0, "too late"));
    expect(memory.kept).toHaveLength(1);
    expect([memory.watchers.size, timers.count()]).toEqual([0, 0]);
  });

  it("is kept when typed while the save before it was on its way", async () => {
    const memory = memoryStorage();
    const { note } = opened(memory);
    memory.show();
    const open = memory.block();
    note.change(typeAt(0, "one"));
    const flushed = note.flush();
    note.change(typeAt(3, " two"));
    const closed = note.close();
    open();
    await Promise.all([flushed, closed]);
    const again = opened(memory);
    memory.show();
    expect(again.note.text()).toBe("one two");
  });

  it("stays, says so and is tried again when it cannot be kept", async () => {
    const memory = memoryStorage();
    const { note, timers, statuses } = opened(memory);
    memory.show();
    memory.refuse(new Error("full"));
    note.change(typeAt(0, "a"));
    await expect(note.flush()).rejects.toThrow("full");
    expect(note.status()).toMatchObject({ state: "failed" });
    memory.refuse(undefined);
    timers.pass(4_000);
    await settle();
    expect(memory.kept).toHaveLength(1);
    expect(statuses.at(-1)).toBe("saved");
  });

  it("is kept though the note could not be read, which is still said", async () => {
    const memory = memoryStorage();
    const broken: NoteStorage = { ...memory.storage, watch: (_next, failed) => (queueMicrotask(() => failed(new Error("unread"))), () => undefined) };
    const { note } = opened({ ...memory, storage: broken });
    await settle();
    note.change(typeAt(0, "a"));
    await note.flush();
    expect(memory.kept).toHaveLength(1);
    expect(note.status()).toMatchObject({ state: "failed", error: { message: "unread" } });
  });

  it("can be taken back without what others wrote", async () => {
    const memory = memoryStorage();
    const { note } = opened(memory);
    memory.show();
    note.change(typeAt(0, "mine"));
    await note.flush();
    otherWrites(memory, 4, " theirs");
    memory.show();
    note.undo();
    expect(note.text()).toBe(" theirs");
    note.redo();
    expect(note.text()).toBe("mine theirs");
  });
});

describe("what others write", () => {
  it("arrives as changes of the text that is shown", () => {
    const memory = memoryStorage();
    let shown = "";
    const { note } = opened(memory, { onText: (changes) => (shown = changes.reduce(applyChange, shown)) });
    otherWrites(memory, 0, "the end");
    memory.show();
    otherWrites(memory, 0, "This is ");
    otherWrites(memory, 15, ".");
    memory.show();
    expect(shown).toBe("This is the end.");
    expect(note.text()).toBe(shown);
  });

  it("waits while a word is being composed", () => {
    const memory = memoryStorage();
    const { note } = opened(memory);
    note.hold(true);
    otherWrites(memory, 0, "late");
    memory.show();
    note.change(typeAt(0, "k"));
    expect(note.text()).toBe("k");
    note.hold(false);
    expect(note.text().split("").toSorted().join("")).toBe("aeklt");
  });
});

describe("rows that went away", () => {
  it("change nothing when another row holds the same", async () => {
    const memory = memoryStorage();
    const { note } = opened(memory);
    otherWrites(memory, 0, "shared");
    memory.show();
    note.change(typeAt(6, " note"));
    await note.flush();
    memory.kept.splice(0, memory.kept.length, Y.mergeUpdates(memory.kept));
    memory.readAnew();
    memory.show();
    note.change(typeAt(0, "a "));
    await note.flush();
    expect(note.text()).toBe("a shared note");
  });

  it("do not make a state older than the last save undo it", async () => {
    const memory = memoryStorage();
    const { note } = opened(memory);
    otherWrites(memory, 0, "shared");
    memory.show();
    note.change(typeAt(6, " kept"));
    memory.readAnew();
    const old = memory.state();
    await note.flush();
    note.change(typeAt(0, "new "));
    memory.show(old);
    expect(note.text()).toBe("new shared kept");
    await note.flush();
    memory.show();
    expect(note.text()).toBe("new shared kept");
  });

  it("take their text away, and nothing typed later stands on it", async () => {
    const memory = memoryStorage();
    const { note } = opened(memory);
    otherWrites(memory, 0, "base");
    memory.show();
    note.change(typeAt(4, " refused"));
    await note.flush();
    memory.show();
    memory.kept.pop();
    memory.readAnew();
    memory.show();
    expect(note.text()).toBe("base");
    note.change(typeAt(4, " again"));
    await note.flush();
    const other = opened(memory);
    memory.show();
    expect(other.note.text()).toBe("base again");
  });

  it("do not take along what is being typed on top of them", async () => {
    const memory = memoryStorage();
    const { note } = opened(memory);
    otherWrites(memory, 0, "base");
    memory.show();
    note.change(typeAt(4, " lost"));
    await note.flush();
    memory.show();
    note.change(typeAt(9, " typing"));
    memory.kept.pop();
    memory.readAnew();
    memory.show();
    expect(note.text()).toBe("base lost typing");
    await note.flush();
    const other = opened(memory);
    memory.show();
    expect(other.note.text()).toBe("base lost typing");
  });
});
