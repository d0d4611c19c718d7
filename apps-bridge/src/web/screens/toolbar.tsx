import type { ReactNode } from "react";
import type { SyncState } from "../../bridge/contract/sync.ts";
import { useText } from "../i18n/preferences.tsx";
import type { TextKey } from "../i18n/text.ts";
import { Icon, type IconName } from "../parts/icon.tsx";
import { useWatch } from "../state/bridge.tsx";
import { Link } from "../state/route.tsx";

/** The line under the masthead: what the page is narrowed to on the left, how safe the data are on the right. */
export function Toolbar({ children }: { readonly children?: ReactNode }) {
  const { t } = useText();
  return (
    <section className="toolbar" aria-label={t("toolbar.label")}>
      {children}
      <SyncStatus />
    </section>
  );
}

const pills: Readonly<Record<SyncState["state"], { readonly tone: string; readonly icon: IconName; readonly text: TextKey }>> = {
  saved: { tone: "ok", icon: "check", text: "sync.saved" },
  syncing: { tone: "info", icon: "cloud", text: "sync.syncing" },
  offline: { tone: "wait", icon: "off", text: "sync.offline" },
  needs_attention: { tone: "bad", icon: "alert", text: "sync.needsAttention" },
  update_required: { tone: "bad", icon: "alert", text: "sync.updateRequired" },
  signed_out: { tone: "wait", icon: "alert", text: "sync.signedOut" },
};

function SyncStatus() {
  const { t } = useText();
  const { value } = useWatch("sync.watch", {});
  if (value === undefined) return <div className="sync" role="status" />;
  const { tone, icon, text } = pills[value.state];
  const pill = (
    <span className={`pill ${tone}`}>
      <Icon name={icon} small />
      {t(text, { count: value.problems.length })}
    </span>
  );
  return (
    <div className="sync" role="status" aria-live="polite">
      {["needs_attention", "update_required", "signed_out"].includes(value.state) ? <Link href="/attention">{pill}</Link> : pill}
      <span className="sy">
        <StatusLine sync={value} />
      </span>
    </div>
  );
}

function StatusLine({ sync }: { readonly sync: SyncState }) {
  const { t, f } = useText();
  const where = t(sync.state === "saved" ? "sync.onDeviceAndCloud" : "sync.onDevice");
  const when = sync.lastSyncedAt === null ? undefined : f.time(sync.lastSyncedAt);
  const rest = sync.pendingChanges > 0 ? t("sync.waiting", { count: sync.pendingChanges }) : when === undefined ? "" : t("sync.asOf", { time: when });
  return (
    <>
      {where}
      {rest !== "" && (
        <>
          <i> · </i>
          <span>{rest}</span>
        </>
      )}
    </>
  );
}
