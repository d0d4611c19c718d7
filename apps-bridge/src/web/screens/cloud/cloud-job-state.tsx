import { errorEntry, isErrorCode } from "@saldo/schema";
import type { CloudJob } from "../../../bridge/contract/cloud.ts";
import { useText } from "../../i18n/preferences.tsx";
import { ErrorLine } from "../../parts/state-box.tsx";
import { useAction, useCore, useWatch } from "../../state/bridge.tsx";

/** How far work asked of the cloud is, the way to stop it while it goes on, and to ask again when it failed or was stopped. Nothing for what is done. */
export function CloudJobState({ job }: { readonly job: CloudJob }) {
  const { t, f, locale } = useText();
  const core = useCore();
  const sync = useWatch("sync.watch", {});
  const cancel = useAction(async () => {
    await core.call("cloud.cancel", { jobId: job.jobId });
  });
  const retry = useAction(async () => {
    await core.call("cloud.retry", { jobId: job.jobId });
  });
  if (job.state === "done") return null;
  const isOver = job.state === "failed" || job.state === "cancelled";
  const isOffline = sync.value !== undefined && ["offline", "signed_out"].includes(sync.value.state);
  return (
    <>
      {!isOver && (
        <>
          <span className={`pill ${isOffline ? "wait" : "info"}`} role="status">
            {job.state === "running"
              ? t("cloud.running", { percent: f.percent(job.progressPermille / 1000, 0) })
              : t(isOffline ? "cloud.waitingOffline" : "cloud.waiting", { time: f.time(job.requestedAt) })}
          </span>
          <button type="button" className="btn s" disabled={cancel.running} onClick={() => cancel.start()}>
            {t("cloud.cancel")}
          </button>
        </>
      )}
      {isOver && (
        <>
          {job.state === "cancelled" && <span className="pill">{t("cloud.cancelled")}</span>}
          <button type="button" className="btn" disabled={retry.running} onClick={() => retry.start()}>
            {t("cloud.retry")}
          </button>
        </>
      )}
      <ErrorLine error={cancel.error ?? retry.error} />
      {job.state === "failed" && isErrorCode(job.errorCode) && (
        <p className="neg error-line" role="alert">
          {errorEntry(job.errorCode).meaning[locale]} {errorEntry(job.errorCode).remedy[locale]}
        </p>
      )}
    </>
  );
}
