// rejects: eslint(no-restricted-properties)
export const home = process.env;
