import { errorEntry, type SaldoError } from "@saldo/schema";
import { useText } from "../i18n/preferences.tsx";

/** What went wrong and what to do, in the reader's language, with a way to try again. */
export function ErrorBox({ error, onRetry }: { readonly error: SaldoError; readonly onRetry?: () => void }) {
  const { locale, t } = useText();
  const entry = errorEntry(error.code);
  return (
    <div className="state err" role="alert">
      <h3>{entry.meaning[locale]}</h3>
      <p>
        {entry.cause[locale]} {entry.remedy[locale]}
      </p>
      {onRetry !== undefined && (
        <div className="acts">
          <button type="button" className="btn" onClick={onRetry}>
            {t("action.retry")}
          </button>
        </div>
      )}
    </div>
  );
}

/** A short error under a form. */
export function ErrorLine({ error }: { readonly error: SaldoError | undefined }) {
  const { locale } = useText();
  if (error === undefined) return null;
  const entry = errorEntry(error.code);
  return (
    <p className="neg error-line" role="alert">
      {entry.meaning[locale]} {entry.remedy[locale]}
    </p>
  );
}

/** A grey bar in the place of a figure that is coming. */
export function Skeleton({ width, height }: { readonly width: number | string; readonly height: number }) {
  return <span className="skel" style={{ width, height }} aria-hidden="true" />;
}
