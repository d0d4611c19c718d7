import { ruleTextLengthMax, type RuleCondition } from "@saldo/schema";
import { useState } from "react";
import type { ChartRow, RuleRow } from "../../../bridge/contract/categories.ts";
import { useText } from "../../i18n/preferences.tsx";
import { ErrorLine } from "../../parts/state-box.tsx";
import { useToast } from "../../parts/toast.tsx";
import { useAction, useCore, useRead, useTransactionsVersion } from "../../state/bridge.tsx";

type Field = "counterparty" | "description";
const fields = ["counterparty", "description"] as const;

/** The rules in their order, and a new one: its effect on the rows that are there is told before it is made. */
export function Rules({ categories }: { readonly categories: readonly ChartRow[] }) {
  const { t } = useText();
  const core = useCore();
  const toast = useToast();
  const version = useTransactionsVersion();
  const [made, setMade] = useState(0);
  const rules = useRead("rules.list", {}, version + made).value?.rules ?? [];
  const undo = useAction(async (id: string) => {
    await core.call("edits.undo", { id });
    setMade((count) => count + 1);
  });
  const remove = useAction(async (ruleId: string) => {
    const { undoId } = await core.call("rules.remove", { ruleId });
    setMade((count) => count + 1);
    toast(t("rules.removed"), undoId === null ? undefined : { label: t("action.undo"), run: () => undo.start(undoId) });
  });
  const nameOf = (id: string): string => categories.find((row) => row.id === id)?.name ?? t("category.none");
  return (
    <section className="row" aria-labelledby="rules-h">
      <div className="h in">
        <h2 id="rules-h">{t("rules.title")}</h2>
      </div>
      <p className="say in">{t("rules.lead")}</p>
      <table className="tbl stack">
        <tbody>
          {rules.map((rule) => (
            <tr key={rule.id}>
              <td className="l">{rule.conditions.map((condition) => conditionText(t, condition)).join(" · ")}</td>
              <td className="l">{nameOf(rule.categoryId)}</td>
              <td className="r">
                <button type="button" className="btn s" disabled={remove.running} onClick={() => remove.start(rule.id)}>
                  {t("rules.remove")}
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <NewRule categories={categories} onMade={() => setMade((count) => count + 1)} onUndo={(id) => undo.start(id)} />
      <ErrorLine error={remove.error ?? undo.error} />
    </section>
  );
}

function NewRule({ categories, onMade, onUndo }: { readonly categories: readonly ChartRow[]; readonly onMade: () => void; readonly onUndo: (id: string) => void }) {
  const { t } = useText();
  const core = useCore();
  const toast = useToast();
  const [field, setField] = useState<Field>("counterparty");
  const [text, setText] = useState("");
  const [categoryId, setCategoryId] = useState("");
  const [found, setFound] = useState<{ readonly rows: number; readonly byPerson: number }>();
  const conditions: RuleCondition[] = [{ field, op: "contains", text: text.trim() }];
  const preview = useAction(async () => {
    setFound(await core.call("rules.preview", { conditions, categoryId }));
  });
  const add = useAction(async (toPastRows: boolean) => {
    const { rows, undoId } = await core.call("rules.add", { conditions, categoryId, toPastRows });
    setFound(undefined);
    setText("");
    onMade();
    toast(rows > 0 ? t("rules.applied", { count: rows }) : t("rules.made"), undoId === null ? undefined : { label: t("action.undo"), run: () => onUndo(undoId) });
  });
  const changed = (change: () => void): void => {
    change();
    setFound(undefined);
  };
  return (
    <form
      className="filters"
      aria-label={t("rules.new")}
      onSubmit={(event) => {
        event.preventDefault();
        preview.start();
      }}
    >
      <select className="select" aria-label={t("rules.field")} value={field} onChange={(event) => changed(() => setField(fields.find((name) => name === event.target.value) ?? "counterparty"))}>
        {fields.map((name) => (
          <option key={name} value={name}>
            {t(`rules.field.${name}`)}
          </option>
        ))}
      </select>
      <input className="select" aria-label={t("rules.text")} placeholder={t("rules.text")} value={text} required maxLength={ruleTextLengthMax} onChange={(event) => changed(() => setText(event.target.value))} />
      <select className="select" aria-label={t("filter.category")} value={categoryId} required onChange={(event) => changed(() => setCategoryId(event.target.value))}>
        <option value="" disabled>
          {t("review.choose")}
        </option>
        {categories.map((row) => (
          <option key={row.id} value={row.id}>
            {row.name}
          </option>
        ))}
      </select>
      {found === undefined ? (
        <button type="submit" className="btn s" disabled={preview.running || text.trim() === "" || categoryId === ""}>
          {t("rules.preview")}
        </button>
      ) : (
        <>
          <span className="say" role="status">
            {t("rules.found", { count: found.rows })} {found.byPerson > 0 && t("rules.kept", { count: found.byPerson })}
          </span>
          <button type="button" className="btn s" disabled={add.running} onClick={() => add.start(false)}>
            {t("rules.addOnly")}
          </button>
          <button type="button" className="btn s primary" disabled={add.running || found.rows === 0} onClick={() => add.start(true)}>
            {t("rules.addAndApply")}
          </button>
        </>
      )}
      <ErrorLine error={preview.error ?? add.error} />
    </form>
  );
}

function conditionText(t: ReturnType<typeof useText>["t"], condition: RuleRow["conditions"][number]): string {
  switch (condition.field) {
    case "counterparty":
    case "description":
      return `${t(`rules.field.${condition.field}`)}: ${condition.text}`;
    case "direction":
      return t(condition.direction === "in" ? "filter.in" : "filter.out");
    case "amount":
      return t("rules.byAmount");
    case "account":
      return t("rules.byAccount");
    case "currency":
      return condition.currency;
  }
}
