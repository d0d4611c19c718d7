import { describe, expect, it } from "vitest";
import { forgottenLine, readNote, readNoteOrCopy } from "./files-note.ts";

const file = (backingFilename: string) => ({ type: "file", backingFilename, lastModified: 1, mode: 33_206 });
const folder = (children: object) => ({ type: "directory", lastModified: 1, mode: 16_384, children });
const tree = JSON.stringify({ root: folder({ base: folder({ "1": folder({ "1259": file("f1"), "2600": file("f2") }) }), pg_wal: folder({}) }), pool: ["f3", "f4"] });
const line = (opp: string, ...args: readonly unknown[]) => `\n${JSON.stringify({ opp, args })}`;
const filesOf = (text: string) => Object.fromEntries(readNote(text)?.files ?? []);

describe("PGlite's note of its files", () => {
  it("tells which file is which, and which are kept for use", () => {
    const note = readNote(tree);
    expect(filesOf(tree)).toEqual({ "/base/1/1259": "f1", "/base/1/2600": "f2" });
    expect(note?.pool).toEqual(new Set(["f3", "f4"]));
    expect(note?.text).toBe(tree);
  });

  it("follows what was noted since", () => {
    const text = tree + line("createPoolFile", "f5") + line("createFileNode", "/pg_wal/1.tmp", file("f3")) + line("rename", "/pg_wal/1.tmp", "/pg_wal/1") + line("unlink", "/base/1/2600") + line("chmod", "/base", 1) + forgottenLine("f4");
    expect(filesOf(text)).toEqual({ "/base/1/1259": "f1", "/pg_wal/1": "f3" });
    expect(readNote(text)?.pool).toEqual(new Set(["f5", "f2"]));
    expect(filesOf(tree + line("rename", "/base/1", "/base/2"))).toEqual({ "/base/2/1259": "f1", "/base/2/2600": "f2" });
  });

  it.each(["\n", '\n{"opp":"createFileNo', "\n\u0000\u0000\u0000"])("is read without a last line that was cut (%j)", (cut) => {
    const whole = tree + line("unlink", "/base/1/2600");
    expect(readNote(whole + cut)).toEqual(readNote(whole));
  });

  it("takes its tree from the copy where its own cannot be read, and not a file whose name is missing", () => {
    const since = line("unlink", "/base/1/2600");
    expect(readNoteOrCopy(`${tree.slice(0, 60)}${since}`, tree)).toEqual(readNote(tree + since));
    expect(readNoteOrCopy(tree + since, "")).toEqual(readNote(tree + since));
    expect(readNote(tree + line("createFileNode", "/pg_wal/1", {}) + since)).toBeUndefined();
  });

  it.each(["", "{}", tree.slice(0, 60), "\u0000".repeat(50), `${tree}\n{"opp":"unli${line("unlink", "/base/1/2600")}`])("is not believed where it does not tell all (%#)", (text) => {
    expect(readNote(text)).toBeUndefined();
  });
});
