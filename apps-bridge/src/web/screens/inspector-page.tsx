import { errorEntry, isErrorCode } from "@saldo/schema";
import { useState, type ReactNode } from "react";
import type { Inspection } from "../../bridge/contract/inspector.ts";
import { changeText } from "../i18n/change-text.ts";
import { useText } from "../i18n/preferences.tsx";
import { ErrorBox, ErrorLine, Skeleton } from "../parts/state-box.tsx";
import { useToast } from "../parts/toast.tsx";
import { useAction, useCore, useRead } from "../state/bridge.tsx";
import { InspectorCursors, InspectorTables } from "./inspector-tables.tsx";
import { Toolbar } from "./toolbar.tsx";

/** What this device keeps and how far sync has come: counts and marks, for a person and for support. */
export function InspectorPage() {
  const { t } = useText();
  const core = useCore();
  const toast = useToast();
  const [version, setVersion] = useState(0);
  const { value, error, retry } = useRead("inspector.read", {}, version);
  const verify = useAction(async () => {
    const { different, unknown } = await core.call("inspector.verify", {});
    const rest = unknown > 0 ? ` · ${t("inspector.verifiedUnknown", { unknown })}` : "";
    toast(t("inspector.verified", { different: different.length }) + rest);
    setVersion((shown) => shown + 1);
  });
  const copy = useAction(async () => {
    await navigator.clipboard.writeText(JSON.stringify(value, null, 2));
    toast(t("inspector.copied"));
  });
  return (
    <>
      <Toolbar />
      <main className="sheet" id="main">
        <header className="page-head inspector-head">
          <div>
            <h1>{t("inspector.title")}</h1>
            <p>{t("inspector.lead")}</p>
          </div>
          <span className="end">
            <button type="button" className="btn" disabled={verify.running} aria-busy={verify.running} onClick={() => verify.start()}>
              {t(verify.running ? "inspector.verifying" : "inspector.verify")}
            </button>
            <button type="button" className="btn" disabled={value === undefined || copy.running} onClick={() => copy.start()}>
              {t("inspector.copy")}
            </button>
            <button type="button" className="btn" onClick={() => setVersion(version + 1)}>
              {t("inspector.refresh")}
            </button>
          </span>
          <ErrorLine error={verify.error ?? copy.error} />
        </header>
        {error !== undefined ? (
          <div className="cell">
            <ErrorBox error={error} onRetry={retry} />
          </div>
        ) : value === undefined ? (
          <div className="cell skeleton-cell" aria-busy="true">
            <Skeleton width="50%" height={24} />
            <Skeleton width="100%" height={320} />
          </div>
        ) : (
          <>
            <Facts found={value} />
            <Failures found={value} />
            <InspectorTables tables={value.tables} />
            <InspectorCursors shapes={value.shapes} />
          </>
        )}
      </main>
    </>
  );
}

function Facts({ found: { versions, identity, checkpoint, outbox, staged, checksums, storeBytes } }: { readonly found: Inspection }) {
  const { t, f } = useText();
  const none = t("inspector.none");
  const { atCheckpoint, recountedAt, asked, differencesEver } = checksums;
  const when = (at: string | null | undefined): string => (at === null || at === undefined ? t("inspector.never") : f.instant(at));
  const size = (bytes: number): string => t("inspector.sizeValue", { size: f.number(bytes / 1_048_576, bytes < 1_048_576 ? 3 : 1) });
  const versionText = t("inspector.versionValue", { schema: versions.schema, applied: versions.migrationsApplied, known: versions.migrationsKnown });
  return (
    <div className="row inspector-facts">
      <FactList title={t("inspector.outbox")}>
        <Fact name={t("inspector.pending")} value={outbox.pending === 0 ? f.number(0) : `${f.number(outbox.pending)} (${size(outbox.pendingBytes)})`} />
        <Fact name={t("inspector.oldest")} value={outbox.oldestPendingAt === null ? none : f.instant(outbox.oldestPendingAt)} />
        <Fact name={t("inspector.confirmed")} value={f.number(outbox.confirmed)} />
        <Fact name={t("inspector.rejected")} value={f.number(outbox.rejected)} />
        <Fact name={t("inspector.staged")} value={f.number(staged)} />
      </FactList>
      <FactList title={t("inspector.checksums")}>
        <Fact name={t("inspector.comparedAt")} value={when(atCheckpoint?.at)} />
        <Fact name={t("inspector.same")} value={f.number(atCheckpoint?.same ?? 0)} />
        <Fact name={t("inspector.different")} value={f.number(atCheckpoint?.different ?? 0)} bad={(atCheckpoint?.different ?? 0) > 0} />
        <Fact name={t("inspector.unknown")} value={f.number(atCheckpoint?.unknown ?? 0)} />
        <Fact name={t("inspector.recountedAt")} value={when(recountedAt)} />
        <Fact name={t("inspector.checkedAt")} value={when(asked?.at)} />
        <Fact name={t("inspector.differencesEver")} value={f.number(differencesEver)} />
      </FactList>
      <FactList title={t("inspector.store")}>
        <Fact name={t("inspector.size")} value={size(storeBytes)} />
        <Fact name={t("inspector.version")} value={versionText} />
        <Fact name={t("inspector.checkpoint")} value={checkpoint === null ? none : t("inspector.checkpointValue", { at: f.instant(checkpoint.appliedAt), lsn: checkpoint.lsn })} />
        <Fact name={t("inspector.server")} value={identity.server ?? none} />
        <Fact name={t("inspector.company")} value={identity.workspaceId ?? none} />
        <Fact name={t("inspector.person")} value={identity.userId ?? none} />
        <Fact name={t("inspector.device")} value={identity.clientId ?? none} />
        <Fact name={t("inspector.generation")} value={identity.generation ?? none} />
      </FactList>
    </div>
  );
}

function FactList({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className="cell">
      <div className="h">
        <h2>{title}</h2>
      </div>
      <dl className="inspector-list">{children}</dl>
    </section>
  );
}

function Fact({ name, value, bad = false }: { readonly name: string; readonly value: string; readonly bad?: boolean }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className={bad ? "neg" : undefined}>{value}</dd>
    </div>
  );
}

function Failures({ found: { failures, rejections } }: { readonly found: Inspection }) {
  const { t, f, locale } = useText();
  const meaning = (code: string): string => (isErrorCode(code) ? errorEntry(code).meaning[locale] : code);
  return (
    <section className="row cell" aria-labelledby="failures-h">
      <div className="h">
        <h2 id="failures-h">{t("inspector.failures")}</h2>
      </div>
      {failures.length + rejections.length === 0 && <p className="say">{t("inspector.failuresNone")}</p>}
      <ul className="inspector-failures">
        {failures.map(({ code, at }) => (
          <li key={`${at} ${code}`}>
            <time dateTime={at}>{f.instant(at)}</time>
            <span>{meaning(code)}</span>
            <code>{code}</code>
          </li>
        ))}
        {rejections.map(({ code, at, mutation, status }, index) => (
          <li key={`${at} ${index}`} className={status === "open" ? undefined : "quiet"}>
            <time dateTime={at}>{f.instant(at)}</time>
            <span>
              {changeText(t, mutation)}: {meaning(code)}
            </span>
            <code>{code}</code>
          </li>
        ))}
      </ul>
    </section>
  );
}
