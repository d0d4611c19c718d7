/** Lets a limited number of pieces of work run at once; the others wait, first come, first served. */
export class Turns {
  readonly #runningMax: number;
  /** Running and waiting. */
  #asked = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(runningMax: number) {
    this.#runningMax = runningMax;
  }

  /** Runs `work` once it is its turn. */
  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#asked += 1;
    if (this.#asked > this.#runningMax) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      this.#asked -= 1;
      this.#waiting.shift()?.();
    }
  }
}
