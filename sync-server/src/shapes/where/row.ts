/** A row's values as text, in table order. */
export type Row = readonly (string | null | undefined)[];
