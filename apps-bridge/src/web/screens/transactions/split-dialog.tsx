import { splitPartsMax } from "@saldo/schema";
import { useEffect, useId, useRef, useState } from "react";
import type { Category, TransactionRow } from "../../../bridge/contract/transactions.ts";
import { useText } from "../../i18n/preferences.tsx";
import { Icon } from "../../parts/icon.tsx";
import { ErrorLine, Skeleton } from "../../parts/state-box.tsx";
import { useRead } from "../../state/bridge.tsx";
import { chosenCategory, CategoryOptions } from "./category-select.tsx";
import { readParts, remainderOf, type SplitPart, type TypedPart } from "./split-parts.ts";

interface DialogProps {
  /** The whole, or any of its parts. */
  readonly rowId: string;
  readonly categories: readonly Category[];
  readonly onSplit: (whole: TransactionRow, parts: readonly SplitPart[]) => void;
  readonly onClose: () => void;
}

/** Divides a payment among categories: its parts have to add up to it. */
export function SplitDialog({ rowId, onClose, ...props }: DialogProps) {
  const { t } = useText();
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const { value, error } = useRead("transactions.parts", { id: rowId });
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} className="dialog wide" aria-labelledby={`${id}-h`} onClose={onClose}>
      <h2 id={`${id}-h`}>{t("split.title")}</h2>
      <ErrorLine error={error} />
      {value === undefined ? error === undefined && <Skeleton width="100%" height={120} /> : <PartsForm {...value} {...props} onCancel={() => dialog.current?.close()} />}
    </dialog>
  );
}

interface FormProps extends Pick<DialogProps, "categories" | "onSplit"> {
  readonly whole: TransactionRow;
  readonly parts: readonly { readonly amountMinor: number; readonly categoryId: string | null; readonly note: string | null }[];
  readonly onCancel: () => void;
}

function PartsForm({ whole, parts, categories, onSplit, onCancel }: FormProps) {
  const { t, f } = useText();
  const plain = (amountMinor: number) => f.money(whole.amountMinor < 0 ? -amountMinor : amountMinor, whole.currency, { unit: false, fraction: "full" });
  const first = parts.length > 0 ? parts : [{ amountMinor: whole.amountMinor, categoryId: whole.categoryId, note: null }];
  const [typed, setTyped] = useState<readonly TypedPart[]>(() => first.map(({ amountMinor, ...part }, key) => ({ ...part, key, amount: plain(amountMinor) })));
  const read = readParts(typed, whole);
  const leftMinor = remainderOf(read, whole.amountMinor);
  const complete = read.filter((part) => part !== undefined);
  const isReady = leftMinor === 0 && complete.length === read.length && read.length >= 2;
  const change = (key: number, changed: Partial<TypedPart>) => setTyped(typed.map((part) => (part.key === key ? { ...part, ...changed } : part)));
  const add = () => setTyped([...typed, { key: Math.max(-1, ...typed.map(({ key }) => key)) + 1, amount: leftMinor === 0 ? "" : plain(leftMinor), categoryId: null, note: null }]);
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady) onSplit(whole, complete);
      }}
    >
      <p className="say">
        {whole.counterparty === "" ? whole.description : whole.counterparty}, {f.date(whole.postedOn)}: <b className="num">{f.money(whole.amountMinor, whole.currency, { sign: "change", fraction: "full" })}</b>
      </p>
      <ol className="split-parts">
        {typed.map((part, index) => (
          <li key={part.key}>
            <input
              className="num"
              inputMode="decimal"
              autoComplete="off"
              aria-label={t("split.amount", { number: index + 1 })}
              aria-invalid={part.amount !== "" && read[index] === undefined}
              value={part.amount}
              onChange={(event) => change(part.key, { amount: event.target.value })}
            />
            <select
              className="select"
              aria-label={t("split.category", { number: index + 1 })}
              value={part.categoryId ?? "none"}
              onChange={(event) => {
                const category = chosenCategory(categories, event.target.value);
                if (category !== "new") change(part.key, { categoryId: category?.id ?? null });
              }}
            >
              <CategoryOptions categories={categories} withNew={false} />
            </select>
            <input autoComplete="off" aria-label={t("split.note", { number: index + 1 })} placeholder={t("split.notePlaceholder")} value={part.note ?? ""} onChange={(event) => change(part.key, { note: event.target.value || null })} />
            <button type="button" className="btn ghost" aria-label={t("split.remove", { number: index + 1 })} disabled={typed.length === 1} onClick={() => setTyped(typed.filter(({ key }) => key !== part.key))}>
              <Icon name="close" small />
            </button>
          </li>
        ))}
      </ol>
      <p className="split-left" role="status">
        <button type="button" className="btn s" disabled={typed.length >= splitPartsMax} onClick={add}>
          {t("split.add")}
        </button>
        {leftMinor === 0 ? (
          <span className="pill ok sq">
            <Icon name="check" small />
            {t("transactions.addsUp")}
          </span>
        ) : (
          <span className="pill wait sq num">{t("split.left", { amount: f.money(leftMinor, whole.currency, { sign: "change", fraction: "full" }) })}</span>
        )}
      </p>
      <p className="dialog-acts">
        {parts.length > 0 && (
          <button type="button" className="btn" onClick={() => onSplit(whole, [])}>
            {t("split.undo")}
          </button>
        )}
        <button type="button" className="btn" onClick={onCancel}>
          {t("action.cancel")}
        </button>
        <button type="submit" className="btn primary" disabled={!isReady}>
          {t("split.save")}
        </button>
      </p>
    </form>
  );
}
