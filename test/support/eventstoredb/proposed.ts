/** Events and expectations as clients send them, checked as the server checks them. */
import { NO_STREAM } from './log.js';
import { idOf, UINT64_MAX, UnreadableId, type ProposedEvent, type streams } from './messages.js';
import type { Expected } from './rules.js';

/** Sum of the data of one append; metadata and types do not count. */
export const MAXIMUM_APPEND_BYTES = 1_048_576;

/** Why an event is refused, in the words of BatchAppend. */
export class EventRefused extends Error {
  constructor(
    message: string,
    readonly missing?: 'type' | 'content-type',
  ) {
    super(message);
  }
}

type Proposed = streams.AppendReq.ProposedMessage | streams.BatchAppendReq.ProposedMessage;

const NIL = '00000000-0000-0000-0000-000000000000';

/** Throws `EventRefused`. */
export function proposedEvent(message: Proposed): ProposedEvent {
  const metadata = message.getMetadataMap();
  const property = (name: 'type' | 'content-type'): string => {
    const value = metadata.get(name);
    if (value === undefined) throw new EventRefused('The given key was not present in the dictionary.', name);
    return value;
  };
  const type = property('type');
  const contentType = property('content-type');
  const id = eventId(message);
  if (id === NIL) throw new EventRefused("Empty eventId provided. (Parameter 'eventId')");
  if (type === '') throw new EventRefused("Empty eventType provided. (Parameter 'eventType')");
  return {
    id,
    type,
    contentType,
    data: message.getData_asU8(),
    customMetadata: message.getCustomMetadata_asU8(),
  };
}

function eventId(message: Proposed): string {
  try {
    return idOf(message.getId());
  } catch (error) {
    if (error instanceof UnreadableId) throw new EventRefused(error.message);
    throw error;
  }
}

/** An expectation, and what of it goes back into a refusal. */
export interface Expectation {
  readonly expected: Expected;
  readonly sent: 'any' | 'exists' | 'none' | { readonly revision: string };
}

interface Options {
  hasAny(): boolean;
  hasNoStream(): boolean;
  hasStreamExists(): boolean;
}

/** `revision`: the exact one if that was sent. Undefined when nothing is expected at all. */
export function expectationOf(options: Options, revision: string | undefined): Expectation | undefined {
  if (options.hasAny()) return { expected: 'any', sent: 'any' };
  if (options.hasStreamExists()) return { expected: 'exists', sent: 'exists' };
  if (options.hasNoStream()) return { expected: NO_STREAM, sent: 'none' };
  if (revision === undefined) return undefined;
  return { expected: revision === UINT64_MAX ? NO_STREAM : Number(revision), sent: { revision } };
}
