import type { ReviewGroup } from "../../../bridge/contract/categories.ts";
import type { useText } from "../../i18n/preferences.tsx";

type Texts = ReturnType<typeof useText>;

/** Says why a category is suggested, and how sure that is. */
export function whyText(t: Texts["t"], f: Texts["f"], { confidence, why }: NonNullable<ReviewGroup["suggestion"]>): string {
  return `${f.percent(confidence)} · ${reason(t, why)}`;
}

function reason(t: Texts["t"], why: NonNullable<ReviewGroup["suggestion"]>["why"]): string {
  if (why.by === "memory") return t("review.why.memory", { agreed: why.agreed, rows: why.rows });
  if (why.by === "words") return t("review.why.words");
  if (why.told === "merchant_code") return t("review.why.merchant_code", { code: why.text });
  return why.told === "kind" ? t("review.why.kind") : t("review.why.word", { word: why.text });
}
