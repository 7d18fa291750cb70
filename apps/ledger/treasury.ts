/** The treasury feed with its tray and desk, as parts of a process. */
import type { Registry } from 'prom-client';
import type { Actor } from '#domain/envelope.js';
import type { Handler } from '#event-store/handler.js';
import type { Messaging } from '#messaging/port.js';
import type { Logger } from '#platform/logging.js';
import { treasuryMetrics } from '#platform/metrics.js';
import type { Parts } from '#platform/parts.js';
import { MESSAGE_OUTCOMES } from './treasury-batch.js';
import { NoticeBooking } from './treasury-booking.js';
import { TreasuryDesk } from './treasury-desk.js';
import { startTreasuryFeed } from './treasury-feed.js';
import { createTray } from './treasury-tray.js';

export interface TreasuryOptions {
  /** PostgreSQL of the tray. */
  readonly url: string;
  readonly handler: Handler;
  /** Who is recorded as having dismissed a notice. */
  readonly actor: Actor;
  readonly logger: Logger;
  readonly registry: Registry;
  /** UTC ms. */
  readonly clock: () => number;
  /** Without a broker there is the tray alone. */
  readonly messaging?: Messaging;
  /** The broker refuses this process for good: it should end. */
  readonly onFatal: (error: unknown) => void;
}

export interface Treasury {
  readonly desk: TreasuryDesk;
  /** Rejects with what keeps notices from being booked. The ledger serves all else without them. */
  readonly check: () => Promise<void>;
}

/** Starts at once, whatever is away; what is away is tried again. */
export async function startTreasury(options: TreasuryOptions, { started }: Pick<Parts, 'started'>): Promise<Treasury> {
  const { url, handler, actor, logger, registry, clock, messaging, onFatal } = options;
  const onError = (error: unknown): void => logger.error({ err: error }, 'treasury');
  const tray = createTray({ url, onError });
  await started(tray, () => tray.close());
  const booking = new NoticeBooking(handler, onError);
  const desk = new TreasuryDesk({ tray, booking, by: actor.id, logger, clock });
  desk.start();
  await started(desk, () => desk.stop());
  const metrics = { outcomes: MESSAGE_OUTCOMES, waiting: () => tray.waiting() };
  const counted = treasuryMetrics({ registry, onError }, metrics);
  if (messaging === undefined) return { desk, check: async () => undefined };
  const feed = startTreasuryFeed({ messaging, booking, tray, desk, logger, clock, counted, onFatal });
  await started(feed, () => feed.stop());
  return { desk, check: () => feed.check() };
}
