/** A movement as a generated file states it. */
export interface Movement {
  readonly day: string;
  readonly amountMinor: number;
  readonly text: string;
  readonly name: string;
  readonly id: string;
}

const account = "40702810900000000001";

/** How money is written: `-12.50`, `12,50`. */
function decimal(amountMinor: number, mark: "." | ","): string {
  const digits = String(Math.abs(amountMinor)).padStart(3, "0");
  return `${amountMinor < 0 ? "-" : ""}${digits.slice(0, -2)}${mark}${digits.slice(-2)}`;
}

/** 1CClientBankExchange text. */
export function oneCText(movements: readonly Movement[], lineEnd = "\r\n"): string {
  const day = (iso: string): string => iso.split("-").toReversed().join(".");
  const documents = movements.flatMap(({ day: on, amountMinor, text, name, id }) => {
    const isOut = amountMinor < 0;
    const other = "40702810500000000002";
    const [payer, payee] = isOut ? [account, other] : [other, account];
    return [
      "СекцияДокумент=Платежное поручение", `Номер=${id}`, `Дата=${day(on)}`, `Сумма=${decimal(Math.abs(amountMinor), ".")}`, "КвитанцияДата=", "КвитанцияВремя=", "КвитанцияСодержание=", `ПлательщикСчет=${payer}`,
      `${isOut ? "ДатаСписано" : "ДатаПоступило"}=${day(on)}`, `Плательщик=${isOut ? "ООО Мы" : name}`, "ПлательщикИНН=7707083893", "ПлательщикКПП=770701001", `Плательщик1=${isOut ? "ООО Мы" : name}`,
      `ПлательщикРасчСчет=${payer}`, "ПлательщикБанк1=ПАО СБЕРБАНК", "ПлательщикБИК=044525225", "ПлательщикКорсчет=30101810400000000225", `ПолучательСчет=${payee}`, `Получатель=${isOut ? name : "ООО Мы"}`, "ПолучательИНН=7702070139",
      "ПолучательКПП=770943002", `Получатель1=${isOut ? name : "ООО Мы"}`, `ПолучательРасчСчет=${payee}`, "ПолучательБанк1=БАНК ВТБ (ПАО)", "ПолучательБИК=044525187", "ПолучательКорсчет=30101810700000000187", "ВидПлатежа=", "ВидОплаты=01",
      "Код=", `НазначениеПлатежа=${text}`, "СтатусСоставителя=", "ПоказательКБК=", "ОКАТО=", "Очередность=5", "КонецДокумента",
    ];
  });
  return ["1CClientBankExchange", "ВерсияФормата=1.03", "Кодировка=Windows", `РасчСчет=${account}`, ...documents, "КонецФайла", ""].join(lineEnd);
}

/** OFX 1.x with unclosed leaves. */
export function ofxText(movements: readonly Movement[], lineEnd = "\r\n", mark: "." | "," = "."): string {
  const escape = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  const rows = movements.flatMap(({ day, amountMinor, text, name, id }) => [
    "<STMTTRN>", "<TRNTYPE>OTHER", `<DTPOSTED>${day.replaceAll("-", "")}120000[+3:MSK]`, `<TRNAMT>${decimal(amountMinor, mark)}`, `<FITID>${id}`, `<NAME>${escape(name)}`, `<MEMO>${escape(text)}`, "</STMTTRN>",
  ]);
  const head = ["OFXHEADER:100", "DATA:OFXSGML", "VERSION:102", "", "<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS>", "<CURDEF>RUB", `<BANKACCTFROM><ACCTID>${account}`, "</BANKACCTFROM><BANKTRANLIST>"];
  return [...head, ...rows, "</BANKTRANLIST></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>", ""].join(lineEnd);
}

/** QIF with an order of the date. */
export function qifText(movements: readonly Movement[], lineEnd = "\n", order: "MDY" | "DMY" | "YMD" = "MDY"): string {
  const dateOf = (day: string): string => {
    const [year = "", month = "", date = ""] = day.split("-");
    return order === "YMD" ? day : order === "MDY" ? `${Number(month)}/${Number(date)}/${year}` : `${date}.${month}.${year}`;
  };
  return ["!Type:Bank", ...movements.flatMap(({ day, amountMinor, text, name }) => [`D${dateOf(day)}`, `T${decimal(amountMinor, ".")}`, `P${name}`, `M${text}`, "^"]), ""].join(lineEnd);
}

/** One MT940 message with coded details. */
export function mt940Text(movements: readonly Movement[], lineEnd = "\r\n"): string {
  const total = movements.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  const short = (day: string): string => day.slice(2).replaceAll("-", "");
  const rows = movements.flatMap(({ day, amountMinor, text, name, id }) => [
    `:61:${short(day)}${short(day).slice(2)}${amountMinor < 0 ? "D" : "C"}${decimal(Math.abs(amountMinor), ",")}NTRFNONREF//${id}`,
    `:86:166?00GUTSCHRIFT?20${text.slice(0, 27)}?21${text.slice(27)}?32${name.slice(0, 27)}?33${name.slice(27)}`,
  ]);
  return [":20:GEN", `:25:${account}`, ":28C:1/1", ":60F:C260101RUB0,00", ...rows, `:62F:${total < 0 ? "D" : "C"}260131RUB${decimal(Math.abs(total), ",")}`, "-", ""].join(lineEnd);
}

/** A camt.053 message; with `batchOf` each entry is made of so many payments. */
export function camtText(movements: readonly Movement[], lineEnd = "\n", batchOf = 1): string {
  const escape = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  const entries = movements.flatMap(({ day, amountMinor, text, name, id }) => {
    const share = Math.trunc(amountMinor / batchOf);
    const side = amountMinor < 0 ? "Cdtr" : "Dbtr";
    const payments = Array.from({ length: batchOf }, (_, at) => {
      const amount = decimal(Math.abs(at === 0 ? amountMinor - share * (batchOf - 1) : share), ".");
      return `<TxDtls><Amt Ccy="RUB">${amount}</Amt><RltdPties><${side}><Nm>${escape(name)}</Nm></${side}></RltdPties><RmtInf><Ustrd>${escape(text)}</Ustrd></RmtInf></TxDtls>`;
    });
    return [
      "<Ntry>", `  <Amt Ccy="RUB">${decimal(Math.abs(amountMinor), ".")}</Amt>`, `  <CdtDbtInd>${amountMinor < 0 ? "DBIT" : "CRDT"}</CdtDbtInd>`, "  <Sts>BOOK</Sts>", `  <BookgDt><Dt>${day}</Dt></BookgDt>`,
      `  <ValDt><Dt>${day}</Dt></ValDt>`, `  <AcctSvcrRef>${id}</AcctSvcrRef>`, `  <NtryDtls>${payments.join("")}</NtryDtls>`, "</Ntry>",
    ];
  });
  const head = ['<?xml version="1.0" encoding="UTF-8"?>', '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><GrpHdr><MsgId>1</MsgId></GrpHdr><Stmt><Id>1</Id>'];
  return [...head, `<Acct><Id><Othr><Id>${account}</Id></Othr></Id><Ccy>RUB</Ccy></Acct>`, ...entries, "</Stmt></BkToCstmrStmt></Document>", ""].join(lineEnd);
}
