export { bookNote, overviewNote, type NotedReport } from "./book-note.ts";
export { noteReader, type NotePlace, type NoteState } from "./note-state.ts";
