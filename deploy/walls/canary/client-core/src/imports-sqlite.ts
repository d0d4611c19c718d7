// rejects: eslint(no-restricted-imports)
export { default } from "better-sqlite3";
