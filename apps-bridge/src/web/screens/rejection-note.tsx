import { errorEntry, isErrorCode } from "@saldo/schema";
import { useState, type FormEvent } from "react";
import type { Rejection } from "../../bridge/contract/sync.ts";
import { changeText } from "../i18n/change-text.ts";
import { useText } from "../i18n/preferences.tsx";
import type { TextKey } from "../i18n/text.ts";
import { DateInput } from "../parts/date-input.tsx";
import { Icon } from "../parts/icon.tsx";
import { ErrorLine } from "../parts/state-box.tsx";
import { useToast } from "../parts/toast.tsx";
import { useAction, useCore, useRead } from "../state/bridge.tsx";

type Corrections = Readonly<Record<string, string | null>>;
type Field = Rejection["fields"][number];

const fieldTexts: Readonly<Record<string, TextKey>> = {
  name: "changeField.name",
  title: "changeField.title",
  note: "changeField.note",
  number: "changeField.number",
  taxNumber: "changeField.taxNumber",
  accountNumber: "changeField.accountNumber",
  companyName: "changeField.companyName",
  comment: "changeField.comment",
  asOf: "changeField.asOf",
  firstOn: "changeField.firstOn",
  lastOn: "changeField.lastOn",
  categoryId: "changeField.categoryId",
};

/** One refused change: what it was, why it was refused, and what its author may do. */
export function RejectionNote({ rejection, discarding, onDiscard }: { readonly rejection: Rejection; readonly discarding: boolean; onDiscard(): void }) {
  const { t, f, locale } = useText();
  const core = useCore();
  const toast = useToast();
  const [correcting, setCorrecting] = useState(false);
  const name = changeText(t, rejection.mutation);
  const send = useAction(async (corrections: Corrections) => {
    await core.call("rejections.retry", { id: rejection.id, corrections });
    toast(t("attention.retried", { name }));
  });
  const entry = errorEntry(isErrorCode(rejection.code) ? rejection.code : "bridge.internal");
  return (
    <li className="attention">
      <Icon name="alert" className="neg" />
      <span className="t">{name}</span>
      <span className="amt quiet">{f.instant(rejection.at)}</span>
      <Subject about={rejection.about} />
      <span className="e">
        {entry.meaning[locale]} {entry.cause[locale]} {entry.remedy[locale]}
        {!rejection.canRetry && !rejection.mutation.startsWith("import.") && ` ${t("attention.elsewhere")}`}
      </span>
      {correcting ? (
        <CorrectionForm rejection={rejection} running={send.running} onSend={send.start} onCancel={() => setCorrecting(false)} />
      ) : (
        <span className="acts">
          {rejection.canRetry && (
            <button type="button" className="btn s" disabled={send.running} onClick={() => send.start({})}>
              {t("attention.retry")}
            </button>
          )}
          {rejection.fields.length > 0 && (
            <button type="button" className="btn s" disabled={send.running} onClick={() => setCorrecting(true)}>
              {t("attention.edit")}
            </button>
          )}
          <button type="button" className="btn s ghost" disabled={discarding || send.running} onClick={onDiscard}>
            {t("attention.discard")}
          </button>
        </span>
      )}
      <ErrorLine error={send.error} />
    </li>
  );
}

/** The rows it was about, and what they should have become. */
function Subject({ about: { rows, rowCount, values } }: { readonly about: Rejection["about"] }) {
  const { t, f } = useText();
  if (rows.length + values.length === 0) return null;
  const named = rows.map(({ text, payment }) => {
    if (text === null) return t("attention.rowGone");
    return payment === null ? text : [text, f.date(payment.postedOn), f.money(payment.amountMinor, payment.currency, { sign: "change", fraction: "full" })].join(" · ");
  });
  const more = rowCount > rows.length ? [t("attention.moreRows", { count: rowCount - rows.length })] : [];
  return (
    <span className="e about">
      {[...named, ...more].join("; ")}
      {values.length > 0 && ` → ${values.join(", ")}`}
    </span>
  );
}

function CorrectionForm(props: { readonly rejection: Rejection; readonly running: boolean; onSend(corrections: Corrections): void; onCancel(): void }) {
  const { t } = useText();
  const { rejection, running, onSend, onCancel } = props;
  const [values, setValues] = useState<Corrections>(() => Object.fromEntries(rejection.fields.map(({ key, value }) => [key, value])));
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onSend(values);
  };
  return (
    <form className="corrections" onSubmit={submit}>
      {rejection.fields.map((field) => (
        <label className="field" key={field.key}>
          <span>{t(fieldTexts[field.key] ?? "changeField.name")}</span>
          <FieldInput field={field} value={values[field.key] ?? null} onChange={(value) => setValues({ ...values, [field.key]: value })} />
        </label>
      ))}
      <span className="acts">
        <button type="submit" className="btn s primary" disabled={running}>
          {t("attention.retryCorrected")}
        </button>
        <button type="button" className="btn s ghost" disabled={running} onClick={onCancel}>
          {t("action.cancel")}
        </button>
      </span>
    </form>
  );
}

/** Nothing written stands for none where the field had none or takes none. */
function FieldInput({ field, value, onChange }: { readonly field: Field; readonly value: string | null; onChange(value: string | null): void }) {
  if (field.kind === "category") return <CategoryInput value={value} onChange={onChange} />;
  const change = (text: string): void => onChange(text === "" && field.value === null ? null : text);
  if (field.kind === "date") return <DateInput value={value ?? ""} onChange={(event) => change(event.target.value)} />;
  return <input value={value ?? ""} onChange={(event) => change(event.target.value)} />;
}

function CategoryInput({ value, onChange }: { readonly value: string | null; onChange(value: string | null): void }) {
  const { t } = useText();
  const { value: read } = useRead("categories.list", {});
  const categories = read?.categories ?? [];
  return (
    <select value={categories.some(({ id }) => id === value) ? (value ?? "") : ""} onChange={(event) => onChange(event.target.value === "" ? null : event.target.value)}>
      <option value="">{t("category.none")}</option>
      {categories.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </select>
  );
}
