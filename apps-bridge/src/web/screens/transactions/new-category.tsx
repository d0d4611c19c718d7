import { nameLengthMax } from "@saldo/schema";
import { useEffect, useId, useRef, useState } from "react";
import { categoryKind, type Category, type CategoryKind, type TransactionRow } from "../../../bridge/contract/transactions.ts";
import { useText } from "../../i18n/preferences.tsx";
import { Segmented } from "../../parts/segmented.tsx";
import { ErrorLine } from "../../parts/state-box.tsx";
import { useAction, useCore } from "../../state/bridge.tsx";

/** Names a category for rows: most statements of banks bring none. */
export function NewCategory({ rows, onMade, onClose }: { readonly rows: readonly Pick<TransactionRow, "amountMinor">[]; readonly onMade: (category: Category) => void; readonly onClose: () => void }) {
  const { t } = useText();
  const core = useCore();
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const [name, setName] = useState("");
  const [kind, setKind] = useState<CategoryKind>(() => (rows.every(({ amountMinor }) => amountMinor > 0) ? "income" : "expense"));
  const create = useAction(async () => {
    onMade((await core.call("category.create", { name, kind })).category);
  });
  useEffect(() => {
    dialog.current?.showModal();
    field.current?.focus();
  }, []);
  const suggestions = kind === "transfer" ? [] : t(`category.suggest.${kind}`).split("; ");
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby={`${id}-h`} onClose={onClose}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          create.start();
        }}
      >
        <h2 id={`${id}-h`}>{t("category.newTitle", { count: rows.length })}</h2>
        <Segmented
          label={t("category.kindLabel")}
          value={kind}
          options={categoryKind.options.map((value) => ({ value, text: t(`category.kind.${value}`) }))}
          onChange={setKind}
        />
        <label className="field" htmlFor={`${id}-name`}>
          <span>{t("category.name")}</span>
          <input ref={field} id={`${id}-name`} value={name} onChange={(event) => setName(event.target.value)} required maxLength={nameLengthMax} autoComplete="off" />
        </label>
        {suggestions.length > 0 && (
          <p className="suggestions">
            {suggestions.map((suggestion) => (
              <button key={suggestion} type="button" className="btn s" aria-pressed={suggestion === name} onClick={() => setName(suggestion)}>
                {suggestion}
              </button>
            ))}
          </p>
        )}
        <ErrorLine error={create.error} />
        <p className="dialog-acts">
          <button type="button" className="btn" onClick={() => dialog.current?.close()}>
            {t("action.cancel")}
          </button>
          <button type="submit" className="btn primary" disabled={create.running || name.trim() === ""}>
            {t("category.create")}
          </button>
        </p>
      </form>
    </dialog>
  );
}
