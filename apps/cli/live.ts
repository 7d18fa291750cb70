/** Live updates of the system over as many connections as it takes. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Client, Query } from './client.js';
import { Refused, Unreachable } from './faults.js';

/** What is heard: a message, or that the connection was lost, and that it is back. */
export type Heard =
  | { readonly kind: 'message'; readonly event: string; readonly data: unknown }
  | { readonly kind: 'lost'; readonly reason: string }
  | { readonly kind: 'back' };

export interface FollowOptions {
  readonly query: Query;
  /** Position after which to begin. */
  readonly after: string;
  /** Ends it, without an error. */
  readonly signal: AbortSignal;
}

const RETRY_MS = 2_000;
const LONGEST_RETRY_MS = 30_000;

/**
 * Every message after a position once and in order. A lost connection is told once, then it is tried again until it is back,
 * more and more rarely. Throws `Refused` for what trying again does not mend.
 */
export async function* follow(client: Client, { query, after, signal }: FollowOptions): AsyncGenerator<Heard> {
  let place = after;
  let retryMs = RETRY_MS;
  let failures = 0;
  while (!signal.aborted) {
    try {
      for await (const { event, data, id, retry } of client.events('/api/v1/stream', query, { after: place, signal })) {
        place = id ?? place;
        retryMs = retry ?? retryMs;
        if (failures > 0) yield { kind: 'back' };
        failures = 0;
        if (data !== undefined) yield { kind: 'message', event, data: JSON.parse(data) as unknown };
      }
      throw new Unreachable('The system has ended the connection.');
    } catch (error) {
      if (signal.aborted) return;
      if (!mayPass(error)) throw error;
      failures += 1;
      if (failures === 1) yield { kind: 'lost', reason: error.message };
      const waitMs = Math.min(retryMs * 2 ** (failures - 1), LONGEST_RETRY_MS);
      await pause(waitMs, undefined, { signal }).catch(() => undefined);
    }
  }
}

/** Nobody answers, or somebody who is stopping, starting or without its database. */
export const mayPass = (error: unknown): error is Unreachable | Refused =>
  error instanceof Unreachable || (error instanceof Refused && error.problem.status >= 500);
