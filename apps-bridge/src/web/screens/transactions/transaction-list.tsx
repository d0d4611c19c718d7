import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, useState, useSyncExternalStore, type KeyboardEvent } from "react";
import type { Account, Category, TransactionRow } from "../../../bridge/contract/transactions.ts";
import { useText } from "../../i18n/preferences.tsx";
import { CategorySelect } from "./category-select.tsx";
import type { Pages } from "./transaction-pages.ts";

/** Height of a row in CSS pixels: one line on a desk, two on a phone. */
const rowHeight = { wide: 34, narrow: 62 };
/** Rows before the end at which the next page is asked for. */
const askAheadRows = 60;

interface ListProps {
  readonly pages: Pages;
  readonly categories: readonly Category[];
  readonly accounts: readonly Account[];
  readonly selected: ReadonlySet<string>;
  readonly onSelect: (selected: ReadonlySet<string>) => void;
  readonly onMore: () => void;
  readonly onCategory: (row: TransactionRow, category: Category | "new" | undefined) => void;
}

/** The rows, of which only those in sight exist. Arrows move, Space chooses, Enter opens the category. */
export function TransactionList(props: ListProps) {
  const { t } = useText();
  const { pages, categories, accounts, selected, onSelect, onMore } = props;
  const { rows } = pages;
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(-1);
  const narrow = useNarrow();
  const height = narrow ? rowHeight.narrow : rowHeight.wide;
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => scroller.current, estimateSize: () => height, overscan: 12 });
  useEffect(() => virtual.measure(), [virtual, height]);
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last >= rows.length - askAheadRows) onMore();
  }, [last, rows.length, onMore]);

  const toggle = (id: string): void => {
    const next = new Set(selected);
    if (!next.delete(id)) next.add(id);
    onSelect(next);
  };
  const onKey = (event: KeyboardEvent<HTMLDivElement>): void => {
    if (event.target !== event.currentTarget) return;
    const moved = movedTo(event.key, active, rows.length, Math.floor((scroller.current?.clientHeight ?? height) / height));
    const row = rows[active];
    if (moved !== undefined) {
      setActive(moved);
      virtual.scrollToIndex(moved);
    } else if (event.key === " " && row !== undefined) toggle(row.id);
    else if (event.key === "Enter") scroller.current?.querySelector<HTMLSelectElement>(`[data-index="${active}"] select`)?.focus();
    else return;
    event.preventDefault();
  };
  const accountNames = new Map(accounts.map(({ id, name }) => [id, name]));
  if (rows.length === 0) return <p className="cell say">{t("transactions.nothing")}</p>;
  return (
    <div
      className="grid-scroll"
      ref={scroller}
      role="grid"
      aria-label={t("nav.transactions")}
      aria-rowcount={pages.totalCount + 1}
      aria-multiselectable="true"
      aria-activedescendant={active < 0 ? undefined : `tx-${active}`}
      tabIndex={0}
      onKeyDown={onKey}
      onFocus={(event) => event.target === event.currentTarget && active < 0 && setActive(0)}
    >
      <ListHead rows={rows} selected={selected} onSelect={onSelect} />
      <div className="grid-body" style={{ height: virtual.getTotalSize() }}>
        {items.map((item) => {
          const row = rows[item.index];
          return row === undefined ? null : (
            <Row
              key={row.id}
              row={row}
              index={item.index}
              top={item.start}
              height={height}
              active={item.index === active}
              chosen={selected.has(row.id)}
              account={row.accountId === null ? "" : (accountNames.get(row.accountId) ?? "")}
              otherAccount={accountNames.get(row.transferAccountId ?? "")}
              withAccount={accounts.length > 1}
              categories={categories}
              onToggle={() => toggle(row.id)}
              onCategory={(category) => props.onCategory(row, category)}
            />
          );
        })}
      </div>
    </div>
  );
}

function movedTo(key: string, active: number, count: number, page: number): number | undefined {
  const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -count, End: count };
  const step = steps[key];
  return step === undefined ? undefined : Math.min(count - 1, Math.max(0, active + step));
}

function ListHead({ rows, selected, onSelect }: Pick<ListProps, "selected" | "onSelect"> & { readonly rows: readonly TransactionRow[] }) {
  const { t } = useText();
  const all = rows.length > 0 && rows.every(({ id }) => selected.has(id));
  return (
    <div className="grid-head" role="row">
      <span role="columnheader">
        <input type="checkbox" aria-label={t("transactions.selectAll")} checked={all} onChange={() => onSelect(all ? new Set() : new Set(rows.map(({ id }) => id)))} />
      </span>
      <span role="columnheader">{t("table.date")}</span>
      <span role="columnheader">{t("table.counterparty")}</span>
      <span role="columnheader" className="only-wide">
        {t("table.description")}
      </span>
      <span role="columnheader">{t("table.category")}</span>
      <span role="columnheader" className="r">
        {t("table.amount")}
      </span>
    </div>
  );
}

function Row(props: {
  readonly row: TransactionRow;
  readonly index: number;
  readonly top: number;
  readonly height: number;
  readonly active: boolean;
  readonly chosen: boolean;
  readonly account: string;
  /** At the other side of a transfer. */
  readonly otherAccount: string | undefined;
  readonly withAccount: boolean;
  readonly categories: readonly Category[];
  readonly onToggle: () => void;
  readonly onCategory: (category: Category | "new" | undefined) => void;
}) {
  const { t, f } = useText();
  const { row, index, categories, account, withAccount } = props;
  const who = row.counterparty === "" ? row.description : row.counterparty;
  const what = row.counterparty === "" ? "" : row.description;
  // Before the purpose, or before the name where there is no room for a purpose.
  const marks = (
    <>
      {row.parentId !== null && <span className="pill sq">{t("split.part")}</span>} {row.kind !== "ordinary" && <span className="pill sq">{t(`kind.${row.kind}`)}</span>}
    </>
  );
  return (
    <div
      className={`grid-row${props.active ? " active" : ""}${props.chosen ? " chosen" : ""}`}
      id={`tx-${index}`}
      data-index={index}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={props.chosen}
      style={{ height: props.height, transform: `translateY(${props.top}px)` }}
    >
      <span role="gridcell" className="g-check">
        <input type="checkbox" tabIndex={-1} aria-label={t("transactions.select", { name: who })} checked={props.chosen} onChange={props.onToggle} />
      </span>
      <span role="gridcell" className="g-date num">
        {f.dateShort(row.postedOn, true)}
      </span>
      <span role="gridcell" className="g-who" title={who}>
        {marks} {who}
      </span>
      <span role="gridcell" className="g-what" title={what}>
        {marks} {what}
        {withAccount && account !== "" && <span className="quiet"> {what === "" ? account : `· ${account}`}</span>}
      </span>
      <span role="gridcell" className="g-cat">
        <CategorySelect row={row} otherAccount={props.otherAccount} categories={categories} onCategory={props.onCategory} />
      </span>
      <span role="gridcell" className={`g-amount num${row.amountMinor > 0 ? " pos" : ""}`}>
        {f.money(row.amountMinor, row.currency, { sign: "change", fraction: "full" })}
      </span>
    </div>
  );
}

const narrowQuery = "(max-width: 720px)";

function useNarrow(): boolean {
  return useSyncExternalStore(
    (changed) => {
      const query = matchMedia(narrowQuery);
      query.addEventListener("change", changed);
      return () => query.removeEventListener("change", changed);
    },
    () => matchMedia(narrowQuery).matches,
  );
}
