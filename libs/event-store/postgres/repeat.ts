/** What to answer to an append that does not follow its stream's head. */
import type { Envelope } from '#domain/envelope.js';
import { WrongRevision, type ExpectedRevision } from '../port.js';
import type { Append } from './flush-plan.js';
import type { Reader } from './reader.js';

/** An exact repeat of what is stored gets that; anything else is refused. `head`: what the stream's last revision was. */
export async function answerFromLog(reader: Reader, append: Append, head: number): Promise<void> {
  const { stream, expected, events, resolve, reject } = append;
  try {
    const stored = head >= expected + events.length ? await readStored(reader, append) : [];
    const same = stored.length === events.length && stored.every((event, index) => event.id === events[index]?.id);
    if (same) resolve(stored);
    else reject(new WrongRevision(stream, asExpected(expected), asExpected(head)));
  } catch (error) {
    reject(error as Error);
  }
}

/** The append held an id that the log has already, or its stream's head was not what this process took it for. */
export async function answerViolation(reader: Reader, append: Append): Promise<void> {
  try {
    const head = await reader.head(append.stream);
    await answerFromLog(reader, append, head?.revision ?? -1);
  } catch (error) {
    append.reject(error as Error);
  }
}

async function readStored(reader: Reader, { stream, expected, events }: Append): Promise<readonly Envelope[]> {
  const stored: Envelope[] = [];
  for await (const event of reader.stream(stream, { from: expected + 1, limit: events.length })) stored.push(event);
  return stored;
}

const asExpected = (revision: number): ExpectedRevision => (revision < 0 ? 'none' : revision);
