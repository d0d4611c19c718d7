import type { SetAside } from "../../bridge/contract/unsent.ts";
import { useText } from "../i18n/preferences.tsx";
import { Icon } from "../parts/icon.tsx";
import { ErrorLine } from "../parts/state-box.tsx";
import { useAction, useCore, useWatch } from "../state/bridge.tsx";
import { saveDatabaseFiles } from "../state/save-file.ts";
import { saveUnsent } from "../state/save-text.ts";

/** Books that were removed because their person lost access or the database was damaged, with what was kept of their work; until they have dealt with it. */
export function SetAsideNotices() {
  const { value } = useWatch("unsent.watchSetAside", {});
  const entries = value?.entries ?? [];
  if (entries.length === 0) return null;
  return (
    <div className="set-aside" role="alert">
      {entries.map((entry) => (
        <Notice key={entry.id} entry={entry} />
      ))}
    </div>
  );
}

function Notice({ entry: { id, companyName, at, changes, damage } }: { readonly entry: SetAside }) {
  const { t, f } = useText();
  const core = useCore();
  const save = useAction(async () => {
    await saveUnsent(core, "unsent.exportSetAside", { id });
  });
  const saveFiles = useAction(async () => {
    await saveDatabaseFiles(core, id);
  });
  const discard = useAction(async () => {
    await core.call("unsent.discardSetAside", { id });
  });
  return (
    <section className="cell set-aside-note">
      <Icon name="alert" className="neg" />
      <div>
        <p className="t">{t(damage ? "setAside.damageTitle" : "setAside.title", { company: companyName })}</p>
        <p className="say">
          {damage
            ? [t("setAside.damageLead", { at: f.instant(at) }), ...damageTexts(damage, t)].join(" ")
            : `${t("setAside.lead", { at: f.instant(at) })} ${t("setAside.unsent", { count: changes })}`}
        </p>
        <p className="acts">
          {changes > 0 && (
            <button type="button" className="btn s" disabled={save.running} onClick={() => save.start()}>
              {t("signOut.export")}
            </button>
          )}
          {damage && (
            <button type="button" className="btn s" disabled={saveFiles.running} aria-busy={saveFiles.running} onClick={() => saveFiles.start()}>
              {t(saveFiles.running ? "unopened.saving" : "unopened.save")}
            </button>
          )}
          <button type="button" className="btn s ghost" disabled={discard.running} onClick={() => discard.start()}>
            {t(changes > 0 ? "setAside.discard" : "setAside.close")}
          </button>
        </p>
        <ErrorLine error={save.error ?? saveFiles.error ?? discard.error} />
      </div>
    </section>
  );
}

/** What became of changes that had not been sent. */
function damageTexts({ unsentSaved, changesLost }: NonNullable<SetAside["damage"]>, t: ReturnType<typeof useText>["t"]): readonly string[] {
  const saved = unsentSaved > 0 ? [t("setAside.damageSaved", { count: unsentSaved })] : [];
  if (changesLost === null) return [...saved, t("setAside.damageUnknown")];
  return [...saved, t("setAside.damageLost", { count: changesLost })];
}
