export { bookNote, overviewNote, type NotedReport } from "./book-note.ts";
export { openNote, noteCharsMax, type NoteDocument, type NoteListener, type NotePorts, type NoteStatus, type NoteStorage, type Timers } from "./note-document.ts";
export { noteReader, type NotePlace, type NoteState } from "./note-state.ts";
export { applyChange, changeBetween, positionAfter, type TextChange } from "./text-change.ts";
