import { useState } from "react";
import type { ComparedRowView, ImportPreview, RowGroup } from "../../../bridge/contract/import.ts";
import { useText } from "../../i18n/preferences.tsx";
import { ErrorLine } from "../../parts/state-box.tsx";
import { useAction, useCore } from "../../state/bridge.tsx";

/** Rows of a group as far as they were fetched. */
export interface GroupRows {
  readonly count: number;
  readonly rows: readonly ComparedRowView[];
  readonly running: boolean;
  readonly error: ReturnType<typeof useAction>["error"];
  /** Fetches the next page. */
  readonly more: () => void;
  /** Fetches the first page, unless there are rows already. */
  readonly start: () => void;
}

/** The rows of a group: those that came with the preview, then page by page. */
export function useGroupRows({ previewId, counts }: ImportPreview, group: RowGroup, first: readonly ComparedRowView[]): GroupRows {
  const core = useCore();
  const [fetched, setFetched] = useState<{ readonly previewId: string; readonly rows: readonly ComparedRowView[] }>({ previewId, rows: [] });
  const rows = fetched.previewId === previewId ? [...first, ...fetched.rows] : first;
  const fetching = useAction(async (offset: number) => {
    const page = await core.call("import.rows", { previewId, group, offset });
    setFetched((now) => ({ previewId, rows: [...(now.previewId === previewId ? now.rows : []), ...page.rows] }));
  });
  const more = () => {
    if (!fetching.running && rows.length < counts[group]) fetching.start(rows.length);
  };
  return { count: counts[group], rows, running: fetching.running, error: fetching.error, more, start: () => rows.length === 0 && more() };
}

/** Fetches the next rows of a group, as long as there are any. */
export function MoreRows({ group: { count, rows, running, error, more } }: { readonly group: GroupRows }) {
  const { t } = useText();
  return (
    <>
      <ErrorLine error={error} />
      {rows.length < count && (
        <p className="acts">
          <button type="button" className="btn s" disabled={running} onClick={more}>
            {t("import.moreRows", { count: count - rows.length })}
          </button>
        </p>
      )}
    </>
  );
}
