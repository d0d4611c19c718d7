/**
 * Seasonal ARIMA models (p,d,q)(P,D,Q)m of Box & Jenkins, "Time Series Analysis" (1970), ch. 9: multiplicative polynomials
 * φ(B)Φ(Bᵐ)(1−B)ᵈ(1−Bᵐ)ᴰ (y − drift) = θ(B)Θ(Bᵐ) ε, at most two ordinary and one seasonal coefficient on each side.
 */

/** Orders of a model; `constant` adds the mean of the differenced series. */
export interface SarimaForm {
  readonly p: 0 | 1 | 2;
  readonly d: 0 | 1;
  readonly q: 0 | 1 | 2;
  readonly seasonalP: 0 | 1;
  readonly seasonalD: 0 | 1;
  readonly seasonalQ: 0 | 1;
  readonly constant: boolean;
}

/** Coefficients of the two polynomials written out, lag 1 first, and the constant: w_t − c = Σ ar (w − c) + ε_t + Σ ma ε. */
export interface SarimaCoefficients {
  readonly ar: Float64Array;
  readonly ma: Float64Array;
  readonly constant: number;
}

/** The field's notation, e.g. `ARIMA(0,1,1)(0,1,1)[12]`. */
export function sarimaName(form: SarimaForm, period: number): string {
  const { p, d, q, seasonalP, seasonalD, seasonalQ, constant } = form;
  const seasonal = seasonalP + seasonalD + seasonalQ > 0 ? `(${seasonalP},${seasonalD},${seasonalQ})[${period}]` : "";
  return `ARIMA(${p},${d},${q})${seasonal}${constant ? " with drift" : ""}`;
}

/** Estimated quantities: coefficients, the constant and the error variance. */
export function sarimaParameterCount({ p, q, seasonalP, seasonalQ, constant }: SarimaForm): number {
  return p + q + seasonalP + seasonalQ + (constant ? 1 : 0) + 1;
}

/** Observations that differencing uses up. */
export function differencedAway({ d, seasonalD }: SarimaForm, period: number): number {
  return d + seasonalD * period;
}

/** Coefficients of the AR polynomial written out. */
export function arLength({ p, seasonalP }: SarimaForm, period: number): number {
  return p + seasonalP * period;
}

/** Coefficients of the MA polynomial written out. */
export function maLength({ q, seasonalQ }: SarimaForm, period: number): number {
  return q + seasonalQ * period;
}

/** Partial autocorrelations stay this far from ±1: stationary, invertible, and the first likelihood terms finite. */
const partialMax = 0.985;
/** The constant is searched within this many standard deviations of the differenced series around its mean. */
const constantDeviations = 2;

/**
 * The box a form is estimated in: partial autocorrelations of each polynomial, which makes the stationary and the invertible
 * region a box (Barndorff-Nielsen & Schou 1973), then the constant in standard deviations from the mean.
 */
export function sarimaBox(form: SarimaForm): { start: number[]; lower: number[]; upper: number[] } {
  const start: number[] = [];
  if (form.p > 0) start.push(0.2);
  if (form.p > 1) start.push(0);
  if (form.q > 0) start.push(form.d === 1 ? -0.4 : 0.2);
  if (form.q > 1) start.push(0);
  if (form.seasonalP > 0) start.push(0.2);
  if (form.seasonalQ > 0) start.push(form.seasonalD === 1 ? -0.5 : 0.1);
  const side = start.map(() => partialMax);
  if (form.constant) {
    start.push(0);
    side.push(constantDeviations);
  }
  return { start, lower: side.map((end) => -end), upper: side };
}

/** Written-out coefficients of a form at a point of its {@link sarimaBox}; `mean` and `deviation` are those of the differenced series. */
export function coefficientsAt(form: SarimaForm, point: readonly number[], period: number, mean: number, deviation: number): SarimaCoefficients {
  let axis = 0;
  const next = () => point[axis++] ?? 0;
  const pair = (order: number): readonly [number, number] => {
    if (order === 0) return [0, 0];
    const first = next();
    if (order === 1) return [first, 0];
    const second = next();
    return [first * (1 - second), second];
  };
  const ordinaryAr = pair(form.p);
  const ordinaryMa = pair(form.q);
  const seasonalAr = form.seasonalP > 0 ? next() : 0;
  const seasonalMa = form.seasonalQ > 0 ? next() : 0;
  return {
    ar: product(ordinaryAr, form.p, seasonalAr, form.seasonalP * period, -1),
    ma: product(ordinaryMa, form.q, seasonalMa, form.seasonalQ * period, 1),
    constant: form.constant ? mean + deviation * next() : 0,
  };
}

/** Coefficients of (1 ± aB ± bB²)(1 ± sBᵐ) without its leading 1, in the sign of the sides' own convention. */
function product([a, b]: readonly [number, number], order: number, s: number, seasonLag: number, crossSign: 1 | -1): Float64Array {
  const coefficients = new Float64Array(order + seasonLag);
  if (order > 0) coefficients[0] = a;
  if (order > 1) coefficients[1] = b;
  if (seasonLag === 0) return coefficients;
  coefficients[seasonLag - 1] = (coefficients[seasonLag - 1] ?? 0) + s;
  if (order > 0) coefficients[seasonLag] = (coefficients[seasonLag] ?? 0) + crossSign * a * s;
  if (order > 1) coefficients[seasonLag + 1] = (coefficients[seasonLag + 1] ?? 0) + crossSign * b * s;
  return coefficients;
}
