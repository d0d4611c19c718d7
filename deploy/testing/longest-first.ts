import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * Test files that take longest, by a part of their path, browsers and others in turn so that two browsers seldom run at once. One that is
 * missing here only begins later than it might.
 */
const longest = [
  "deploy/system/local-books.browser.",
  "deploy/system/sync.pg.",
  "client-core/src/reports/reports.test.",
  "deploy/system/together.browser.",
  "deploy/system/convergence.property.",
  "deploy/system/restored.pg.",
  "deploy/system/line.browser.",
  "deploy/system/",
  ".browser.",
  ".fault.",
  ".property.",
];

/** Begins with the files that take longest: one that begins last would keep a single processor busy at the end of a run. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const others = await super.sort(files);
    return others.toSorted((a, b) => place(a) - place(b));
  }
}

function place({ moduleId }: TestSpecification): number {
  const found = longest.findIndex((part) => moduleId.includes(part));
  return found === -1 ? longest.length : found;
}
