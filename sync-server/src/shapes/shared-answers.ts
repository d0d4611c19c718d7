/**
 * Asks the same question for many: an answer is only given to those who asked before it was begun, so that it is never older than its
 * question. While one is under way, all who ask meanwhile share the next.
 */
export class SharedAnswers<Answer> {
  readonly #ask: () => Promise<Answer>;
  #current: Promise<Answer> | undefined;
  #next: Promise<Answer> | undefined;

  constructor(ask: () => Promise<Answer>) {
    this.#ask = ask;
  }

  /** True when nothing is under way. */
  get idle(): boolean {
    return this.#current === undefined;
  }

  /** An answer begun after this call. Throws what asking throws. */
  answer(): Promise<Answer> {
    if (this.#current === undefined) return this.#begin();
    this.#next ??= this.#current.then(
      () => this.#begin(),
      () => this.#begin(),
    );
    return this.#next;
  }

  #begin(): Promise<Answer> {
    this.#next = undefined;
    const asking = this.#ask();
    this.#current = asking;
    const over = (): void => {
      if (this.#current === asking) this.#current = undefined;
    };
    asking.then(over, over);
    return asking;
  }
}
