import { useText } from "../../i18n/preferences.tsx";
import { ErrorLine } from "../../parts/state-box.tsx";
import { useAction, useWatch } from "../../state/bridge.tsx";
import { useImport } from "../../state/import-flow.tsx";

/** Reads the statement of a made-up company like any other file: it is checked, added and taken back the same way. */
export function TrySample() {
  const { t, locale } = useText();
  const { open } = useImport();
  const currency = useWatch("session.watch", {}).value?.workspace?.currency;
  const make = useAction(async (into: string) => {
    const { sampleStatement } = await import("../../sample/sample-statement.ts");
    const today = new Intl.DateTimeFormat("sv").format();
    open(new File([sampleStatement({ today, locale, currency: into })], t("empty.sampleFile"), { type: "text/csv" }));
  });
  return (
    <>
      <button type="button" className="btn" disabled={currency === undefined || make.running} onClick={() => currency !== undefined && make.start(currency)}>
        {t("empty.sample")}
      </button>
      <ErrorLine error={make.error} />
    </>
  );
}
