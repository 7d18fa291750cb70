/** Columns of CSV about seals. Programs read them: names and order stay, new ones are added at the end. */
import { nameOf } from './bodies.js';
import { figure, text, type CsvColumn } from './csv.js';
import type { RestatementBody, RestatementEntryBody, SealBody, SealedBody } from './seal-bodies.js';

export const SEAL_COLUMNS: readonly CsvColumn<SealBody>[] = [
  figure('number', ({ number }) => number),
  figure('through', ({ through }) => through),
  figure('sealedOn', ({ sealedOn }) => sealedOn),
  figure('recordedAt', ({ recordedAt }) => recordedAt),
  text('by', ({ by }) => nameOf(by)),
  text('reason', ({ reason }) => reason),
  figure('revision', ({ revision }) => revision),
  text('inForce', ({ inForce }) => String(inForce)),
  figure('reopenedOn', ({ reopened }) => reopened?.on),
  text('reopenedBecause', ({ reopened }) => reopened?.reason),
  text('digests', ({ reports }) => reports.map(({ kind, scope, sha256 }) => `${kind}/${scope}:${sha256}`).join(' ')),
];

export const KEPT_COLUMNS: readonly CsvColumn<SealedBody['reports'][number]>[] = [
  text('kind', ({ kind }) => kind),
  text('scope', ({ scope }) => scope),
  text('sha256', ({ sha256 }) => sha256),
  figure('bytes', ({ bytes }) => bytes),
  text('digestHolds', ({ digestHolds }) => String(digestHolds)),
];

type Effect = RestatementEntryBody['effects'][number];
export type RestatementRow = RestatementEntryBody & { readonly effect?: Effect };

/** One row for each money effect; an entry without one has a row of its own. */
export const restatementRows = ({ entries }: RestatementBody): readonly RestatementRow[] =>
  entries.flatMap((entry) =>
    entry.effects.length === 0 ? [entry] : entry.effects.map((effect) => ({ ...entry, effect })),
  );

export const RESTATEMENT_COLUMNS: readonly CsvColumn<RestatementRow>[] = [
  figure('position', ({ position }) => position),
  text('stream', ({ stream }) => stream),
  figure('revision', ({ revision }) => revision),
  figure('effectiveDate', ({ effectiveDate }) => effectiveDate),
  figure('belongsTo', ({ belongsTo }) => belongsTo),
  figure('recordedAt', ({ recordedAt }) => recordedAt),
  text('type', ({ type }) => type),
  text('touches', ({ touches }) => touches),
  text('knownWhenSealed', ({ knownWhenSealed }) => (knownWhenSealed ? 'true' : undefined)),
  text('ref', ({ ref }) => ref),
  text('document', ({ document }) => document),
  text('line', ({ effect }) => effect?.line),
  text('kind', ({ effect }) => effect?.kind),
  figure('amount', ({ effect }) => effect?.amount),
  text('actor', ({ actor }) => nameOf(actor)),
  text('sentence', ({ sentence }) => sentence),
  text('eventId', ({ eventId }) => eventId),
];
