import type { ImportPreview } from "../../../bridge/contract/import.ts";
import { useText } from "../../i18n/preferences.tsx";
import type { ImportOverrides } from "../../state/import-flow.tsx";

/** What the file leaves open, each with ready answers. */
export function Questions({
  preview,
  overrides,
  onCorrect,
}: {
  readonly preview: ImportPreview;
  readonly overrides: ImportOverrides;
  readonly onCorrect: (overrides: ImportOverrides) => void;
}) {
  const { t, locale } = useText();
  const { questions, missing } = preview;
  if (questions.length === 0 && missing.length === 0) return null;
  const answer = (questionId: string, choiceId: string): void => {
    const others = (overrides.answers ?? []).filter((given) => given.questionId !== questionId);
    onCorrect({ ...overrides, answers: [...others, { questionId, choiceId }] });
  };
  return (
    <section className="cell" aria-labelledby="questions-h">
      <div className="h">
        <h2 id="questions-h">{t("import.questions", { count: questions.length + missing.length })}</h2>
      </div>
      {missing.map((role) => (
        <div className="look" key={role}>
          <p>
            <b>{t(`import.missing.${role}`)}</b> {t("import.missingHow")}
          </p>
        </div>
      ))}
      {questions.map((question) => (
        <div className="look" key={question.id}>
          <p>{question.text[locale]}</p>
          <p className="acts">
            {question.choices.map((choice) => (
              <button key={choice.id} type="button" className="btn s" aria-pressed={choice.id === question.chosen} onClick={() => answer(question.id, choice.id)}>
                {choice.label[locale]}
              </button>
            ))}
          </p>
        </div>
      ))}
    </section>
  );
}
