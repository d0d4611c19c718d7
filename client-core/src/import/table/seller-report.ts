import type { UnderstoodColumn } from "../model.ts";
import { plainWords } from "../values/words.ts";

/** What a marketplace owes for what it sold, before it takes its services off. */
const owedName = /^к перечислению (?:продавцу )?за (?:реализованный )?товар$/;
/** What it takes off in columns of their own, on rows of their own. */
const takenName =
  /^(?:услуги по доставке товара покупателю|стоимость логистики|общая сумма штрафов|стоимость хранения|хранение|(?:прочие )?удержания(?: выплаты)?|(?:стоимость )?плат(?:ная|ной) прием(?:ка|ки)|операции на приемке)$/;
const givenName = /^доплаты$/;
const typeName = /^тип документа$/;

/** The columns of a marketplace's report on what it sold for a seller. */
export interface SellerReport {
  /** Columns that change what is paid out: −1 takes off, 1 adds. */
  readonly parts: readonly { readonly index: number; readonly factor: 1 | -1 }[];
  /** The column that tells a sale from one given back; −1 when there is none. */
  readonly typeIndex: number;
}

/**
 * The report of Wildberries on what was sold: a row pays out what is owed less delivery, fines, storage and the like, each in its own column and most on
 * rows where nothing is owed; a return turns what is owed round. Undefined for any other table.
 */
export function sellerReport(columns: readonly Pick<UnderstoodColumn, "index" | "name" | "role">[]): SellerReport | undefined {
  if (!columns.some(({ name, role }) => role === "amount" && owedName.test(plainWords(name)))) return undefined;
  const parts = columns.flatMap(({ index, name }): SellerReport["parts"] => {
    const plain = plainWords(name);
    if (takenName.test(plain)) return [{ index, factor: -1 }];
    return givenName.test(plain) ? [{ index, factor: 1 }] : [];
  });
  return parts.length === 0 ? undefined : { parts, typeIndex: columns.find(({ name }) => typeName.test(plainWords(name)))?.index ?? -1 };
}
