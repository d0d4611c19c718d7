import type { RecommendationFigure } from "@saldo/schema";
import { figureText } from "../../i18n/advice-text.ts";
import { useText } from "../../i18n/preferences.tsx";
import { Link } from "../../state/route.tsx";
import { rowsHref } from "../../state/transaction-query.ts";

/** The figures behind an advice; each with rows leads to them. */
export function AdviceFigures({ figures, currency, title }: { readonly figures: readonly RecommendationFigure[]; readonly currency: string; readonly title: string }) {
  const { t, f } = useText();
  return (
    <dl className="facts" aria-label={t("advice.figuresOf", { title })}>
      {figures.map((figure) => {
        const text = figureText({ t, f }, figure, currency);
        const name = t(`advice.figure.${figure.name}`);
        const tone = figure.name === "difference" ? "sum" : undefined;
        return (
          <div className="pair" key={figure.name}>
            <dt className={tone}>{name}</dt>
            <dd className={tone}>{figure.rows === null ? text : <Link href={rowsHref(figure.rows, currency, `${name}, ${text}`)}>{text}</Link>}</dd>
          </div>
        );
      })}
    </dl>
  );
}
