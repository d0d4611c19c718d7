// accepts
export const home = process.env;
