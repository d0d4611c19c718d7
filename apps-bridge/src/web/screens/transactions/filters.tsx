import { useEffect, useRef, useState } from "react";
import type { Account, Category, TransactionFilter } from "../../../bridge/contract/transactions.ts";
import { useText } from "../../i18n/preferences.tsx";
import { DateInput } from "../../parts/date-input.tsx";
import { Icon } from "../../parts/icon.tsx";
import { Link, navigate, useRoute, withQuery } from "../../state/route.tsx";
import type { DrillDown } from "../../state/transaction-query.ts";

/** How long typing rests before it narrows the list. */
const searchDelayMs = 200;

/** What narrows the list. All of it lives in the address; changing it by hand lets go of the figure the list was opened from. */
export function Filters(props: {
  readonly filter: TransactionFilter;
  readonly drill: DrillDown | undefined;
  readonly categories: readonly Category[];
  readonly accounts: readonly Account[];
}) {
  const { t } = useText();
  const route = useRoute();
  const { filter, drill, categories, accounts } = props;
  const set = (changes: Readonly<Record<string, string | undefined>>): void =>
    navigate(withQuery(route, { ...changes, adds: undefined, of: undefined, measure: undefined, currency: undefined }), "replace");
  const narrowed = [...route.query.keys()].some((name) => name !== "focus");
  return (
    <div className="filters" role="search">
      <SearchField value={filter.search ?? ""} onChange={(q) => set({ q: q === "" ? undefined : q })} />
      <DateField label={t("filter.from")} empty={t("filter.fromFirst")} value={filter.from} onChange={(from) => set({ from })} />
      <DateField label={t("filter.to")} empty={t("filter.toLast")} value={filter.to} onChange={(to) => set({ to })} />
      <select className="select" aria-label={t("filter.direction")} value={filter.direction ?? ""} onChange={(event) => set({ direction: event.target.value })}>
        <option value="">{t("filter.anyDirection")}</option>
        <option value="in">{t("filter.in")}</option>
        <option value="out">{t("filter.out")}</option>
      </select>
      <select
        className="select"
        aria-label={t("filter.category")}
        value={filter.categoryId === null ? "none" : (filter.categoryId ?? "")}
        onChange={(event) => set({ category: event.target.value })}
      >
        <option value="">{t("filter.anyCategory")}</option>
        <option value="none">{t("category.none")}</option>
        {categories.map((category) => (
          <option key={category.id} value={category.id}>
            {category.name}
          </option>
        ))}
      </select>
      {accounts.length > 1 && (
        <select className="select" aria-label={t("filter.account")} value={filter.accountId ?? ""} onChange={(event) => set({ account: event.target.value })}>
          <option value="">{t("filter.anyAccount")}</option>
          {accounts.map((account) => (
            <option key={account.id} value={account.id}>
              {account.name}
            </option>
          ))}
        </select>
      )}
      <Link className="btn s" href="/review">
        {t("review.title")}
      </Link>
      {drill !== undefined && <span className="pill brand">{t(`kpi.${drill.measure}`)}</span>}
      {narrowed && (
        <button type="button" className="btn ghost s" onClick={() => navigate("/transactions", "replace")}>
          {t("filter.clear")}
        </button>
      )}
    </div>
  );
}

function SearchField({ value, onChange }: { readonly value: string; readonly onChange: (text: string) => void }) {
  const { t } = useText();
  const route = useRoute();
  const field = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState(value);
  const sent = useRef(value);
  useEffect(() => {
    if (value !== sent.current) setTyped(value);
    sent.current = value;
  }, [value]);
  useEffect(() => {
    if (typed.trim() === sent.current) return;
    const timer = setTimeout(() => {
      sent.current = typed.trim();
      onChange(typed.trim());
    }, searchDelayMs);
    return () => clearTimeout(timer);
  });
  useEffect(() => {
    if (route.query.get("focus") !== "search") return;
    field.current?.focus();
    navigate(withQuery(route, { focus: undefined }), "replace");
  }, [route]);
  return (
    <label className="search-field">
      <Icon name="search" />
      <input
        ref={field}
        id="transaction-search"
        type="search"
        placeholder={t("filter.search")}
        aria-label={t("filter.search")}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          if (typed === "") event.currentTarget.blur();
          else setTyped("");
        }}
      />
      <kbd className="kbd only-wide">/</kbd>
    </label>
  );
}

function DateField(props: { readonly label: string; readonly empty: string; readonly value: string | undefined; readonly onChange: (date: string | undefined) => void }) {
  const { label, empty, value, onChange } = props;
  return (
    <label className="date-field">
      <span>{label}</span>
      <DateInput className="select" value={value ?? ""} empty={empty} onChange={(event) => onChange(event.target.value === "" ? undefined : event.target.value)} />
    </label>
  );
}
