export { expectedPayments, type ExpectedPayment } from "./expected-payments.ts";
export { findRecurring } from "./find-recurring.ts";
export type { AmountStep, RecurringPeriod, RecurringRow, RecurringSeries } from "./model.ts";
