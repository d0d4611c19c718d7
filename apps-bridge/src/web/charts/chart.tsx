import type { EChartsCoreOption, EChartsType } from "echarts/core";
import { useEffect, useRef, useState } from "react";
import { usePreferences } from "../i18n/preferences.tsx";
import { chartTheme, type ChartTheme } from "./theme.ts";

/** Where a chart was pressed: the index on its time axis. */
export type OnPick = (index: number) => void;

/** A drawing with one sentence that says its key figures. The drawing code is fetched when the first chart is shown. */
export function Chart(props: {
  readonly label: string;
  readonly height: number;
  readonly option: (theme: ChartTheme) => EChartsCoreOption;
  readonly onPick?: OnPick;
}) {
  const { label, height, option, onPick } = props;
  const { theme } = usePreferences();
  const place = useRef<HTMLDivElement>(null);
  const [chart, setChart] = useState<EChartsType>();
  const [width, setWidth] = useState(0);

  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    let made: EChartsType | undefined;
    let gone = false;
    const draw = async (): Promise<void> => {
      const { init } = await import("./echarts.ts");
      if (gone) return;
      made = init(element, undefined, { renderer: "canvas" });
      setChart(made);
    };
    void draw();
    const sizes = new ResizeObserver(() => setWidth(element.clientWidth));
    sizes.observe(element);
    return () => {
      gone = true;
      sizes.disconnect();
      made?.dispose();
    };
  }, []);

  useEffect(() => {
    const element = place.current;
    if (chart === undefined || element === null || chart.isDisposed()) return;
    chart.resize({ width: width || "auto" });
    const look = chartTheme(element, theme);
    chart.setOption({ animationDuration: 0, animationDurationUpdate: look.redrawMs, ...option(look) }, { notMerge: true });
  }, [chart, option, theme, width]);

  useEffect(() => {
    if (chart === undefined || onPick === undefined || chart.isDisposed()) return;
    const pick = (event: { readonly dataIndex?: number }): void => {
      if (event.dataIndex !== undefined) onPick(event.dataIndex);
    };
    chart.on("click", pick);
    return () => {
      if (!chart.isDisposed()) chart.off("click", pick);
    };
  }, [chart, onPick]);

  return <div className="chart-place" ref={place} role="img" aria-label={label} style={{ height }} />;
}
