import { SaldoError } from "@saldo/schema";
import type { Decision, TextEncoding } from "../model.ts";
import { slicesOf, type FileBytes } from "../../file-bytes.ts";
import { sharedMarks, surveyWords } from "./latin-words.ts";
import { surveyFile, type ByteSurvey } from "./survey.ts";

/** The encoding of a file and the length of its byte order mark. */
export interface EncodingChoice {
  readonly encoding: Decision<TextEncoding>;
  readonly bomBytes: number;
}

/** A file from its text on. */
interface Content {
  readonly file: FileBytes;
  readonly from: number;
}

/**
 * Decides the encoding from all bytes of a file. Throws `import.empty_file` when there is only white space,
 * `import.nul_bytes` (with the line) or `import.is_binary` when it cannot be text.
 */
export function chooseEncoding(file: FileBytes, answer: TextEncoding | undefined): EncodingChoice {
  const marked = byMark(file.subarray(0, Math.min(3, file.byteLength)));
  const content: Content = { file, from: marked?.bomBytes ?? 0 };
  const survey = surveyFile(file, content.from);
  if (!survey.hasText) {
    if (survey.controls + survey.nulEven + survey.nulOdd > 0 && marked === undefined) throw new SaldoError("import.is_binary", { found: "binary" });
    throw new SaldoError("import.empty_file");
  }
  const choice = marked ?? utf16WithoutMark(content, survey) ?? singleByteOrUtf8(content, survey);
  const chosen = answer === undefined ? choice : { ...choice, encoding: { value: answer, confidence: 1, reason: { code: "you_said", params: {} } } };
  if (!chosen.encoding.value.startsWith("utf-16")) requireText(content, survey);
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
function utf16WithoutMark({ file, from }: Content, survey: ByteSurvey): EncodingChoice | undefined {
  const length = file.byteLength - from;
  const pairs = length / 2;
  const less = Math.min(survey.nulEven, survey.nulOdd);
  const more = Math.max(survey.nulEven, survey.nulOdd);
  if (length % 2 !== 0 || more < pairs * 0.1 || less > more * 0.02) return undefined;
  const value: TextEncoding = survey.nulOdd > survey.nulEven ? "utf-16le" : "utf-16be";
  return { encoding: { value, confidence: 0.95, reason: { code: "encoding_nul_pattern", params: { encoding: value } } }, bomBytes: 0 };
}

function singleByteOrUtf8(content: Content, survey: ByteSurvey): EncodingChoice {
  const decided = (value: TextEncoding, confidence: number, code: string): EncodingChoice => ({
    encoding: { value, confidence, reason: { code, params: { encoding: value } } },
    bomBytes: 0,
  });
  if (survey.utf8Errors === 0) {
    return survey.utf8Sequences === 0 ? decided("utf-8", 1, "encoding_ascii") : decided("utf-8", 0.99, "encoding_valid_utf8");
  }
  // A file cut in the middle of a letter, or one damaged cell, is still UTF-8.
  if (survey.utf8Sequences > survey.utf8Errors * 20 || onlyTailBroken(content, survey)) return decided("utf-8", 0.8, "encoding_mostly_utf8");
  return chooseSingleByte(content, survey, decided);
}

function onlyTailBroken({ file, from }: Content, survey: ByteSurvey): boolean {
  if (survey.utf8Sequences === 0 || survey.utf8Errors > 3) return false;
  return surveyFile(file, from, Math.max(from, file.byteLength - 3)).utf8Errors === 0;
}

/** Russian words are whole runs of high bytes; Latin letters with accents stand in words with ASCII letters. */
function chooseSingleByte({ file, from }: Content, survey: ByteSurvey, decided: (value: TextEncoding, confidence: number, code: string) => EncodingChoice): EncodingChoice {
  const count = (lowest: number, highest: number): number => survey.highCounts.subarray(lowest - 0x80, highest - 0x80 + 1).reduce((sum, n) => sum + n, 0);
  if (count(0x80, 0xff) === [...sharedMarks].reduce((sum, mark) => sum + (survey.highCounts[mark - 0x80] ?? 0), 0)) return decided("windows-1252", 0.95, "encoding_same_marks");
  const { mixed, pure, central } = surveyWords(file, from, survey.highCounts);
  if (mixed >= pure && central >= Math.max(1, mixed * 0.02)) return decided("windows-1250", central > 1 ? 0.93 : 0.8, "encoding_central_letters");
  if (mixed >= pure && mixed > 0) return decided("windows-1252", pure < mixed * 0.2 ? 0.95 : 0.8, "encoding_lone_accents");
  if (pure === 0) return decided("windows-1252", 0.7, "encoding_few_high_bytes");
  // Letters only one of them has there: 0x80–0x9F and 0xA1–0xAF in cp866 (0xA0 is a no-break space in the other), 0xC0–0xDF and 0xF0–0xFF in windows-1251.
  const only866 = count(0x80, 0x9f) + count(0xa1, 0xaf);
  const only1251 = count(0xc0, 0xdf) + count(0xf0, 0xff);
  const [value, own, other]: [TextEncoding, number, number] = only866 > only1251 ? ["ibm866", only866, only1251] : ["windows-1251", only1251, only866];
  return decided(value, other < own * 0.1 ? 0.97 : other < own * 0.4 ? 0.8 : 0.6, "encoding_russian_runs");
}

function requireText({ file, from }: Content, survey: ByteSurvey): void {
  const odd = survey.nulEven + survey.nulOdd + survey.controls;
  if (odd > Math.max(8, (file.byteLength - from) * 0.01)) throw new SaldoError("import.is_binary", { found: "binary" });
  if (survey.firstNul < 0) return;
  let line = 1;
  for (const { bytes } of slicesOf(file, from, from + survey.firstNul)) for (const byte of bytes) if (byte === 10) line += 1;
  throw new SaldoError("import.nul_bytes", { line, count: survey.nulEven + survey.nulOdd });
}
