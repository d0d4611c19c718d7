const internedMax = 10_000;

/** Equal texts become one string that does not keep the piece of the file it was cut from. Bounded; starts anew when full. */
export function createIntern(): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    if (known.size >= internedMax) known.clear();
    const own = ` ${text}`.slice(1);
    known.set(own, own);
    return own;
  };
}

/** Remembers what was made of short texts. Bounded; starts anew when full. */
export function createCache<Value>(compute: (text: string) => Value): (text: string) => Value {
  const known = new Map<string, { readonly value: Value }>();
  return (text) => {
    if (text.length > 40) return compute(text);
    const found = known.get(text);
    if (found !== undefined) return found.value;
    if (known.size >= internedMax) known.clear();
    const value = compute(text);
    known.set(text, { value });
    return value;
  };
}
