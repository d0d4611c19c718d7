import { useText } from "../../i18n/preferences.tsx";

/** Where in the three steps of an import we are. */
export function Steps({ here }: { readonly here: 1 | 2 | 3 | 4 }) {
  const { t } = useText();
  return (
    <ol className="steps">
      {([1, 2, 3] as const).map((step) => (
        <li key={step} data-n={step} className={step < here ? "done" : ""} aria-current={step === here ? "step" : undefined}>
          {t(`import.step${step}`)}
        </li>
      ))}
    </ol>
  );
}
