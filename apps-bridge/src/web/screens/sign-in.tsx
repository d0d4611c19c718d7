import { useId, useState, type ComponentProps, type FormEvent } from "react";
import { useText } from "../i18n/preferences.tsx";
import { Segmented } from "../parts/segmented.tsx";
import { ErrorLine } from "../parts/state-box.tsx";
import { useAction, useCore } from "../state/bridge.tsx";
import { GateSheet } from "./gate-sheet.tsx";

/** Currencies offered first; the others follow by code. */
const commonCurrencies = ["RUB", "USD", "EUR", "GBP", "KZT", "BYN"];

/** One sheet to come in by. */
export function SignIn() {
  const { t } = useText();
  const [mode, setMode] = useState<"up" | "in">(() => (localStorage.getItem("saldo.known") === null ? "up" : "in"));
  return (
    <GateSheet title={t(mode === "up" ? "session.upTitle" : "session.inTitle")} foot={t("session.promise")}>
      <p className="muted">{t(mode === "up" ? "session.upLead" : "session.inLead")}</p>
      <Segmented
        label={t("session.mode")}
        value={mode}
        options={[
          { value: "up", text: t("session.up") },
          { value: "in", text: t("session.in") },
        ]}
        onChange={setMode}
      />
      {mode === "up" ? <SignUpForm /> : <SignInForm />}
    </GateSheet>
  );
}

/** Email and password of an account that exists. */
export function SignInForm() {
  const { t } = useText();
  const core = useCore();
  const signIn = useAction(async (email: string, password: string) => {
    await core.call("session.signIn", { email, password });
    localStorage.setItem("saldo.known", "yes");
  });
  const submit = (form: FormData): void => signIn.start(textOf(form, "email"), textOf(form, "password"));
  return (
    <form className="form" onSubmit={(event) => onSubmit(event, submit)}>
      <Field name="email" label={t("session.email")} type="email" autoComplete="username" autoFocus />
      <Field name="password" label={t("session.password")} type="password" autoComplete="current-password" />
      <ErrorLine error={signIn.error} />
      <button className="btn primary" type="submit" disabled={signIn.running} aria-busy={signIn.running}>
        {t(signIn.running ? "session.inRunning" : "session.in")}
      </button>
      <Preparing running={signIn.running} />
    </form>
  );
}

function SignUpForm() {
  const { t, locale } = useText();
  const core = useCore();
  const signUp = useAction(async (form: FormData) => {
    await core.call("session.signUp", {
      email: textOf(form, "email"),
      password: textOf(form, "password"),
      companyName: textOf(form, "company"),
      currency: textOf(form, "currency"),
      locale,
    });
    localStorage.setItem("saldo.known", "yes");
  });
  return (
    <form className="form" onSubmit={(event) => onSubmit(event, (form) => signUp.start(form))}>
      <Field name="company" label={t("session.company")} type="text" autoComplete="organization" autoFocus />
      <CurrencyField />
      <Field name="email" label={t("session.email")} type="email" autoComplete="username" />
      <Field name="password" label={t("session.password")} type="password" autoComplete="new-password" minLength={10} hint={t("session.passwordHint")} />
      <ErrorLine error={signUp.error} />
      <button className="btn primary" type="submit" disabled={signUp.running} aria-busy={signUp.running}>
        {t(signUp.running ? "session.upRunning" : "session.up")}
      </button>
      <Preparing running={signUp.running} />
    </form>
  );
}

/** What takes the time: a new device makes its own database. */
function Preparing({ running }: { readonly running: boolean }) {
  const { t } = useText();
  return (
    <div className="preparing" role="status">
      {running && (
        <>
          <progress aria-label={t("session.preparing")} />
          <p>{t("session.preparing")}</p>
        </>
      )}
    </div>
  );
}

function CurrencyField() {
  const { t, locale } = useText();
  const id = useId();
  const names = new Intl.DisplayNames(locale, { type: "currency" });
  const others = Intl.supportedValuesOf("currency").filter((code) => !commonCurrencies.includes(code));
  return (
    <label className="field" htmlFor={id}>
      <span>{t("session.currency")}</span>
      <select id={id} name="currency" defaultValue={locale === "ru" ? "RUB" : "USD"}>
        {[...commonCurrencies, ...others].map((code) => (
          <option key={code} value={code}>
            {`${code} — ${names.of(code) ?? code}`}
          </option>
        ))}
      </select>
    </label>
  );
}

function Field({ label, hint, ...input }: ComponentProps<"input"> & { readonly label: string; readonly hint?: string }) {
  const id = useId();
  return (
    <label className="field" htmlFor={id}>
      <span>{label}</span>
      <input id={id} required aria-describedby={hint === undefined ? undefined : `${id}-hint`} {...input} />
      {hint !== undefined && <small id={`${id}-hint`}>{hint}</small>}
    </label>
  );
}

function onSubmit(event: FormEvent<HTMLFormElement>, submit: (form: FormData) => void): void {
  event.preventDefault();
  submit(new FormData(event.currentTarget));
}

function textOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === "string" ? value : "";
}
