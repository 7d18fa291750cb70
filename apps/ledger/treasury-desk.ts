/**
 * The tray of the treasury's notices as people and the feed meet it. What waits is tried again as soon as its budget has changed,
 * in the order in which it came; of one voucher nothing overtakes what came before it.
 */
import type { Logger } from '#platform/logging.js';
import { traceFields } from '#platform/trace.js';
import type { NoticeBooking } from './treasury-booking.js';
import { voucherKey, Waiting } from './treasury-order.js';
import type { Tray, TrayEntry, TrayFilter, TrayPlace, TrayReason, UnitYear } from './treasury-tray.js';

export interface DeskOptions {
  readonly tray: Tray;
  readonly booking: NoticeBooking;
  /** Who is recorded as having dismissed a notice. */
  readonly by: string;
  readonly logger: Logger;
  /** UTC ms. */
  readonly clock: () => number;
  /** How often what waits is looked at. */
  readonly everyMs?: number;
}

const EVERY_MS = 5_000;
const PAGE = 500;

export const EARLIER_WAITS: TrayReason = {
  code: 'EARLIER_NOTICE_WAITS',
  detail: 'an earlier notice about the same voucher waits; this one is tried after it',
  faults: [],
};

export class TreasuryDesk {
  private turn: Promise<unknown> = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;
  private sweeping: Promise<void> | undefined;
  private stopped = false;

  constructor(private readonly options: DeskOptions) {}

  /** Looks at what waits now and then, until `stop`. */
  start(): void {
    if (this.stopped) return;
    const again = (): void => {
      this.sweeping = this.sweep()
        .catch((error: unknown) => this.options.logger.error({ err: error }, 'treasury tray'))
        .finally(() => this.start());
    };
    this.timer = setTimeout(again, this.options.everyMs ?? EVERY_MS);
    this.timer.unref();
  }

  /** Resolves when nothing is being tried. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.sweeping;
    await this.turn;
  }

  list(filter: TrayFilter, page: { limit: number; after?: bigint }): Promise<readonly TrayPlace[]> {
    return this.options.tray.list(filter, page);
  }

  waiting(): Promise<number> {
    return this.options.tray.waiting();
  }

  /** Tries all that waits for budgets that have changed since. */
  async sweep(): Promise<void> {
    for (const place of await this.options.tray.places()) {
      if (this.stopped) return;
      await this.tryBudget(place);
    }
  }

  /** Tries what waits for one budget, if that has changed since. */
  tryBudget(place: UnitYear): Promise<void> {
    return this.inTurn(() => this.tryAll(place));
  }

  /** Tries one, waiting or dismissed; `undefined` when there is none. Throws `StoreUnavailable`. */
  retry(id: string): Promise<TrayPlace | undefined> {
    return this.inTurn(async () => {
      const entry = await this.options.tray.find(id);
      if (entry === undefined || entry.state === 'booked') return entry;
      const earlier = (await this.waitingFor(entry.notice)).filter(({ order }) => order < entry.order);
      const waiting = new Waiting(earlier.map(({ notice }) => notice));
      if (waiting.before(entry.notice)) await this.options.tray.change(waitingFor(entry, EARLIER_WAITS), entry.state);
      else await this.tryOne(entry);
      return this.options.tray.find(id);
    });
  }

  /** A person decides that a notice is not to be booked; one that is booked stays booked. */
  dismiss(id: string, reason: string): Promise<TrayPlace | undefined> {
    return this.inTurn(async () => {
      const { tray, by, clock } = this.options;
      const entry = await tray.find(id);
      if (entry === undefined || entry.state !== 'waiting') return entry;
      await tray.change({ ...entry, state: 'dismissed', dismissal: { reason, by, at: clock() } }, 'waiting');
      return tray.find(id);
    });
  }

  private async tryAll({ unit, year }: UnitYear): Promise<void> {
    const { booking } = this.options;
    if (!(await booking.knowsUnit(unit))) return;
    // Before the tries: what happens during them is seen at the next look.
    const revision = await booking.revisionOf(unit, year);
    const isNew = ({ tried }: TrayPlace): boolean => tried === undefined || tried < revision;
    let entries = await this.waitingFor({ unit, year });
    let booked = await this.tryEach(entries, isNew, revision);
    // What came too early, such as a return before its payment, is after it now.
    while (booked.size > 0) {
      entries = (await this.waitingFor({ unit, year })).filter(({ notice }) => booked.has(voucherKey(notice)));
      booked = await this.tryEach(entries, () => true, revision);
    }
  }

  /** In their order. The vouchers of those that wait no longer. */
  private async tryEach(
    entries: readonly TrayPlace[],
    isWorthATry: (entry: TrayPlace) => boolean,
    revision: number,
  ): Promise<ReadonlySet<string>> {
    const waiting = new Waiting([]);
    const booked = new Set<string>();
    for (const entry of entries) {
      if (waiting.before(entry.notice)) continue;
      if (isWorthATry(entry) && (await this.tryOne(entry, revision))) booked.add(voucherKey(entry.notice));
      else waiting.add(entry.notice);
    }
    return booked;
  }

  /** True when it waits no longer. */
  private async tryOne(entry: TrayPlace, revision?: number): Promise<boolean> {
    const { tray, booking, logger } = this.options;
    const { notice, state } = entry;
    const outcome = await booking.book(notice, entry);
    const about = {
      unit: notice.unit,
      year: notice.year,
      voucherNo: notice.voucherNo,
      ...traceFields(entry.traceparent),
    };
    switch (outcome.kind) {
      case 'booked':
      case 'repeated': {
        const { kind: _kind, ...written } = outcome;
        await tray.change({ ...tried(entry), state: 'booked', written }, state);
        logger.info(about, 'a notice of the treasury has left the tray');
        return true;
      }
      case 'waits':
        await tray.change(waitingFor(entry, outcome.reason, revision), state);
        return false;
      case 'refused': {
        const [first] = outcome.problems;
        const detail = outcome.problems.map(({ message }) => message).join('; ');
        const reason = { code: first?.code ?? 'REFUSED', detail, faults: outcome.problems };
        await tray.change(waitingFor(entry, reason, revision), state);
        return false;
      }
    }
  }

  private async waitingFor({ unit, year }: UnitYear): Promise<readonly TrayPlace[]> {
    const all: TrayPlace[] = [];
    for (;;) {
      const after = all.at(-1)?.order;
      const page = { limit: PAGE, ...(after === undefined ? {} : { after }) };
      const found = await this.options.tray.list({ unit, year, states: ['waiting'] }, page);
      all.push(...found);
      if (found.length < PAGE) return all;
    }
  }

  /** One after another: of tries side by side the later notice could be decided first. */
  private inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.turn.then(work);
    this.turn = result.catch(() => undefined);
    return result;
  }
}

const tried = ({ dismissal: _dismissal, tried: _tried, ...entry }: TrayEntry): TrayEntry => ({
  ...entry,
  attempts: entry.attempts + 1,
});

const waitingFor = (entry: TrayEntry, reason: TrayReason, revision?: number): TrayEntry => ({
  ...tried(entry),
  state: 'waiting',
  reason,
  ...(revision === undefined ? {} : { tried: revision }),
});
