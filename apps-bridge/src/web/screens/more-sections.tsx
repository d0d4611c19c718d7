import { useEffect, useRef, useState } from "react";
import { useText } from "../i18n/preferences.tsx";
import type { TextKey } from "../i18n/text.ts";
import { Icon, type IconName } from "../parts/icon.tsx";
import { Link } from "../state/route.tsx";

/** The last place of a phone's bar: the sections that have none of their own. */
export function MoreSections({ links }: { readonly links: readonly { readonly path: string; readonly text: TextKey; readonly icon: IconName; readonly here: boolean }[] }) {
  const { t } = useText();
  const [isOpen, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!isOpen) return;
    const onPointer = (event: PointerEvent): void => {
      if (event.target instanceof Node && box.current?.contains(event.target) !== true) setOpen(false);
    };
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === "Escape") setOpen(false);
    };
    window.addEventListener("pointerdown", onPointer);
    window.addEventListener("keydown", onKey);
    return () => {
      window.removeEventListener("pointerdown", onPointer);
      window.removeEventListener("keydown", onKey);
    };
  }, [isOpen]);
  return (
    <div ref={box} className="contents">
      <button type="button" className={`more-tab ${links.some(({ here }) => here) ? "here" : ""}`} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        <Icon name="more" />
        <span>{t("nav.more")}</span>
      </button>
      {isOpen && (
        <div className="pop more-sheet">
          {links.map(({ path, text, icon, here }) => (
            <Link key={path} href={path} aria-current={here ? "page" : undefined} onClick={() => setOpen(false)}>
              <Icon name={icon} />
              {t(text)}
            </Link>
          ))}
        </div>
      )}
    </div>
  );
}
