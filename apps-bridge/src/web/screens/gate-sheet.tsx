import type { ReactNode } from "react";
import { LanguageSwitch, ThemeButton } from "./theme-button.tsx";

/** The one sheet that is seen while no books are open. */
export function GateSheet({ title, foot, children }: { readonly title: string; readonly foot: string; readonly children: ReactNode }) {
  return (
    <div className="gate">
      <header className="gate-head">
        <span className="logo">Saldo</span>
        <span className="gate-tools">
          <LanguageSwitch />
          <ThemeButton />
        </span>
      </header>
      <main className="gate-sheet" id="main">
        <h1>{title}</h1>
        {children}
      </main>
      <footer className="gate-foot">{foot}</footer>
    </div>
  );
}
