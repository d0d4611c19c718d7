import type { SavedScenario } from "@saldo/client-core/forecast/outlook";
import { nameLengthMax, type WhatIf } from "@saldo/schema";
import { useId, useState, type FormEvent } from "react";
import { useText } from "../../i18n/preferences.tsx";
import { ErrorLine } from "../../parts/state-box.tsx";
import { useToast } from "../../parts/toast.tsx";
import { useAction, useCore } from "../../state/bridge.tsx";

interface SaveProps {
  readonly changes: readonly WhatIf[];
  readonly currency: string;
  readonly scenarios: readonly SavedScenario[];
  /** The scenario the knobs were set from. */
  readonly opened: SavedScenario | undefined;
  readonly onSaved: (id: string) => void;
}

/** Keeps the changes under a name; a scenario of that name takes them in place of its own. */
export function SaveScenario({ changes, currency, scenarios, opened, onSaved }: SaveProps) {
  const { t } = useText();
  const id = useId();
  const core = useCore();
  const toast = useToast();
  const [name, setName] = useState<string>();
  const typed = name ?? opened?.name ?? "";
  const same = scenarios.find((scenario) => scenario.name.trim().toLowerCase() === typed.trim().toLowerCase());
  const undo = useAction(async (undoId: string) => {
    await core.call("edits.undo", { id: undoId });
  });
  const save = useAction(async () => {
    const tried = { currency, changes: [...changes] };
    const saved = same === undefined ? await core.call("scenarios.add", { name: typed.trim(), ...tried }) : { id: same.id, ...(await core.call("scenarios.change", { id: same.id, tried })) };
    setName(undefined);
    onSaved(saved.id);
    const { undoId } = saved;
    toast(t("planned.saved", { name: typed.trim() }), undoId === null ? undefined : { label: t("action.undo"), run: () => undo.start(undoId) });
  });
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    save.start();
  };
  return (
    <form className="scenario-save" onSubmit={submit}>
      <label className="field" htmlFor={`${id}-name`}>
        <span>{t("scenarios.saveAs")}</span>
        <input id={`${id}-name`} required maxLength={nameLengthMax} autoComplete="off" placeholder={t("scenarios.example")} value={typed} onChange={(event) => setName(event.target.value)} />
      </label>
      <button type="submit" className="btn primary" disabled={save.running || changes.length === 0}>
        {t(same === undefined ? "planned.save" : "scenarios.replace")}
      </button>
      {changes.length === 0 && <p className="quiet wide">{t("scenarios.nothingTurned")}</p>}
      <ErrorLine error={save.error ?? undo.error} />
    </form>
  );
}
