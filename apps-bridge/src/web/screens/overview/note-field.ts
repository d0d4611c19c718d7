import { changeBetween, positionAfter, type NoteDocument, type NoteListener } from "@saldo/client-core/notes/editing";

/** A text field that shows a note and edits it. */
export interface NoteField {
  /** What the note tells goes here. */
  readonly onText: NoteListener["onText"];
  /** Lets go of the field; the note stays open. */
  release(): void;
}

/**
 * Binds a text field to a note: what a person types becomes the smallest change; what others write appears around the cursor, which
 * stays where it was. Undo and redo are the note's: the browser's own would take back what others wrote. A word being composed by an
 * input method is not torn: it goes in whole when it is done.
 */
export function bindNoteField(field: HTMLTextAreaElement, note: NoteDocument): NoteField {
  const events = new AbortController();
  const { signal } = events;
  let composing = false;

  const show = (start: number, end: number): void => {
    const { scrollTop, selectionDirection } = field;
    field.value = note.text();
    if (document.activeElement === field) field.setSelectionRange(start, end, selectionDirection);
    field.scrollTop = scrollTop;
  };
  const take = (): void => {
    const change = changeBetween(note.text(), field.value, field.selectionEnd);
    if (change !== null) note.change(change);
  };
  const travel = (isRedo: boolean): void => (isRedo ? note.redo() : note.undo());

  field.addEventListener("input", () => composing || take(), { signal });
  field.addEventListener(
    "compositionstart",
    () => {
      composing = true;
      note.hold(true);
    },
    { signal },
  );
  field.addEventListener(
    "compositionend",
    () => {
      composing = false;
      take();
      note.hold(false);
    },
    { signal },
  );
  field.addEventListener(
    "keydown",
    (event) => {
      const key = event.key.toLowerCase();
      if (!(event.ctrlKey || event.metaKey) || event.altKey || (key !== "z" && key !== "y") || composing) return;
      event.preventDefault();
      travel(key === "y" || event.shiftKey);
    },
    { signal },
  );
  field.addEventListener(
    "beforeinput",
    (event) => {
      if (event.inputType !== "historyUndo" && event.inputType !== "historyRedo") return;
      event.preventDefault();
      travel(event.inputType === "historyRedo");
    },
    { signal },
  );
  show(0, 0);
  return {
    onText(changes, isOwn) {
      const last = changes.at(-1);
      if (isOwn && last !== undefined) return show(last.at + last.insert.length, last.at + last.insert.length);
      show(positionAfter(field.selectionStart, changes), positionAfter(field.selectionEnd, changes));
    },
    release() {
      if (composing) take();
      note.hold(false);
      events.abort();
    },
  };
}
