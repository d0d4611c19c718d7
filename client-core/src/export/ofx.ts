import { formatMinorDecimal } from "@saldo/schema";
import { onOneLine, type FormatWriter } from "./model.ts";

/** OFX 2.1.1 as XML, one `STMTRS` for each account and currency. `exportedOn` is the day the file is made. */
export function ofxWriter(exportedOn: string, locale: "en" | "ru"): FormatWriter {
  const status = "<STATUS><CODE>0</CODE><SEVERITY>INFO</SEVERITY></STATUS>";
  const leaf = (name: string, value: string | null): string => (value === null || value === "" ? "" : `<${name}>${escapeXml(onOneLine(value))}</${name}>`);
  return {
    begin: () =>
      '<?xml version="1.0" encoding="UTF-8"?>\n<?OFX OFXHEADER="200" VERSION="211" SECURITY="NONE" OLDFILEUID="NONE" NEWFILEUID="NONE"?>\n' +
      `<OFX><SIGNONMSGSRSV1><SONRS>${status}<DTSERVER>${dayOf(exportedOn)}</DTSERVER><LANGUAGE>${locale === "ru" ? "RUS" : "ENG"}</LANGUAGE></SONRS></SIGNONMSGSRSV1>\n<BANKMSGSRSV1>\n`,
    beginStatement: ({ account, currency, from, to }) =>
      `<STMTTRNRS><TRNUID>0</TRNUID>${status}<STMTRS><CURDEF>${currency}</CURDEF><BANKACCTFROM><BANKID>0</BANKID>${leaf("ACCTID", account)}<ACCTTYPE>CHECKING</ACCTTYPE></BANKACCTFROM>` +
      `<BANKTRANLIST><DTSTART>${dayOf(from)}</DTSTART><DTEND>${dayOf(to)}</DTEND>\n`,
    row(row, { currency }) {
      const { amountMinor, counterpartyAccount } = row;
      const other = counterpartyAccount === null ? "" : `<BANKACCTTO><BANKID>0</BANKID>${leaf("ACCTID", counterpartyAccount)}<ACCTTYPE>CHECKING</ACCTTYPE></BANKACCTTO>`;
      return (
        `<STMTTRN><TRNTYPE>${amountMinor < 0 ? "DEBIT" : "CREDIT"}</TRNTYPE><DTPOSTED>${dayOf(row.postedOn)}</DTPOSTED><TRNAMT>${formatMinorDecimal(amountMinor, currency)}</TRNAMT>` +
        `${leaf("FITID", row.bankId ?? row.id)}${leaf("NAME", row.counterparty)}${other}${leaf("MEMO", row.description)}</STMTTRN>\n`
      );
    },
    endStatement: () => "</BANKTRANLIST></STMTRS></STMTTRNRS>\n",
    end: () => "</BANKMSGSRSV1></OFX>\n",
  };
}

function dayOf(isoDay: string): string {
  return isoDay.replaceAll("-", "");
}

/** Characters XML 1.0 does not allow are dropped. */
function escapeXml(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what it is for
  const allowed = text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "");
  return allowed.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
