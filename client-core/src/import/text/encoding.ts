import { SaldoError } from "@saldo/schema";
import type { Decision, TextEncoding } from "../model.ts";
import { surveyBytes, type ByteSurvey } from "./survey.ts";

/** The encoding of a file and the length of its byte order mark. */
export interface EncodingChoice {
  readonly encoding: Decision<TextEncoding>;
  readonly bomBytes: number;
}

/**
 * Decides the encoding from all bytes of a file. Throws `import.empty_file` when there is only white space,
 * `import.nul_bytes` (with the line) or `import.is_binary` when it cannot be text.
 */
export function chooseEncoding(bytes: Uint8Array, answer: TextEncoding | undefined): EncodingChoice {
  const survey = surveyBytes(bytes);
  if (!survey.hasText) throw new SaldoError("import.empty_file");
  const choice = byMark(bytes) ?? utf16WithoutMark(bytes, survey) ?? singleByteOrUtf8(bytes, survey);
  const chosen = answer === undefined ? choice : { ...choice, encoding: { value: answer, confidence: 1, reason: { code: "you_said", params: {} } } };
  if (!chosen.encoding.value.startsWith("utf-16")) requireText(bytes, survey);
  return chosen;
}

function byMark(bytes: Uint8Array): EncodingChoice | undefined {
  const [first, second, third] = bytes;
  const marked = (value: TextEncoding, bomBytes: number): EncodingChoice => ({
    encoding: { value, confidence: 1, reason: { code: "encoding_mark", params: { encoding: value } } },
    bomBytes,
  });
  if (first === 0xef && second === 0xbb && third === 0xbf) return marked("utf-8", 3);
  if (first === 0xff && second === 0xfe) return marked("utf-16le", 2);
  if (first === 0xfe && second === 0xff) return marked("utf-16be", 2);
  return undefined;
}

/** Delimiters, digits and line ends of a UTF-16 table have a NUL on one side; Cyrillic text has 0x04 there, so a tenth is enough. */
function utf16WithoutMark(bytes: Uint8Array, survey: ByteSurvey): EncodingChoice | undefined {
  const pairs = bytes.length / 2;
  const less = Math.min(survey.nulEven, survey.nulOdd);
  const more = Math.max(survey.nulEven, survey.nulOdd);
  if (bytes.length % 2 !== 0 || more < pairs * 0.1 || less > more * 0.02) return undefined;
  const value: TextEncoding = survey.nulOdd > survey.nulEven ? "utf-16le" : "utf-16be";
  return { encoding: { value, confidence: 0.95, reason: { code: "encoding_nul_pattern", params: { encoding: value } } }, bomBytes: 0 };
}

function singleByteOrUtf8(bytes: Uint8Array, survey: ByteSurvey): EncodingChoice {
  const decided = (value: TextEncoding, confidence: number, code: string): EncodingChoice => ({
    encoding: { value, confidence, reason: { code, params: { encoding: value } } },
    bomBytes: 0,
  });
  if (survey.utf8Errors === 0) {
    return survey.utf8Sequences === 0 ? decided("utf-8", 1, "encoding_ascii") : decided("utf-8", 0.99, "encoding_valid_utf8");
  }
  // A file cut in the middle of a letter, or one damaged cell, is still UTF-8.
  if (survey.utf8Sequences > survey.utf8Errors * 20 || onlyTailBroken(bytes, survey)) return decided("utf-8", 0.8, "encoding_mostly_utf8");
  return chooseSingleByte(survey, decided);
}

function onlyTailBroken(bytes: Uint8Array, survey: ByteSurvey): boolean {
  if (survey.utf8Sequences === 0 || survey.utf8Errors > 3) return false;
  return surveyBytes(bytes.subarray(0, Math.max(0, bytes.length - 3))).utf8Errors === 0;
}

/** Russian words are whole runs of high bytes; western letters with accents stand alone among ASCII letters. */
function chooseSingleByte(survey: ByteSurvey, decided: (value: TextEncoding, confidence: number, code: string) => EncodingChoice): EncodingChoice {
  const count = (from: number, to: number): number => survey.highCounts.subarray(from - 0x80, to - 0x80 + 1).reduce((sum, n) => sum + n, 0);
  const high = count(0x80, 0xff);
  const inRuns = survey.highBesideHigh / high;
  if (inRuns < 0.5 && survey.highBesideLetter > 0) return decided("windows-1252", inRuns < 0.2 ? 0.95 : 0.8, "encoding_lone_accents");
  if (inRuns < 0.5) return decided("windows-1252", 0.7, "encoding_few_high_bytes");
  // Letters of cp866 are 0x80–0xAF and 0xE0–0xEF; those of windows-1251 are 0xC0–0xFF.
  const letters866 = count(0x80, 0xaf) + count(0xe0, 0xef);
  const letters1251 = count(0xc0, 0xff) + count(0xa8, 0xa8) + count(0xb8, 0xb8);
  if (letters866 > letters1251) return decided("ibm866", letters866 > high * 0.9 ? 0.95 : 0.7, "encoding_russian_runs");
  return decided("windows-1251", letters1251 > high * 0.7 ? 0.97 : 0.7, "encoding_russian_runs");
}

function requireText(bytes: Uint8Array, survey: ByteSurvey): void {
  const odd = survey.nulEven + survey.nulOdd + survey.controls;
  if (odd > Math.max(8, bytes.length * 0.01)) throw new SaldoError("import.is_binary", { found: "binary" });
  if (survey.firstNul < 0) return;
  let line = 1;
  for (let at = 0; at < survey.firstNul; at += 1) if (bytes[at] === 10) line += 1;
  throw new SaldoError("import.nul_bytes", { line, count: survey.nulEven + survey.nulOdd });
}
