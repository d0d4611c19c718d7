import type { SaldoError } from "@saldo/schema";
import { createContext, use, useMemo, useReducer, useRef, type ReactNode } from "react";
import type { z } from "zod";
import type { importOverridesSchema, ImportPreview, ImportProgress, RowGroup, StatementView } from "../../bridge/contract/import.ts";
import { saldoErrorOf, useCore } from "./bridge.tsx";
import { navigate } from "./route.tsx";

/** Corrections a person made of what was understood. */
export type ImportOverrides = z.input<typeof importOverridesSchema>;

/** What is done with a row of the file. */
export type RowChoice = "add" | "skip";

/** What a person said of single rows, by their number, and of all others of a group. */
export interface ImportDecisions {
  readonly rows: ReadonlyMap<number, { readonly group: RowGroup; readonly choice: RowChoice }>;
  readonly usual: Readonly<Record<RowGroup, RowChoice>>;
  /** Groups somebody decided about as a whole. */
  readonly decided: ReadonlySet<RowGroup>;
}

const undecided: ImportDecisions = { rows: new Map(), usual: { new: "add", there: "skip", look: "skip" }, decided: new Set() };

/**
 * An import from the file to the books. It lives above the pages: turning them does not stop it.
 *
 *   idle --file--> reading --understood--> check --add--> saving --kept--> done --file--> reading
 *                     |  \--cannot--> failed               |  \--cannot--> check (with the error)
 *                     cancel -> idle                       cancel -> check
 */
export type ImportState =
  | { readonly step: "idle" }
  | { readonly step: "reading"; readonly file: File; readonly progress: ImportProgress | undefined }
  | { readonly step: "failed"; readonly file: File; readonly error: SaldoError }
  | {
      readonly step: "check";
      readonly file: File;
      readonly preview: ImportPreview;
      readonly overrides: ImportOverrides;
      readonly decisions: ImportDecisions;
      readonly rereading: boolean;
      readonly error: SaldoError | undefined;
    }
  | { readonly step: "saving"; readonly file: File; readonly preview: ImportPreview; readonly overrides: ImportOverrides; readonly progress: ImportProgress | undefined }
  | { readonly step: "done"; readonly preview: ImportPreview; readonly done: ImportDone };

/** What an import did. */
export interface ImportDone {
  /** Null when there was nothing to add. */
  readonly importId: string | null;
  readonly rowsAdded: number;
  readonly rowsThere: number;
  readonly rowsLeftOut: number;
  readonly transfersLinked: number;
  readonly statements: readonly StatementView[];
}

interface ImportFlow {
  readonly state: ImportState;
  /** Reads a file; whatever was on the way is given up. */
  open(file: File): void;
  /** Reads the same file again with corrections. */
  correct(overrides: ImportOverrides): void;
  /** Says what is done with rows; reading again forgets it. */
  decide(index: number, group: RowGroup, choice: RowChoice): void;
  /** Says what is done with all rows of a group, whatever was said of single ones. */
  decideAll(group: RowGroup, choice: RowChoice): void;
  /** Keeps the rows. */
  commit(): void;
  /** Stops what is running. */
  cancel(): void;
  /** Back to the beginning. */
  reset(): void;
}

const ImportContext = createContext<ImportFlow | undefined>(undefined);

type Update = ImportState | ((state: ImportState) => ImportState);

/** Gives the import to what is inside. `onAdded` hears of rows that were kept. */
export function ImportProvider({ children, onAdded }: { readonly children: ReactNode; readonly onAdded: (importId: string, rowsAdded: number) => void }) {
  const core = useCore();
  const [state, update] = useReducer((now: ImportState, next: Update) => (typeof next === "function" ? next(now) : next), { step: "idle" });
  const running = useRef<AbortController>(undefined);

  const flow = useMemo<ImportFlow>(() => {
    const begin = (): AbortController => {
      running.current?.abort();
      running.current = new AbortController();
      return running.current;
    };
    const read = async (file: File, overrides: ImportOverrides, before: ImportState): Promise<void> => {
      const { signal } = begin();
      try {
        const preview = await core.call(
          "import.preview",
          { fileName: file.name, bytes: file, overrides },
          { signal, onProgress: (progress) => update((now) => (now.step === "reading" && !signal.aborted ? { ...now, progress } : now)) },
        );
        if (!signal.aborted) update({ step: "check", file, preview, overrides, decisions: undecided, rereading: false, error: undefined });
      } catch (thrown) {
        if (signal.aborted) return;
        const error = saldoErrorOf(thrown);
        update(before.step === "check" ? { ...before, error } : { step: "failed", file, error });
      }
    };
    const save = async (check: Extract<ImportState, { step: "check" }>): Promise<void> => {
      const { signal } = begin();
      const { file, preview, overrides, decisions } = check;
      update({ step: "saving", file, preview, overrides, progress: undefined });
      try {
        const done = await core.call(
          "import.commit",
          { previewId: preview.previewId, overrides, decisions: { look: decisions.usual.look, there: decisions.usual.there, rows: [...decisions.rows].map(([index, { choice }]) => ({ index, choice })) } },
          { signal, onProgress: (progress) => update((now) => (now.step === "saving" ? { ...now, progress } : now)) },
        );
        update({ step: "done", preview, done });
        if (done.importId !== null) onAdded(done.importId, done.rowsAdded);
      } catch (thrown) {
        const error = saldoErrorOf(thrown);
        update({ ...check, error: error.code === "bridge.cancelled" ? undefined : error });
      }
    };
    return {
      state,
      open(file) {
        navigate("/import");
        const reading: ImportState = { step: "reading", file, progress: undefined };
        update(reading);
        void read(file, {}, reading);
      },
      correct(overrides) {
        if (state.step !== "check") return;
        update({ ...state, overrides, rereading: true });
        void read(state.file, overrides, state);
      },
      decide(index, group, choice) {
        if (state.step !== "check") return;
        update({ ...state, decisions: { ...state.decisions, rows: new Map([...state.decisions.rows, [index, { group, choice }]]) } });
      },
      decideAll(group, choice) {
        if (state.step !== "check") return;
        const { rows, usual, decided } = state.decisions;
        const others = new Map([...rows].filter(([, row]) => row.group !== group));
        update({ ...state, decisions: { rows: others, usual: { ...usual, [group]: choice }, decided: new Set([...decided, group]) } });
      },
      commit() {
        if (state.step === "check") void save(state);
      },
      cancel() {
        running.current?.abort();
        if (state.step === "reading") update({ step: "idle" });
      },
      reset() {
        running.current?.abort();
        update({ step: "idle" });
      },
    };
  }, [core, state, onAdded]);

  return <ImportContext value={flow}>{children}</ImportContext>;
}

/** The import. Throws outside of its provider. */
export function useImport(): ImportFlow {
  const flow = use(ImportContext);
  if (flow === undefined) throw new Error("no import around this component");
  return flow;
}
