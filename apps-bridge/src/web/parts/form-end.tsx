import { useText } from "../i18n/preferences.tsx";
import type { TextKey } from "../i18n/text.ts";

interface FormEndProps {
  /** Why what was typed was not taken. */
  readonly misread: TextKey | undefined;
  readonly running: boolean;
  readonly onCancel: () => void;
}

/** The end of a form within a page: what could not be read, save and cancel. */
export function FormEnd({ misread, running, onCancel }: FormEndProps) {
  const { t } = useText();
  return (
    <>
      {misread !== undefined && (
        <p className="neg error-line" role="alert">
          {t(misread)}
        </p>
      )}
      <p className="acts">
        <button type="submit" className="btn primary" disabled={running}>
          {t("planned.save")}
        </button>
        <button type="button" className="btn" onClick={onCancel}>
          {t("action.cancel")}
        </button>
      </p>
    </>
  );
}
