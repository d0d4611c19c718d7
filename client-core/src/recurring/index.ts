export { dateOfDay, dayNumber } from "./due-dates.ts";
export { expectedPayments, type ExpectedPayment } from "./expected-payments.ts";
export { findRecurring, partyKeyOf } from "./find-recurring.ts";
export type { AmountStep, RecurringPeriod, RecurringRow, RecurringSeries } from "./model.ts";
export { nameKey, rowsByParty } from "./party.ts";
