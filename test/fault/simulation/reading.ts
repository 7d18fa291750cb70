/** Readers with two clocks, who remember each answer: an answer about the past is the same whenever it is asked for. */
import { civilDate, nextDay, type CivilDate } from '#domain/calendar.js';
import { budgetStream } from '#domain/budget/decide.js';
import type { EventStore } from '#event-store/port.js';
import { figuresInMemory, freshnessInMemory, placeInMemory } from '#read-model/memory/figures.js';
import type { MemoryReadModels } from '#read-model/memory/read-models.js';
import { answerText } from '../../support/fold.js';
import { UNITS, YEAR, type Unit } from './ledger.js';
import type { SharedLog } from './log.js';
import type { World } from './world.js';

export interface Asked {
  readonly unit: Unit;
  readonly asOf: CivilDate;
  /** The place that the moment was taken for. */
  readonly knownAt: bigint;
  /** The instant that was asked for, if it was one; UTC ms. */
  readonly instant: number | undefined;
  readonly answer: readonly string[];
}

export interface Reading {
  readonly world: World;
  readonly log: SharedLog;
  readonly models: MemoryReadModels;
  readonly store: EventStore;
  readonly inParts: boolean;
  readonly asked: Asked[];
  /** Whether readers wait until the read models include what they ask for, and ask for what they asked. */
  readonly waits: boolean;
  readonly keepsToThen: boolean;
}

const WAIT_MS = 10;

/** Asks some questions, one after the other. A question that the log does not answer is put again, another time. */
export async function reader(questions: number, reading: Reading): Promise<void> {
  const { world } = reading;
  for (let n = 0; n < questions; n += 1) {
    await world.pause(world.chance.below(300));
    try {
      await ask(reading);
    } catch (error) {
      if (!['StoreUnavailable', 'FutureInstant'].includes((error as Error).name)) throw error;
      world.note(`a question is refused: ${String(error)}`);
    }
  }
}

async function ask(reading: Reading): Promise<void> {
  const { world, models, asked } = reading;
  const unit = world.chance.pick(UNITS);
  const asOf = someDay(world);
  // In parts only positions are asked for: an instant would need to hear from every part, also an idle one.
  const place = reading.inParts || world.chance.happens(0.4) ? somePosition(reading) : await someInstant(reading);
  await included(reading, unit, place.upTo);
  const knownAt = place.instant === undefined ? place.upTo : placeInMemory(models, place.instant).order;
  const at = { unit, year: YEAR, asOf, ...(reading.keepsToThen ? { knownAt } : {}) };
  const answer = answerText(figuresInMemory(models, at));
  world.note(`${unit} as of ${asOf}, known at ${knownAt}: ${answer.length} figures`);
  asked.push({ unit, asOf, knownAt, instant: place.instant, answer });
}

interface Moment {
  readonly instant: number | undefined;
  /** What the read models must include before they can answer. */
  readonly upTo: bigint;
}

const somePosition = ({ world, log }: Reading): Moment => ({
  instant: undefined,
  upTo: BigInt(world.chance.below(log.events.length + 1)),
});

async function someInstant({ world, log, store }: Reading): Promise<Moment> {
  // Often the very last stamp: what comes next must not get it too.
  const event = world.chance.happens(0.4) ? log.events.at(-1) : world.chance.pick(log.events);
  const stamp = event?.recordedAt ?? world.now - 1;
  const instant = stamp + world.chance.pick([0, 0, -1, 1, 20]);
  return { instant, upTo: store.order(await store.settled(instant)) };
}

/** Resolves when the read models include the place, as far as the unit goes where parts are delivered by themselves. */
async function included({ world, log, models, inParts, waits }: Reading, unit: Unit, place: bigint): Promise<void> {
  if (!waits) return;
  const stream = budgetStream(unit, YEAR);
  const last = log.events.filter((event) => event.stream === stream && BigInt(event.position) <= place).at(-1);
  const isIncluded = (): boolean =>
    inParts
      ? (models.tables.streamPosition.find({ stream })?.revision ?? -1) >= (last?.revision ?? -1)
      : freshnessInMemory(models).order >= place;
  while (!isIncluded()) await world.pause(WAIT_MS);
}

function someDay({ chance }: World): CivilDate {
  const day = civilDate(
    chance.pick(['2024-01-01', '2024-02-29', '2024-03-31', '2024-06-30', '2024-09-15', '2024-12-30']),
  );
  return chance.happens(0.3) ? nextDay(day) : day;
}

/** The same question again, now. */
export const askedAgain = (models: MemoryReadModels, { unit, asOf, knownAt }: Asked): readonly string[] =>
  answerText(figuresInMemory(models, { unit, year: YEAR, asOf, knownAt }));
