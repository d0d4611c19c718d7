import { minor, parseDecimalMinor } from "@saldo/schema";
import { useId, useState, type FormEvent } from "react";
import { typedDecimal } from "../../../format/money.ts";
import { useText } from "../../i18n/preferences.tsx";
import { DateInput } from "../../parts/date-input.tsx";
import { ErrorLine } from "../../parts/state-box.tsx";
import { useToast } from "../../parts/toast.tsx";
import { useAction, useCore, useRead, useTransactionsVersion } from "../../state/bridge.tsx";

/** Says how much is on an account on a date, as its bank shows it. */
export function BalanceForm({ currency }: { readonly currency: string }) {
  const { t, f } = useText();
  const core = useCore();
  const toast = useToast();
  const id = useId();
  const today = new Intl.DateTimeFormat("sv").format();
  const [asOf, setAsOf] = useState(today);
  const [misread, setMisread] = useState(false);
  const { value } = useRead("accounts.list", {}, useTransactionsVersion());
  const accounts = (value?.accounts ?? []).filter((account) => account.currency === currency);
  const undo = useAction(async (undoId: string) => {
    await core.call("edits.undo", { id: undoId });
  });
  const save = useAction(async (accountId: string, balanceMinor: number) => {
    const { undoId } = await core.call("account.setBalance", { accountId, balanceMinor, asOf });
    toast(t("balance.saved"), undoId === null ? undefined : { label: t("action.undo"), run: () => undo.start(undoId) });
  });
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const [accountId, amount] = [form.get("account"), form.get("amount")];
    const decimal = typeof amount === "string" ? typedDecimal(amount) : undefined;
    const balance = decimal === undefined ? undefined : parseDecimalMinor(decimal, currency);
    setMisread(balance === undefined);
    if (balance !== undefined && typeof accountId === "string") save.start(accountId, minor(balance));
  };
  return (
    <form className="balance-form" onSubmit={submit}>
      {accounts.length === 1 ? (
        <input type="hidden" name="account" value={accounts[0]?.id ?? ""} />
      ) : (
        <label className="field wide" htmlFor={`${id}-account`}>
          <span>{t("balance.account")}</span>
          <select id={`${id}-account`} name="account">
            {accounts.map((account) => (
              <option key={account.id} value={account.id}>
                {account.name}
              </option>
            ))}
          </select>
        </label>
      )}
      <label className="field" htmlFor={`${id}-amount`}>
        <span>{t("balance.amount", { sign: f.sign(currency) })}</span>
        <input id={`${id}-amount`} name="amount" inputMode="decimal" required autoComplete="off" aria-invalid={misread} />
      </label>
      <label className="field" htmlFor={`${id}-date`}>
        <span>{t("balance.asOf")}</span>
        <DateInput id={`${id}-date`} name="asOf" required value={asOf} max={today} onChange={(event) => setAsOf(event.target.value)} />
      </label>
      <button className="btn primary" type="submit" disabled={save.running || accounts.length === 0}>
        {t("balance.save")}
      </button>
      {misread && (
        <p className="neg error-line" role="alert">
          {t("balance.misread")}
        </p>
      )}
      <ErrorLine error={save.error ?? undo.error} />
    </form>
  );
}
