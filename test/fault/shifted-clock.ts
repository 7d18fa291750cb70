/** A computer whose clock is wrong, within one process: what reads the time of day is shifted, timers are not. */

export interface ShiftClock {
  readonly shiftClockMs: number;
}

/** Name of the variable that gives the shift at the start, ms; a message changes it later. */
export const CLOCK_SHIFT = 'FAULT_CLOCK_SHIFT_MS';

/** Replaces `Date` and takes every later `ShiftClock` message of the parent process. */
export function shiftOnDemand(): void {
  const Real = Date;
  let shift = Number(process.env[CLOCK_SHIFT] ?? 0);
  globalThis.Date = new Proxy(Real, {
    // Without `new` it gives the time as text.
    apply: () => new Real(Real.now() + shift).toString(),
    construct: (target, given, newTarget) =>
      Reflect.construct(target, given.length === 0 ? [Real.now() + shift] : given, newTarget) as object,
    get: (target, name, receiver) =>
      name === 'now' ? () => Real.now() + shift : (Reflect.get(target, name, receiver) as unknown),
  });
  process.on('message', (message: Partial<ShiftClock>) => {
    if (message.shiftClockMs === undefined) return;
    shift = message.shiftClockMs;
    process.send?.({ shifted: shift });
  });
}
