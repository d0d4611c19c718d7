import { useState } from "react";
import type { RecommendationView } from "../../../bridge/contract/recommendations.ts";
import { adviceText, effectText } from "../../i18n/advice-text.ts";
import { useText } from "../../i18n/preferences.tsx";
import { Icon, type IconName } from "../../parts/icon.tsx";
import { ErrorLine } from "../../parts/state-box.tsx";
import { AdviceFigures } from "./advice-figures.tsx";
import { useDecide } from "./use-decide.ts";

const tones = { high: "bad", medium: "wait", low: "" } as const;
const badges = { high: "high", medium: "mid", low: "low" } as const;
const icons: Readonly<Record<RecommendationView["item"]["code"], IconName>> = {
  reduce_category: "rise",
  renegotiate_vendor: "rise",
  cancel_duplicate: "copy",
  cancel_unused: "close",
  merge_services: "copy",
  widen_clients: "people",
  widen_vendors: "people",
  collect_faster: "clock",
  collect_overdue: "clock",
  cover_shortfall: "alert",
  stop_loss: "alert",
  prepare_season: "calendar",
  cut_fees: "bank",
  avoid_penalties: "alert",
};

/** One recommendation: what to do, what it is worth, why, the figures, and what a person may say of it. */
export function AdviceCard({ advice }: { readonly advice: RecommendationView }) {
  const { t, f } = useText();
  const { item, currency, status } = advice;
  const { title, why } = adviceText({ t, f }, item, currency);
  const effect = effectText({ t, f }, item.effect, currency);
  const isGain = item.effect.kind === "saves" || item.effect.kind === "brings";
  return (
    <article className="finding advice" aria-label={title}>
      <header>
        <span className={`badge ${status === "open" ? badges[item.priority] : "done"}`}>
          <Icon name={status === "done" ? "check" : icons[item.code]} />
        </span>
        <div>
          <h3>{title}</h3>
          <p className="sub">{why}</p>
          <p className="chips">
            <span className={`pill sq ${tones[item.priority]}`}>{t(`advice.priority.${item.priority}`)}</span>
            {item.source === "model" && <span className="pill sq brand">{t(item.opinion === undefined ? "advice.cloud" : `advice.opinion.${item.opinion.check}`)}</span>}
          </p>
        </div>
        <p className={`big ${isGain ? "pos" : ""}`}>
          {effect.amount}
          <small>
            {effect.unit}
            {effect.range !== undefined && <span className="range">{effect.range}</span>}
          </small>
        </p>
      </header>
      <div className="evid figures-only">
        <AdviceFigures figures={item.figures} currency={currency} title={title} />
      </div>
      {status === "open" ? <OpenActs advice={advice} title={title} /> : <DecidedActs advice={advice} title={title} />}
    </article>
  );
}

const snoozes = [
  { key: "advice.snooze.week", days: 7 },
  { key: "advice.snooze.month", days: 30 },
  { key: "advice.snooze.quarter", days: 91 },
] as const;

function OpenActs({ advice, title }: { readonly advice: RecommendationView; readonly title: string }) {
  const { t } = useText();
  const decide = useDecide();
  const [isSnoozing, setSnoozing] = useState(false);
  return (
    <div className="verdict acts" role="group" aria-label={title}>
      {isSnoozing ? (
        <>
          <span className="q">{t("advice.act.snoozeFor")}</span>
          {snoozes.map(({ key, days }) => (
            <button key={key} type="button" className="btn s" disabled={decide.running} onClick={() => decide.start(advice, { status: "snoozed", days })}>
              {t(key)}
            </button>
          ))}
          <button type="button" className="btn s ghost" onClick={() => setSnoozing(false)}>
            {t("action.back")}
          </button>
        </>
      ) : (
        <>
          <button type="button" className="btn s" disabled={decide.running} onClick={() => decide.start(advice, { status: "done" })}>
            <Icon name="check" small />
            {t("advice.act.done")}
          </button>
          <button type="button" className="btn s ghost" disabled={decide.running} onClick={() => setSnoozing(true)}>
            {t("advice.act.snooze")}
          </button>
          <button type="button" className="btn s ghost" disabled={decide.running} onClick={() => decide.start(advice, { status: "not_relevant" })}>
            {t("advice.act.notRelevant")}
          </button>
        </>
      )}
      <ErrorLine error={decide.error} />
    </div>
  );
}

function DecidedActs({ advice, title }: { readonly advice: RecommendationView; readonly title: string }) {
  const { t, f } = useText();
  const decide = useDecide();
  const { status, decidedAt, snoozedUntil } = advice;
  const date = f.date((status === "snoozed" ? snoozedUntil : decidedAt)?.slice(0, 10) ?? "", false);
  return (
    <div className="verdict acts" role="group" aria-label={title}>
      {status !== "open" && <span className={`pill ${status === "done" ? "ok" : ""}`}>{t(`advice.status.${status}`, { date })}</span>}
      {status === "done" && <Measured advice={advice} />}
      <button type="button" className="link more" disabled={decide.running} onClick={() => decide.start(advice, { status: "open" })}>
        {t("advice.act.reopen")}
      </button>
      <ErrorLine error={decide.error} />
    </div>
  );
}

/** What came of advice that was followed, beside what it promised. */
function Measured({ advice: { item, currency, measured } }: { readonly advice: RecommendationView }) {
  const { t, f } = useText();
  const money = (value: number) => f.money(value, currency, { fraction: "whole" });
  if (measured === null) return <span className="say">{t(item.measure.kind === "none" ? notMeasured(item.code) : "advice.measuredLater")}</span>;
  const unit = item.measure.kind === "share" ? "advice.measuredShare" : measured.per === "month" ? "advice.effect.saves" : "advice.effect.savesOnce";
  return (
    <span className="say measured">
      <b className={`num ${measured.amountMinor < 0 ? "neg" : "pos"}`}>{f.money(measured.amountMinor, currency, { fraction: "whole", sign: "change" })}</b>{" "}
      {t(unit)}
      {item.measure.kind !== "share" && `, ${t("advice.measuredPromised", { low: money(item.effect.lowMinor), high: money(item.effect.highMinor) })}`}.{" "}
      {t("advice.measured", { from: f.date(measured.from, false), to: f.date(measured.to, false) })}
    </span>
  );
}

/** Why the effect of followed advice is not measured. */
function notMeasured(code: RecommendationView["item"]["code"]): "advice.measuredNot.cash" | "advice.measuredNot.season" | "advice.measuredNot" {
  return code === "cover_shortfall" ? "advice.measuredNot.cash" : code === "prepare_season" ? "advice.measuredNot.season" : "advice.measuredNot";
}
