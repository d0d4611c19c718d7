import type { FindingKind } from "@saldo/schema";
import { useState } from "react";
import { useText } from "../../i18n/preferences.tsx";
import { FindingCard, type ShownFinding } from "./finding-card.tsx";
import { findingText } from "./finding-text.ts";

/** Findings of one kind shown before the rest is asked for. */
const groupShownMax = 5;

/** Findings by kind, in the order their likeliest and costliest come. */
export function FindingGroups({ findings }: { readonly findings: readonly ShownFinding[] }) {
  const groups = new Map<FindingKind, ShownFinding[]>();
  for (const shown of findings) {
    const group = groups.get(shown.finding.kind);
    if (group === undefined) groups.set(shown.finding.kind, [shown]);
    else group.push(shown);
  }
  return [...groups].map(([kind, group]) => <Group key={kind} group={group} />);
}

function Group({ group }: { readonly group: readonly ShownFinding[] }) {
  const { t, f, locale } = useText();
  const [isOpen, setOpen] = useState(false);
  const [first] = group;
  if (first === undefined) return null;
  const { title } = findingText(first.finding, locale, f);
  const shown = isOpen ? group : group.slice(0, groupShownMax);
  return (
    <section className="finding-group" aria-label={title}>
      <h2>
        {title} <span className="quiet">{group.length}</span>
      </h2>
      {shown.map((one) => (
        <FindingCard key={one.finding.stableKey} shown={one} />
      ))}
      {shown.length < group.length && (
        <button type="button" className="link more-of" onClick={() => setOpen(true)}>
          {t("findings.more", { count: group.length - shown.length })}
        </button>
      )}
    </section>
  );
}
