/** How far somebody has come in the log, for those who wait for it. */
interface Waiter {
  readonly order: bigint;
  readonly reached: () => void;
}

export class Reached {
  #order: bigint;
  readonly #waiters = new Set<Waiter>();

  constructor(order: bigint) {
    this.#order = order;
  }

  announce(order: bigint): void {
    if (order <= this.#order) return;
    this.#order = order;
    for (const waiter of [...this.#waiters]) if (waiter.order <= order) waiter.reached();
  }

  /** True as soon as it is reached, false when `timeoutMs` pass before. */
  waitFor(order: bigint, timeoutMs: number): Promise<boolean> {
    if (order <= this.#order) return Promise.resolve(true);
    return new Promise((resolve) => {
      const waiter = { order, reached: () => settle(true) };
      const timer = setTimeout(() => settle(false), timeoutMs);
      const settle = (inTime: boolean): void => {
        clearTimeout(timer);
        this.#waiters.delete(waiter);
        resolve(inTime);
      };
      this.#waiters.add(waiter);
    });
  }
}
