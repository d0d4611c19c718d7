/** Lower-case code of a letter up to Cyrillic, 1 for a digit, 2 for an apostrophe, 0 for what separates words. */
export const foldedCodes = Uint16Array.from({ length: 0x460 }, (_, code) => {
  const character = String.fromCharCode(code);
  if (code >= 0x30 && code <= 0x39) return 1;
  if (code === 0x27) return 2;
  if (character.toLowerCase() === character.toUpperCase()) return code >= 0xc0 ? 2 : 0;
  const lower = character.toLowerCase();
  return lower === "ё" ? 0x435 : lower.charCodeAt(0);
});
