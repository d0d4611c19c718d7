/** Who waits for something to happen. */
export class Waiters {
  /** None for most: there are thousands of shapes nobody waits for. */
  #waiting: Set<() => void> | undefined;

  /** How many wait. */
  get count(): number {
    return this.#waiting?.size ?? 0;
  }

  /** Waits until the next {@link wake}. */
  next(): Promise<void> {
    return new Promise((resolve) => this.#add(resolve));
  }

  /** Waits until the next {@link wake}, `signal` or the time to pass, whichever is first. */
  within(waitMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const finish = (): void => {
        clearTimeout(timer);
        signal.removeEventListener("abort", finish);
        this.#waiting?.delete(finish);
        resolve();
      };
      const timer = setTimeout(finish, waitMs);
      signal.addEventListener("abort", finish, { once: true });
      this.#add(finish);
      if (signal.aborted) finish();
    });
  }

  /** Lets everyone go on who waits now. */
  wake(): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    for (const finish of waiting ?? []) finish();
  }

  #add(finish: () => void): void {
    this.#waiting ??= new Set();
    this.#waiting.add(finish);
  }
}
