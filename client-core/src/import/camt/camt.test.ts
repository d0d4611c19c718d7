import { describe, expect, test } from "vitest";
import { encodeText } from "../testing/encode-text.ts";
import { readWhole } from "../testing/read-whole.ts";
import { roundParts } from "./parts.ts";

const balance = (code: string, amount: string, mark = "CRDT", currency = "EUR"): string =>
  `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp><Amt Ccy="${currency}">${amount}</Amt><CdtDbtInd>${mark}</CdtDbtInd><Dt><Dt>2026-01-31</Dt></Dt></Bal>`;
const account = "<Acct><Id><IBAN>DE89370400440532013000</IBAN></Id><Ccy>EUR</Ccy><Ownr><Id><OrgId><Othr><Id>OWNER</Id></Othr></OrgId></Id></Ownr><Svcr><FinInstnId><BICFI>COBADEFF</BICFI></FinInstnId></Svcr></Acct>";

function message(body: string, version = "053.001.08", root = "BkToCstmrStmt", part = "Stmt"): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.${version}">\n<${root}><GrpHdr><MsgId>1</MsgId></GrpHdr>\n<${part}><Id>S1</Id>${account}${body}</${part}>\n</${root}></Document>`;
}

interface EntryFields {
  readonly amount?: string;
  readonly currency?: string;
  readonly mark?: string;
  readonly status?: string;
  readonly date?: string;
  readonly more?: string;
}

function entry({ amount = "10.00", currency = "EUR", mark = "DBIT", status = "<Sts><Cd>BOOK</Cd></Sts>", date = "<BookgDt><Dt>2026-01-15</Dt></BookgDt>", more = "" }: EntryFields): string {
  return `<Ntry><Amt Ccy="${currency}">${amount}</Amt><CdtDbtInd>${mark}</CdtDbtInd>${status}${date}${more}</Ntry>\n`;
}

const payment = (amount: string, name: string, mark = ""): string =>
  `<TxDtls><Refs><AcctSvcrRef>R-${name}</AcctSvcrRef></Refs><Amt Ccy="EUR">${amount}</Amt>${mark}<RltdPties><Cdtr><Pty><Nm>${name}</Nm></Pty></Cdtr><CdtrAcct><Id><IBAN>FR7630006000011234567890189</IBAN></Id></CdtrAcct></RltdPties><RmtInf><Ustrd>Pay</Ustrd><Ustrd>${name}</Ustrd></RmtInf></TxDtls>`;

function read(text: string) {
  return readWhole(encodeText(text, "utf-8"));
}

describe("CAMT", () => {
  test.each([
    ["053.001.02", "BkToCstmrStmt", "Stmt", "<Sts>BOOK</Sts>"],
    ["053.001.08", "BkToCstmrStmt", "Stmt", "<Sts><Cd>BOOK</Cd></Sts>"],
    ["052.001.06", "BkToCstmrAcctRpt", "Rpt", "<Sts>BOOK</Sts>"],
  ])("camt.%s: account, balances, both sides and texts of an entry", async (version, root, part, status) => {
    const more = `<AcctSvcrRef>B1</AcctSvcrRef><NtryDtls>${payment("10.00", "Ann")}</NtryDtls>`;
    const { understanding, rows } = await read(message(`${balance("OPBD", "100")}${balance("CLBD", "5.5", "DBIT")}${entry({ status, more })}`, version, root, part));
    expect(understanding).toMatchObject({ format: "camt", currency: { value: "EUR" }, account: "DE89370400440532013000", questions: [] });
    expect(understanding.statements).toEqual([{ account: "DE89370400440532013000", bank: "COBADEFF", currency: "EUR", from: null, to: "2026-01-31", openingMinor: 10_000, closingMinor: -550 }]);
    expect(rows).toEqual([
      expect.objectContaining({ line: 4, postedOn: "2026-01-15", amountMinor: -1000, currency: "EUR", description: "Pay Ann", counterparty: "Ann", counterpartyAccount: "FR7630006000011234567890189", bankId: "B1", parts: null }),
    ]);
  });

  test("a batch entry is a row of parts, each with its own side, that add up to it", async () => {
    const more = `<NtryDtls><Btch><NbOfTxs>3</NbOfTxs></Btch>${payment("3.335", "Ann")}${payment("3.335", "Bob")}${payment("3.33", "Eve")}</NtryDtls><AddtlNtryInf>Salaries</AddtlNtryInf>`;
    const [row] = (await read(message(entry({ more })))).rows;
    expect(row).toMatchObject({ amountMinor: -1000, description: "Salaries", counterparty: null });
    expect(row?.parts?.map(({ amountMinor, counterparty, bankId, parts }) => [amountMinor, counterparty, bankId, parts])).toEqual([[-334, "Ann", "R-Ann", null], [-333, "Bob", "R-Bob", null], [-333, "Eve", "R-Eve", null]]);
  });

  test.each([
    ["do not add up", `${payment("3", "Ann")}${payment("8", "Bob")}`],
    ["are partly unknown", `${payment("3", "Ann")}<TxDtls><Refs/></TxDtls>`],
  ])("payments that %s leave the entry whole", async (_, details) => {
    expect((await read(message(entry({ more: `<NtryDtls>${details}</NtryDtls>` })))).rows).toEqual([expect.objectContaining({ amountMinor: -1000, parts: null })]);
  });

  test.each([
    [{ amount: "8.85000" }, -885],
    [{ amount: "0.00499" }, 0],
    [{ amount: "1.005", mark: "CRDT" }, 101],
    [{ amount: "1250", currency: "JPY" }, -1250],
    [{ more: "<RvslInd>true</RvslInd>" }, -1000],
    [{ mark: "CRDT", more: "<RvslInd>true</RvslInd>" }, 1000],
    [{ date: "<BookgDt><DtTm>2026-01-15T23:59:59+01:00</DtTm></BookgDt>" }, -1000],
    [{ date: "<ValDt><Dt>2026-01-15</Dt></ValDt>" }, -1000],
  ])("%j", async (fields, amountMinor) => {
    expect((await read(message(entry(fields)))).rows).toEqual([expect.objectContaining({ amountMinor, postedOn: "2026-01-15" })]);
  });

  test.each([
    [{ date: "" }, "date_missing", "BookgDt"],
    [{ date: "<BookgDt><Dt>2026-02-30</Dt></BookgDt>" }, "date_impossible", "BookgDt"],
    [{ amount: "ten" }, "amount_unreadable", "Amt"],
    [{ mark: "" }, "direction_unknown", "CdtDbtInd"],
    [{ currency: "???" }, "currency_unknown", "Ccy"],
  ])("%j is refused by line", async (fields, reasonCode, column) => {
    const { rows, refused } = await read(message(entry({}) + entry(fields)));
    expect(rows).toHaveLength(1);
    expect(refused).toEqual([{ line: 5, reasonCode, column }]);
  });

  test("entries that are not booked are passed over", async () => {
    expect((await read(message(entry({ status: "<Sts>PDNG</Sts>" }) + entry({})))).skipped).toEqual([{ line: 4, reasonCode: "not_completed" }]);
  });

  test.each([
    ["cut off", message(entry({})).slice(0, -60), "import.xml_damaged"],
    ["with entities of its own", message(entry({})).replace("<Document", '<!DOCTYPE x [<!ENTITY a "aaaa">]><Document'), "import.xml_damaged"],
    ["without a statement", message("").replace(/<Stmt>.*<\/Stmt>/s, ""), "import.no_statement"],
  ])("a message %s is refused", async (_, text, code) => {
    await expect(read(text)).rejects.toMatchObject({ code });
  });

  test("five decimals: the sums up to each part are rounded, so that the parts add up", () => {
    const thirds = ["0.33333", "0.33333", "0.33334"].map((text) => ({ amount: { text, currency: "EUR" }, sign: 1 as const }));
    expect(roundParts({ text: "1.00000", currency: "EUR" }, thirds)).toEqual([33, 34, 33]);
    expect(roundParts({ text: "1.00001", currency: "EUR" }, thirds)).toBeUndefined();
  });
});
