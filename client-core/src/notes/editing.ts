export { noteCharsMax, openNote, type NoteDocument, type NoteListener, type NotePorts, type NoteStatus, type NoteStorage, type Timers } from "./note-document.ts";
export { changeBetween, positionAfter, type TextChange } from "./text-change.ts";
