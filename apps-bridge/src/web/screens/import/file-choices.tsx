import { useState } from "react";
import type { ImportPreview } from "../../../bridge/contract/import.ts";
import { useText } from "../../i18n/preferences.tsx";
import { Icon } from "../../parts/icon.tsx";
import { ErrorLine } from "../../parts/state-box.tsx";
import { saldoErrorOf, useCore } from "../../state/bridge.tsx";
import type { ImportOverrides } from "../../state/import-flow.tsx";

interface Choices {
  readonly preview: ImportPreview;
  readonly overrides: ImportOverrides;
  readonly onCorrect: (overrides: ImportOverrides) => void;
}

/** No sheet name may hold it, so it parts the names of several. */
const betweenNames = "/";

/** The sheets of a workbook that hold anything, those that are read pressed. One of another shape is read alone. */
export function SheetChoice({ preview, overrides, onCorrect }: Choices) {
  const { t } = useText();
  const { sheets } = preview;
  // Where the app asks which sheet it is, the question is enough.
  if (sheets.length < 2 || preview.questions.some(({ id }) => id === "sheets")) return null;
  const chosen = sheets.filter(({ isChosen }) => isChosen).map(({ name }) => name);
  const press = (name: string): void => {
    const others = chosen.filter((other) => other !== name);
    const wanted = chosen.includes(name) ? others : [name, ...others];
    if (wanted.length === 0) return;
    const answers = (overrides.answers ?? []).filter(({ questionId }) => questionId !== "sheets");
    onCorrect({ ...overrides, answers: [...answers, { questionId: "sheets", choiceId: wanted.join(betweenNames) }] });
  };
  return (
    <section className="cell" aria-labelledby="sheets-h">
      <div className="h">
        <h2 id="sheets-h">{t("import.sheets", { count: chosen.length })}</h2>
      </div>
      <div className="look">
        <p className="acts">
          {sheets.map(({ name, isChosen }) => (
            <button key={name} type="button" className="btn s" aria-pressed={isChosen} onClick={() => press(name)}>
              {name}
            </button>
          ))}
        </p>
      </div>
      <p className="say">{t("import.sheetsHint")}</p>
    </section>
  );
}

/** Says that decisions about an earlier file of this shape are used, and offers to forget them. */
export function RememberedMapping({ preview, overrides, onCorrect }: Choices) {
  const { t } = useText();
  const core = useCore();
  const [error, setError] = useState<ReturnType<typeof saldoErrorOf>>();
  const { mapping } = preview;
  if (mapping === null) return null;
  const forget = async (): Promise<void> => {
    try {
      await core.call("import.forgetMapping", { mappingId: mapping.id });
      onCorrect(overrides);
    } catch (thrown) {
      setError(saldoErrorOf(thrown));
    }
  };
  return (
    <p className="notice">
      <Icon name="check" /> {t("import.remembered")}{" "}
      <button type="button" className="link" onClick={() => void forget()}>
        {t("import.forgetMapping")}
      </button>
      <ErrorLine error={error} />
    </p>
  );
}
