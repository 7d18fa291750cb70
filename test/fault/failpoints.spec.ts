/** The system dies between two steps of its work, at a moment that no signal from outside would hit. Seed: see campaign.ts. */
import { describe, it } from '@jest/globals';
import { campaign, patience, rounds } from './campaign.js';
import { FAILPOINTS } from './failpoint.js';
import { databaseHome } from './home.js';

const ROUNDS = rounds({ short: 5, full: 25 });

/** Under this load the point is passed so often within a second or two. */
const PASSES = 40;

const MEANING = {
  'before append': 'nothing is stored, nobody is told',
  'during append': 'the events are on their way to the database, nobody waits for the answer',
  'after append': 'the events are stored, nobody is told',
  'before commit': 'rows and position of the read models are written and not committed',
  'after commit': 'rows and position of the read models are committed, nobody knows',
} as const satisfies Record<(typeof FAILPOINTS)[number], string>;

describe('dying under load', () => {
  it.each(FAILPOINTS.map((at) => [at, MEANING[at]] as const))(
    `%s (%s): nothing is lost and nothing doubled, ${ROUNDS} times`,
    (at) =>
      campaign({
        fault: `dies ${at}`,
        rounds: ROUNDS,
        aimMs: 5_000,
        home: databaseHome,
        strike: async ({ app, random, restartAfterDeath }) => {
          await app.arm({ at, nth: random.between(1, PASSES) });
          return restartAfterDeath();
        },
      }),
    patience(ROUNDS),
  );
});
