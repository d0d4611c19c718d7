/** Characters of RFC 5987 `attr-char` that `encodeURIComponent` leaves as they are and that must not stay. */
const notAttributeCharacters = /['()*]/g;
/** Control and format characters: among them those that turn the direction of text, which can make `gpj.exe` look like `exe.jpg`. */
const hidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
const nameCharsMax = 200;

/**
 * The header that has a browser save an answer under a name and never show it (RFC 6266): an ASCII name for old programs and the whole one in
 * UTF-8. What could be a path, a command to a terminal or a reversed text is taken out of it.
 */
export function attachment(name: string): string {
  const shown = Array.from(name.replace(hidden, "").replace(/[\\/]/g, "_")).slice(0, nameCharsMax).join("").replace(/^[.\s]+/, "") || "file";
  const ascii = shown.replace(/[^\x20-\x7e]|["%]/g, "_");
  const encoded = encodeURIComponent(shown).replace(notAttributeCharacters, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
