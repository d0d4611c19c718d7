import type { AnalysisView } from "../../../bridge/contract/cloud.ts";
import { useText } from "../../i18n/preferences.tsx";
import { ErrorLine } from "../../parts/state-box.tsx";
import { useAction, useCore, useWatch } from "../../state/bridge.tsx";
import { CloudJobState } from "./cloud-job-state.tsx";

/** Asks the cloud for an analysis of the books, tells how far it is, and what the last one brought. Without a network the request waits on this device. */
export function RequestAnalysis() {
  const { t, f } = useText();
  const core = useCore();
  const { value } = useWatch("analysis.watch", {});
  const ask = useAction(async () => {
    await core.call("analysis.request", { title: t("cloud.analysisTitle", { date: f.date(new Date().toISOString().slice(0, 10)) }) });
  });
  if (value === undefined) return null;
  const { request, latest } = value;
  const isOpen = request !== null && (request.state === "waiting" || request.state === "running");
  return (
    <span className="end request">
      {request !== null && <CloudJobState job={request} />}
      {!isOpen && (
        <button type="button" className="btn" disabled={ask.running} onClick={() => ask.start()}>
          {t(latest === null ? "cloud.analyse" : "cloud.analyseAgain")}
        </button>
      )}
      <ErrorLine error={ask.error} />
      {latest !== null && !isOpen && <Brought latest={latest} />}
    </span>
  );
}

function Brought({ latest }: { readonly latest: NonNullable<AnalysisView["latest"]> }) {
  const { t, f } = useText();
  const parts = (["advice", "findings", "suggestions", "changes"] as const).flatMap((part) => (latest[part] === 0 ? [] : [t(`cloud.brought.${part}`, { count: latest[part] })]));
  return (
    <p className="say brought">
      {t("cloud.analysed", { date: f.date(latest.computedAt.slice(0, 10)), time: f.time(latest.computedAt) })} {parts.length === 0 ? t("cloud.brought.nothing") : parts.join(" · ")}
    </p>
  );
}
