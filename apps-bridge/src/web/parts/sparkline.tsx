/** Twelve months at a glance; decorative, the figures stand beside it. The zero line shows when values cross it. */
export function Sparkline({ values }: { readonly values: readonly number[] }) {
  if (values.length < 2) return null;
  const [width, height, pad] = [66, 30, 3];
  const low = Math.min(...values);
  const high = Math.max(...values);
  const spread = high - low || 1;
  const y = (value: number): number => pad + ((high - value) / spread) * (height - 2 * pad);
  const x = (index: number): number => 2 + (index / (values.length - 1)) * (width - 6);
  const path = values.map((value, index) => `${index === 0 ? "M" : "L"}${x(index).toFixed(1)} ${y(value).toFixed(1)}`).join("");
  const last = values.at(-1) ?? 0;
  return (
    <svg className="spark" width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      {low < 0 && high > 0 && <line className="grid" x1="0" x2={width} y1={y(0)} y2={y(0)} />}
      <path className="spark-line" d={path} />
      <circle className="dot-solid" cx={x(values.length - 1)} cy={y(last)} r="2.5" />
    </svg>
  );
}
