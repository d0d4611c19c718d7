import { adviceText, effectText } from "../../i18n/advice-text.ts";
import { useText } from "../../i18n/preferences.tsx";
import { useWatch } from "../../state/bridge.tsx";
import { Link } from "../../state/route.tsx";

const shownMax = 3;

/** The most valuable advice beside the findings, and the way to the rest. */
export function AdviceAside() {
  const { t, f } = useText();
  const { value } = useWatch("recommendations.watch", {});
  if (value === undefined) return null;
  return (
    <section className="do" aria-labelledby="do-h">
      <div className="cell">
        <div className="h">
          <h2 id="do-h">{t("advice.whatToDo")}</h2>
        </div>
        {value.open.length === 0 && <p className="say">{t("advice.none.openShort")}</p>}
      </div>
      {value.open.slice(0, shownMax).map(({ item, currency }) => {
        const { title, why } = adviceText({ t, f }, item, currency);
        const effect = effectText({ t, f }, item.effect, currency);
        const isGain = item.effect.kind === "saves" || item.effect.kind === "brings";
        return (
          <article className="rec" key={item.key}>
            <h3>{title}</h3>
            <p className={`fx ${isGain ? "" : "plain"}`}>
              {effect.amount} <small>{effect.unit}</small>
            </p>
            <p className="why">{why}</p>
          </article>
        );
      })}
      <p className="cell all">
        <Link href="/advice">{t("advice.all")}</Link>
      </p>
    </section>
  );
}
