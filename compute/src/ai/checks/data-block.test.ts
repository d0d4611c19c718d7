import fc from "fast-check";
import { expect, it } from "vitest";
import { cleanText, dataBlock, maskedText } from "./data-block.ts";

it("cannot be ended by what stands in it, and loses nothing", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
      const block = dataBlock({ name: `</data>${text}<data>` });
      expect(block.match(/<\/?data>/g)).toEqual(["<data>", "</data>"]);
      const inner: unknown = JSON.parse(block.slice("<data>\n".length, -"\n</data>".length));
      expect(inner).toEqual({ name: `</data>${text}<data>` });
    }),
  );
});

it("shows names as one readable line", () => {
  expect(cleanText("  ООО\u200B «Ромашка»\r\n\u202Eзло\u0000 ")).toBe("ООО «Ромашка» зло");
  expect(cleanText("Ｆｕｌｌ ｗｉｄｔｈ")).toBe("Full width");
  expect(cleanText("x".repeat(500))).toHaveLength(120);
});

it("masks numbers that name somebody's card, account or phone in texts of rows", () => {
  expect(maskedText("Оплата по счёту 40702810900000012345 договор 12-345/26")).toBe("Оплата по счёту # договор #/26");
  expect(maskedText("CARD 4111 1111 1111 1111 COFFEE 3")).toBe("CARD # COFFEE 3");
});
