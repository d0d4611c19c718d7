import { minor, parseDecimalMinor, type BusinessForecast } from "@saldo/schema";
import { useId, useState, type FormEvent } from "react";
import type { PlannedFields, PlannedItem } from "../../../bridge/contract/planned.ts";
import { typedDecimal } from "../../../format/money.ts";
import { useText } from "../../i18n/preferences.tsx";
import { DateInput } from "../../parts/date-input.tsx";
import { FormEnd } from "../../parts/form-end.tsx";
import { ErrorLine } from "../../parts/state-box.tsx";
import { useToast } from "../../parts/toast.tsx";
import { useAction, useCore, useRead, useTransactionsVersion, useWatch } from "../../state/bridge.tsx";

const repeats = ["once", "week", "month", "quarter", "year"] as const;
/** Regular payments that are listed. */
const regularShown = 8;

/** Payments known in advance: those planned, to add, change, remove and take back, and the regular ones found in the rows. */
export function PlannedList({ report }: { readonly report: BusinessForecast }) {
  const { t, f } = useText();
  const core = useCore();
  const toast = useToast();
  const [edited, setEdited] = useState<PlannedItem | "new">();
  const items = useWatch("planned.watch", {}).value?.items ?? [];
  const undo = useAction(async (id: string) => {
    await core.call("edits.undo", { id });
  });
  const told = (text: string, undoId: string | null) => toast(text, undoId === null ? undefined : { label: t("action.undo"), run: () => undo.start(undoId) });
  const remove = useAction(async (item: PlannedItem) => {
    told(t("planned.removed", { name: item.name }), (await core.call("planned.remove", { id: item.id })).undoId);
  });
  const save = useAction(async (fields: PlannedFields) => {
    const { undoId } = edited === "new" || edited === undefined ? await core.call("planned.add", fields) : await core.call("planned.change", { ...fields, id: edited.id });
    setEdited(undefined);
    told(t("planned.saved", { name: fields.name }), undoId);
  });
  const regular = report.known.filter(({ source }) => source === "recurring");
  const today = new Intl.DateTimeFormat("sv").format();
  // The next of each: a forecast begins after the last complete month, some of its days are over.
  const ahead = regular.filter(({ on }) => on >= today);
  const series = [...new Map([...regular, ...ahead.toReversed()].map((payment) => [payment.key, payment])).values()].toSorted((a, b) => a.amountMinor - b.amountMinor);
  return (
    <section aria-labelledby="pl-h">
      <div className="h">
        <h2 id="pl-h">{t("planned.title")}</h2>
        <button type="button" className="btn end" onClick={() => setEdited(edited === "new" ? undefined : "new")} aria-expanded={edited === "new"}>
          {t("planned.add")}
        </button>
      </div>
      {edited !== undefined && (
        <PlannedForm key={edited === "new" ? "new" : edited.id} item={edited === "new" ? undefined : edited} currency={report.currency} running={save.running} onSave={save.start} onCancel={() => setEdited(undefined)} />
      )}
      <ErrorLine error={save.error ?? remove.error ?? undo.error} />
      {items.length === 0 && edited === undefined && <p className="say">{t("planned.none")}</p>}
      <ul className="planned">
        {items.map((item) => (
          <li key={item.id}>
            <span className="planned-name">
              {item.name}
              <small className="quiet">
                {f.dateShort(item.firstOn, true)} · {t(`planned.repeat.${item.repeat}`)}
                {item.likelihood < 1 && ` · ${f.percent(item.likelihood)}`}
              </small>
            </span>
            <span className={item.amountMinor < 0 ? "num" : "num pos"}>{f.money(item.amountMinor, item.currency, { fraction: "full" })}</span>
            <button type="button" className="btn ghost" onClick={() => setEdited(item)}>
              {t("planned.edit")}
            </button>
            <button type="button" className="btn ghost" onClick={() => remove.start(item)} aria-label={t("planned.removeNamed", { name: item.name })}>
              {t("planned.remove")}
            </button>
          </li>
        ))}
      </ul>
      {series.length > 0 && (
        <>
          <h3>{t("planned.regular", { count: series.length })}</h3>
          <ul className="planned">
            {series.slice(0, regularShown).map((payment) => (
              <li key={payment.key}>
                <span className="planned-name">
                  {payment.name}
                  <small className="quiet">{t("planned.next", { date: f.dateShort(payment.on, true) })}</small>
                </span>
                <span className="num">{f.money(payment.amountMinor, report.currency, { fraction: "full" })}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

interface FormProps {
  readonly item: PlannedItem | undefined;
  readonly currency: string;
  readonly running: boolean;
  readonly onSave: (fields: PlannedFields) => void;
  readonly onCancel: () => void;
}

function PlannedForm({ item, currency, running, onSave, onCancel }: FormProps) {
  const { t, f } = useText();
  const id = useId();
  const [firstOn, setFirstOn] = useState(item?.firstOn ?? new Intl.DateTimeFormat("sv").format());
  const [misread, setMisread] = useState(false);
  const categories = useRead("categories.list", {}, useTransactionsVersion()).value?.categories ?? [];
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string): string => {
      const value = form.get(name);
      return typeof value === "string" ? value : "";
    };
    const decimal = typedDecimal(text("amount"));
    const size = decimal === undefined ? undefined : parseDecimalMinor(decimal, item?.currency ?? currency);
    setMisread(size === undefined || size === 0);
    if (size === undefined || size === 0) return;
    const amountMinor = minor(text("direction") === "in" ? Math.abs(size) : -Math.abs(size));
    const repeat = repeats.find((each) => each === text("repeat")) ?? "once";
    const categoryId = text("category") === "" ? null : text("category");
    onSave({ name: text("name"), amountMinor, currency: item?.currency ?? currency, categoryId, firstOn, repeat, lastOn: item?.lastOn ?? null, likelihood: Number(text("likelihood")) / 100 });
  };
  return (
    <form className="planned-form" onSubmit={submit}>
      <label className="field wide" htmlFor={`${id}-name`}>
        <span>{t("planned.name")}</span>
        <input id={`${id}-name`} name="name" required autoComplete="off" defaultValue={item?.name ?? ""} />
      </label>
      <label className="field" htmlFor={`${id}-direction`}>
        <span>{t("planned.direction")}</span>
        <select id={`${id}-direction`} name="direction" defaultValue={(item?.amountMinor ?? -1) > 0 ? "in" : "out"}>
          <option value="out">{t("planned.out")}</option>
          <option value="in">{t("planned.in")}</option>
        </select>
      </label>
      <label className="field" htmlFor={`${id}-amount`}>
        <span>{t("planned.amount", { sign: f.sign(item?.currency ?? currency) })}</span>
        <input id={`${id}-amount`} name="amount" inputMode="decimal" required autoComplete="off" aria-invalid={misread} defaultValue={item === undefined ? "" : f.money(Math.abs(item.amountMinor), item.currency, { unit: false })} />
      </label>
      <label className="field" htmlFor={`${id}-date`}>
        <span>{t("planned.firstOn")}</span>
        <DateInput id={`${id}-date`} required value={firstOn} onChange={(event) => setFirstOn(event.target.value)} />
      </label>
      <label className="field" htmlFor={`${id}-repeat`}>
        <span>{t("planned.repeat")}</span>
        <select id={`${id}-repeat`} name="repeat" defaultValue={item?.repeat ?? "once"}>
          {repeats.map((repeat) => (
            <option key={repeat} value={repeat}>
              {t(`planned.repeat.${repeat}`)}
            </option>
          ))}
        </select>
      </label>
      <label className="field" htmlFor={`${id}-category`}>
        <span>{t("planned.category")}</span>
        <select id={`${id}-category`} name="category" defaultValue={item?.categoryId ?? ""} key={categories.length}>
          <option value="">{t("category.none")}</option>
          {categories.map((category) => (
            <option key={category.id} value={category.id}>
              {category.name}
            </option>
          ))}
        </select>
      </label>
      <label className="field" htmlFor={`${id}-likelihood`}>
        <span>{t("planned.likelihood")}</span>
        <input id={`${id}-likelihood`} name="likelihood" type="number" min={0} max={100} step={1} required defaultValue={Math.round((item?.likelihood ?? 1) * 100)} />
      </label>
      <FormEnd misread={misread ? "balance.misread" : undefined} running={running} onCancel={onCancel} />
    </form>
  );
}
