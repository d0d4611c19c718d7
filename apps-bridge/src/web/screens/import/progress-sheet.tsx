import type { ImportProgress } from "../../../bridge/contract/import.ts";
import { useText } from "../../i18n/preferences.tsx";

/** How far a long step has come, with a way to stop it. */
export function ProgressSheet({ progress, onCancel }: { readonly progress: ImportProgress | undefined; readonly onCancel: () => void }) {
  const { t, f } = useText();
  const share = progress === undefined || progress.total === null || progress.total === 0 ? undefined : Math.min(1, progress.done / progress.total);
  return (
    <div className="cell progress" role="status" aria-live="polite">
      <p>
        {t(`import.phase.${progress?.phase ?? "reading"}`)} {share !== undefined && <span className="num quiet">{f.percent(share, 0)}</span>}
      </p>
      <progress max={1} {...(share === undefined ? {} : { value: share })} aria-label={t("import.progress")} />
      <button type="button" className="btn" onClick={onCancel}>
        {t("action.cancel")}
      </button>
    </div>
  );
}
