import { useId, useState, type FormEvent } from "react";
import type { RateFields } from "../../../bridge/contract/rates.ts";
import { typedRate } from "../../../format/money.ts";
import { useText } from "../../i18n/preferences.tsx";
import { DateInput } from "../../parts/date-input.tsx";
import { FormEnd } from "../../parts/form-end.tsx";
import { Icon } from "../../parts/icon.tsx";
import { ErrorLine } from "../../parts/state-box.tsx";
import { useToast } from "../../parts/toast.tsx";
import { useAction, useCore, useWatch } from "../../state/bridge.tsx";

/** A pair a rate is asked for, and the day it is missing on. */
export interface WantedRate {
  readonly base: string;
  readonly quote: string;
  readonly onDate: string;
}

/** The rates people gave, to add and remove; each change can be taken back. */
export function Rates({ wanted, onWanted }: { readonly wanted: WantedRate | undefined; readonly onWanted: (wanted: WantedRate | undefined) => void }) {
  const { t, f } = useText();
  const core = useCore();
  const toast = useToast();
  const rates = useWatch("rates.watch", {}).value?.rates ?? [];
  const undo = useAction(async (id: string) => {
    await core.call("edits.undo", { id });
  });
  const told = (text: string, undoId: string | null) => toast(text, undoId === null ? undefined : { label: t("action.undo"), run: () => undo.start(undoId) });
  const set = useAction(async (fields: RateFields) => {
    const { undoId } = await core.call("rates.set", fields);
    onWanted(undefined);
    told(t("rates.saved", { base: fields.base, quote: fields.quote }), undoId);
  });
  const remove = useAction(async (id: string) => {
    told(t("rates.removed"), (await core.call("rates.remove", { id })).undoId);
  });
  const [newest] = rates;
  return (
    <div className="rates">
      {wanted !== undefined && (
        <RateForm key={`${wanted.base} ${wanted.quote} ${wanted.onDate}`} wanted={wanted} source={newest?.source ?? ""} running={set.running} onSave={set.start} onCancel={() => onWanted(undefined)} />
      )}
      <ErrorLine error={set.error ?? remove.error ?? undo.error} />
      {rates.length > 0 && (
        <details>
          <summary>{t("rates.given", { count: rates.length })}</summary>
          <ul className="planned">
            {rates.map(({ id, base, quote, rate, onDate, source }) => (
              <li key={id}>
                <span className="planned-name num">
                  1 {base} = {rate} {quote}
                  <small className="quiet">
                    {f.date(onDate)}, {source}
                  </small>
                </span>
                <button type="button" className="btn ghost" aria-label={t("rates.remove", { base, quote, date: f.date(onDate) })} onClick={() => remove.start(id)}>
                  <Icon name="close" small />
                </button>
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

interface FormProps {
  readonly wanted: WantedRate;
  readonly source: string;
  readonly running: boolean;
  readonly onSave: (fields: RateFields) => void;
  readonly onCancel: () => void;
}

function RateForm({ wanted, source, running, onSave, onCancel }: FormProps) {
  const { t } = useText();
  const id = useId();
  const [onDate, setOnDate] = useState(wanted.onDate);
  const [isMisread, setMisread] = useState(false);
  const { base, quote } = wanted;
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const [typed, from] = [form.get("rate"), form.get("source")];
    const rate = typeof typed === "string" ? typedRate(typed) : undefined;
    setMisread(rate === undefined);
    if (rate !== undefined && typeof from === "string") onSave({ base, quote, onDate, rate, source: from });
  };
  return (
    <form className="planned-form" onSubmit={submit} aria-label={t("rates.title", { base, quote })}>
      <label className="field" htmlFor={`${id}-rate`}>
        <span>{t("rates.rate", { base, quote })}</span>
        <input id={`${id}-rate`} name="rate" inputMode="decimal" required autoComplete="off" autoFocus aria-invalid={isMisread} />
      </label>
      <label className="field" htmlFor={`${id}-date`}>
        <span>{t("rates.onDate")}</span>
        <DateInput id={`${id}-date`} required value={onDate} onChange={(event) => setOnDate(event.target.value)} />
      </label>
      <label className="field wide" htmlFor={`${id}-source`}>
        <span>{t("rates.source")}</span>
        <input id={`${id}-source`} name="source" required autoComplete="off" placeholder={t("rates.sourcePlaceholder")} defaultValue={source} />
      </label>
      <FormEnd misread={isMisread ? "rates.misread" : undefined} running={running} onCancel={onCancel} />
    </form>
  );
}
