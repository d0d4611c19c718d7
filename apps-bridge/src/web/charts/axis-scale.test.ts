import { expect, test } from "vitest";
import { axisScale } from "./axis-scale.ts";

test.each([
  [[5.1, 4.9], 3, { min: 0, max: 6, interval: 2 }],
  [[0.6, -0.03], 2, { min: -0.5, max: 1, interval: 0.5 }],
  [[], 3, { min: 0, max: 1, interval: 1 }],
  [[-10, -90], 3, { min: -100, max: 0, interval: 50 }],
])("%j in about %d steps", (values, lines, scale) => {
  expect(axisScale(values, lines)).toEqual(scale);
});
