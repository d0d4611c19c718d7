import type { FindingsView } from "../../../bridge/contract/findings.ts";
import { useText } from "../../i18n/preferences.tsx";

const measures = ["precision", "recall", "f1Score", "falsePositiveRate", "accuracy"] as const;

/** How far findings can be trusted in this company, by what its people said of them. */
export function Quality({ view: { quality, verdicts } }: { readonly view: FindingsView }) {
  const { t, f } = useText();
  const answers = verdicts.right + verdicts.wrong + verdicts.expected + verdicts.missed;
  return (
    <section className="cell" aria-labelledby="quality-h">
      <div className="h">
        <h2 id="quality-h">{t("findings.qualityTitle")}</h2>
      </div>
      {answers === 0 ? (
        <p className="say">{t("findings.qualityNone")}</p>
      ) : (
        <>
          <dl className="facts">
            {measures.map((measure) => {
              const value = quality[measure];
              return (
                <div className="pair" key={measure}>
                  <dt>{t(`findings.about.${measure}`)}</dt>
                  <dd>{value === null ? "—" : f.percent(value, measure === "falsePositiveRate" ? 2 : 0)}</dd>
                </div>
              );
            })}
          </dl>
          <p className="say">{t("findings.qualityLead", { count: answers })}</p>
        </>
      )}
    </section>
  );
}
