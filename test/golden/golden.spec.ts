/**
 * Worked examples: commands in, report out, as text. `UPDATE_GOLDEN=1` writes the pages anew; look at the difference before
 * keeping it.
 */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { Envelope } from '#domain/envelope.js';
import { importLog, logFileHeader, logFileLine } from '#event-store/log-file.js';
import { createMemoryStore } from '#event-store/memory.js';
import { answer } from './answers.js';
import { eventsOf, FOLDER, readGolden, writeGolden } from './journal.js';

const files = readdirSync(FOLDER).filter((name) => name.endsWith('.golden.txt'));

/** The events as a store gives them back. */
async function stored(journal: string): Promise<readonly Envelope[]> {
  const store = createMemoryStore();
  await importLog(store, () => [logFileHeader(), ...eventsOf(journal).map(logFileLine)]);
  const events = await store.readAll('start', 10_000);
  await store.close();
  return events;
}

it('has examples', () => expect(files.length).toBeGreaterThan(1));

describe.each(files)('%s', (file) => {
  const path = `${FOLDER}/${file}`;
  const { journal, questions } = readGolden(readFileSync(path, 'utf8'));
  let events: readonly Envelope[] = [];
  beforeAll(async () => {
    events = await stored(journal);
  });

  if (process.env['UPDATE_GOLDEN'] === '1') {
    it('is written anew', () => {
      const pages = questions.map(({ words }) => ({ words, page: `${answer(events, words)}\n` }));
      writeFileSync(path, writeGolden({ journal, questions: pages }));
      expect(readGolden(readFileSync(path, 'utf8')).questions).toEqual(pages);
    });
    return;
  }

  it.each(questions)('$words', ({ words, page }) => {
    expect(`${answer(events, words)}\n`).toBe(page);
  });
});
