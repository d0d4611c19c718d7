import { errorGroup } from "./entry.ts";

/** Codes of forecasting series given from outside. */
export const forecastErrors = errorGroup({
  "forecast.series_unreadable": {
    httpStatus: 422,
    retryable: false,
    meaning: { en: "The file holds no series that can be forecast.", ru: "В файле нет рядов, по которым можно построить прогноз." },
    cause: {
      en: "It is not JSON, or a series lacks its id, its values, or has one that is no finite number.",
      ru: "Это не JSON, либо у ряда нет id или значений, либо среди них есть не число.",
    },
    remedy: {
      en: 'Give an array like [{"id": "sales", "train": [120, 135.5, …]}], oldest value first, plain or gzipped.',
      ru: 'Передайте массив вида [{"id": "sales", "train": [120, 135.5, …]}], начиная с самого старого значения, можно в gzip.',
    },
  },
});
