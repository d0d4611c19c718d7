const idForm = /^[A-Za-z0-9_-]{1,64}$/;

/** True for a text that may be an id. Anything else stands for nothing, and is neither asked of the database, which refuses some texts, nor kept in a cache. */
export function isId(text: string): boolean {
  return idForm.test(text);
}
