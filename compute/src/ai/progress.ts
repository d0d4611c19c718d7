/** Between two reports of progress. */
const reportMsMin = 1_000;
/** After so many characters an answer counts as half there. */
const halfwayCharacters = 1_500;

/** Turns the growth of an answer into progress within a span of thousandths, at most once a second. */
export interface Progress {
  /** Told how many characters have come. Reports in the background. */
  text(characters: number): void;
  /** Waits for what is being reported, and passes on what a report threw: nobody waits for the work any more. */
  done(): Promise<void>;
}

/** Progress of one answer; how long it will be is not known, so it comes ever closer to the end of its span. */
export function createProgress({ nowMs, progress }: { readonly nowMs: () => number; progress(permille: number): Promise<void> }, [from, to]: readonly [number, number]): Progress {
  let reportedMs = nowMs();
  let reporting = Promise.resolve();
  let fault: { readonly error: unknown } | undefined;
  return {
    text: (characters) => {
      if (fault !== undefined || nowMs() - reportedMs < reportMsMin) return;
      reportedMs = nowMs();
      const permille = Math.round(from + (to - from) * (characters / (characters + halfwayCharacters)));
      reporting = reporting.then(() => progress(permille)).catch((error: unknown) => {
        fault = { error };
      });
    },
    done: async () => {
      await reporting;
      if (fault !== undefined) throw fault.error;
    },
  };
}
