import type { Finding, FindingVerdict } from "@saldo/schema";
import { useText } from "../../i18n/preferences.tsx";
import { useToast } from "../../parts/toast.tsx";
import { useAction, useCore } from "../../state/bridge.tsx";

const said = { right: "findings.judgeRightToast", wrong: "findings.judgeWrongToast", expected: "findings.judgeExpectedToast" } as const;

/** Records what a person says of a finding; the message that says so can take it back. */
export function useJudge() {
  const { t } = useText();
  const core = useCore();
  const toast = useToast();
  const undo = useAction(async (id: string) => {
    await core.call("edits.undo", { id });
  });
  const tell = (text: string, undoId: string | null): void => toast(text, undoId === null ? undefined : { label: t("action.undo"), run: () => undo.start(undoId) });
  const judge = useAction(async (finding: Finding, verdict: FindingVerdict) => {
    const { undoId } = await core.call("findings.judge", { finding, verdict, comment: null });
    tell(t(said[verdict]), undoId);
  });
  const reopen = useAction(async ({ stableKey }: Finding) => {
    const { undoId } = await core.call("findings.reopen", { stableKey });
    tell(t("findings.reopenedToast"), undoId);
  });
  return { judge: judge.start, reopen: reopen.start, running: judge.running || reopen.running || undo.running, error: judge.error ?? reopen.error ?? undo.error };
}
