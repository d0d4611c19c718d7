import { expect, test } from "vitest";
import { encodeText } from "../testing/encode-text.ts";
import { readWhole } from "../testing/read-whole.ts";
import { decoderOf } from "./decode.ts";
import { chooseEncoding } from "./encoding.ts";

const samples = {
  "windows-1250": [
    "Data księgowania;Opis operacji;Kwota\n2024-03-05;Płatność kartą ŻABKA;-12,50\n",
    "Datum provedení;Zaúčtovaná částka;Měna účtu\n27.05.2018;-1,00;CZK\n",
    "Könyvelés dátuma;Közlemény;Összeg\n2024.03.05;Készpénzfelvétel díja, üzletből;-12\n2024.03.06;Fizetés kölcsönből, gyűjtő;5\n",
    "Dátum;Popis;Suma\n5.3.2024;Platba kartou, Žilina, Ľubovňa, ďalší tovar;-12,50\n",
  ],
  "windows-1252": [
    "Date;Libellé;Montant\n05/03/2024;Chèque n° 5, où l'été à l'hôtel, sœur;-12,50\n",
    "Fecha;Concepto;Importe\n05/03/2024;¿Qué? Nómina de España, año según;-12,50\n",
    "Data;Descrição;Débito\n05/03/2024;Comissões de gestão, ações;-12,50\n",
    "Dato;Tekst;Beløb\n05.03.2024;Køb hos Åse på Bjørnø;-12,50\n",
    "Data;Descrizione;Importo\n05/03/2024;Pagherà più di là, lunedì;-12,50\n",
    "Date;Details;Amount\n05/03/2024;Café £5, GBP£7;-12.50\n",
    "Datum;Text;Betrag\n05.03.2024;Überweisung für Müller, Straße 5;-12,50\n",
    "Päivä;Selitys;Määrä\n05.03.2024;Käteisnosto, Ylöjärvi;-12,50\n",
  ],
  "windows-1251": ["Дата;Назначение;Сумма\n05.03.2024;Оплата по счёту № 5, ООО «Ромашка»;-12,50\n", "Дата;Описание;Сумма\n05.03.2024;VISA Пятёрочка MOSCOW;-12,50\n"],
};

const cases = (["windows-1250", "windows-1252", "windows-1251"] as const).flatMap((encoding) => samples[encoding].map((text) => ({ encoding, text })));

test.each(cases)("$encoding: $text", ({ encoding, text }) => {
  const bytes = encodeText(text, encoding);
  expect(decoderOf(encoding)(bytes)).toBe(text);
  expect(chooseEncoding(bytes, undefined).encoding.value).toBe(encoding);
});

test("the euro sign and typographic quotes of windows-1252 are read as such", async () => {
  const bytes = encodeText("Date;Libellé;Montant\n05/03/2024;L’été à “l’hôtel”;-12,50 €\n06/03/2024;Chèque;5,00 €\n", "windows-1252");
  expect(bytes.includes(0x80)).toBe(true);
  const { rows } = await readWhole(bytes);
  expect(rows.map(({ amountMinor, currency, description }) => `${amountMinor} ${currency} ${description}`)).toEqual(["-1250 EUR L’été à “l’hôtel”", "500 EUR Chèque"]);
});
