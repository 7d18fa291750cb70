/** What every adapter of the process store must do, as one suite. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Position } from '#domain/envelope.js';
import { AnotherRunner, type ProcessEntry, type ProcessStore } from './port.js';

export interface ProcessStoreUnderTest {
  readonly processes: ProcessStore;
  /** Closes the store and opens one over the same data, as a restart does. */
  reopen(): Promise<ProcessStore>;
  dispose(): Promise<void>;
}

export function processEntry(order: number, more: Partial<ProcessEntry> = {}): ProcessEntry {
  const position = String(order) as Position;
  const stream = 'budget-U1-2024';
  return {
    id: randomUUID(),
    rule: 'carry-forward',
    unit: 'U1',
    year: 2024,
    cause: {
      eventId: randomUUID(),
      type: 'YearClosed',
      stream,
      revision: order,
      position,
      recordedAt: 1_735_000_000_000,
    },
    order: BigInt(order),
    state: 'open',
    attempts: 0,
    ...more,
  };
}

export function processStoreContract(name: string, create: () => Promise<ProcessStoreUnderTest>): void {
  describe(`${name}, as a process store`, () => {
    let subject: ProcessStoreUnderTest;
    let processes: ProcessStore;
    beforeEach(async () => {
      subject = await create();
      processes = subject.processes;
    });
    afterEach(() => subject.dispose());

    const [four, five, nine] = ['4', '5', '9'] as unknown as readonly [Position, Position, Position];

    it('begins at the start and keeps its place over a restart', async () => {
      expect(await processes.place()).toBe('start');
      await processes.move('start', four);
      await processes.move(four, nine);
      expect(await (await subject.reopen()).place()).toBe('9');
    });

    it('moves on from where it is only; a repeated move is one', async () => {
      await processes.move('start', four);
      await processes.move('start', four);
      await expect(processes.move('start', five)).rejects.toThrow(AnotherRunner);
      expect(await processes.place()).toBe('4');
    });

    it('keeps the first entry of an id, and what became of it', async () => {
      const entry = processEntry(7);
      expect(await processes.find(entry.id)).toBeUndefined();
      expect(await processes.open(entry)).toEqual(entry);
      const answered: ProcessEntry = {
        ...entry,
        state: 'refused',
        attempts: 1,
        target: { unit: 'U1', year: 2025, stream: 'budget-U1-2025' },
        written: { revision: 3, position: nine, events: 2 },
        rejection: { code: 'YEAR_CLOSED', year: 2025 },
      };
      await processes.answer(answered);
      expect(await processes.open(entry)).toEqual(answered);
      expect(await (await subject.reopen()).find(entry.id)).toEqual(answered);
    });

    it('refuses an answer to what was never opened', async () => {
      await expect(processes.answer(processEntry(7))).rejects.toThrow('was never opened');
    });

    it('lists the newest first, by unit, year and state, page by page', async () => {
      const entries = [
        processEntry(3),
        processEntry(20),
        processEntry(100, { unit: 'U2' }),
        processEntry(21, { year: 2023, state: 'refused' }),
        processEntry(20),
      ];
      for (const entry of entries) await processes.open(entry);
      const orders = (found: readonly ProcessEntry[]) => found.map(({ order }) => Number(order));
      expect(orders(await processes.list({}, { limit: 10 }))).toEqual([100, 21, 20, 20, 3]);
      expect(orders(await processes.list({ unit: 'U1' }, { limit: 2 }))).toEqual([21, 20]);
      expect(orders(await processes.list({ year: 2023 }, { limit: 10 }))).toEqual([21]);
      expect(orders(await processes.list({ states: ['refused', 'failed'] }, { limit: 10 }))).toEqual([21]);
      expect(orders(await processes.list({ states: ['done'] }, { limit: 10 }))).toEqual([]);
      const seen: string[] = [];
      let page = await processes.list({}, { limit: 2 });
      while (page.length > 0) {
        seen.push(...page.map(({ id }) => id));
        const after = page.at(-1) as ProcessEntry;
        page = await processes.list({}, { limit: 2, after });
      }
      expect(seen).toHaveLength(5);
      expect(new Set(seen).size).toBe(5);
    });
  });
}
