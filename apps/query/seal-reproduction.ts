/** Whether a seal's reports come out the same when they are made again from the log, up to the revisions that it cites. */
import { budgetDecider } from '#domain/budget/decide.js';
import type { PeriodSealed } from '#domain/budget/events.js';
import type { Envelope } from '#domain/envelope.js';
import { METRICS } from '#domain/metrics/registry.js';
import { type Difference, differences, formulasOf, type KeptReport } from '#domain/metrics/reproduction.js';
import type { SealedReport } from '#domain/metrics/sealed-report.js';
import { digestOfText, readSources, reportTexts, type KeptText, type TakenSources } from '#event-store/reports.js';
import type { Place } from './place.js';
import type { Sources } from './sources.js';

export type Reproduction = { readonly same: true } | { readonly same: false; readonly reasons: readonly Difference[] };

/** What the event of a seal says, brought up to date. */
export const sealData = ({ type, version, data }: Envelope): PeriodSealed['data'] =>
  budgetDecider('', 0).upcast(type, version, data) as PeriodSealed['data'];

/** Reads all that is cited: as long as it takes to fold the streams once. Throws `StoreUnavailable`. */
export async function reproductionOf(
  store: Pick<Sources['store'], 'read'>,
  place: Place,
  seal: PeriodSealed['data'],
): Promise<Reproduction> {
  if (seal.reports.length === 0) return notSame([{ code: 'NO_REPORTS', where: 'reports', sealed: null, now: null }]);
  const kept = seal.reports.map(keptReport);
  const damaged = [...kept.flatMap(({ fault }) => fault), ...seal.reports.flatMap(digestFaults)];
  const remade = await remake(store, place, seal, kept);
  if ('fault' in remade) return notSame([...damaged, remade.fault]);
  const { made, shorter } = remade;
  const readable = kept.filter(({ fault }) => fault.length === 0);
  const found = [...damaged, ...shorter, ...differences(readable, made), ...versionsOfSeal(seal)];
  const reasons = [...new Map(found.map((reason) => [`${reason.code} ${reason.where}`, reason])).values()];
  if (reasons.length > 0) return notSame(reasons);
  const texts = textFaults(seal.reports, made);
  return texts.length > 0 ? notSame(texts) : { same: true };
}

const notSame = (reasons: readonly Difference[]): Reproduction => ({ same: false, reasons });

/** The stored text read back; what it cannot be read for is its fault. */
export function keptReport({
  kind,
  scope,
  canonicalJson,
}: KeptText): KeptReport & { readonly fault: readonly Difference[] } {
  try {
    return { kind, scope, value: JSON.parse(canonicalJson) as unknown, fault: [] };
  } catch (error) {
    const fault = {
      code: 'NOT_READABLE',
      where: `${kind} ${scope}`,
      sealed: (error as Error).message,
      now: null,
    } as const;
    return { kind, scope, value: undefined, fault: [fault] };
  }
}

export const digestHolds = ({ canonicalJson, sha256 }: KeptText): boolean => digestOfText(canonicalJson) === sha256;

const digestFaults = (report: KeptText): readonly Difference[] =>
  digestHolds(report)
    ? []
    : [
        {
          code: 'DIGEST_DIFFERS',
          where: `${report.kind} ${report.scope}`,
          sealed: report.sha256,
          now: digestOfText(report.canonicalJson),
        },
      ];

type Remade =
  | { readonly made: readonly (SealedReport & KeptText)[]; readonly shorter: readonly Difference[] }
  | { readonly fault: Difference };

async function remake(
  store: Pick<Sources['store'], 'read'>,
  { unit, year }: Place,
  { through, streams }: PeriodSealed['data'],
  kept: readonly KeptReport[],
): Promise<Remade> {
  const cited = new Map(streams.map(({ stream, revision }) => [stream, revision]));
  try {
    const sources = await readSources(store, { unit, year, asOf: through }, (stream) => cited.get(stream) ?? -1);
    const metrics = formulasOf(kept).map(({ metric }) => metric);
    const kinds = new Set(kept.map(({ kind }) => kind));
    const made = reportTexts(sources, metrics).filter(({ kind }) => kinds.has(kind));
    return { made, shorter: shorterStreams(streams, sources) };
  } catch (error) {
    if ((error as Error).name !== 'StreamDamaged') throw error;
    const { stream, revision, message } = error as Error & { readonly stream: string; readonly revision: number };
    return { fault: { code: 'LOG_DAMAGED', where: `${stream} ${revision}`, sealed: null, now: message } };
  }
}

function shorterStreams(cited: PeriodSealed['data']['streams'], { streams }: TakenSources): readonly Difference[] {
  const read = new Map(Object.values(streams).map((found) => [found?.stream, found?.revision]));
  return cited
    .filter(({ stream, revision }) => read.get(stream) !== revision)
    .map(({ stream, revision }) => ({
      code: 'STREAM_SHORTER',
      where: stream,
      sealed: String(revision),
      now: read.get(stream)?.toString() ?? null,
    }));
}

/** The seal names formulas beside its reports; both must be those that there are. */
function versionsOfSeal({ formulas }: PeriodSealed['data']): readonly Difference[] {
  const current = new Map<string, number>(METRICS.map(({ id, version }) => [id, version]));
  return formulas
    .filter(({ metric, version }) => current.get(metric) !== version)
    .map(({ metric, version }) => ({
      code: 'FORMULA_VERSION_CHANGED',
      where: metric,
      sealed: String(version),
      now: current.get(metric)?.toString() ?? null,
    }));
}

/** Reports whose figures are the same but not their text, and those that only one side has. */
function textFaults(kept: readonly KeptText[], made: readonly KeptText[]): readonly Difference[] {
  const nameOf = ({ kind, scope }: KeptText) => `${kind} ${scope}`;
  const before = new Map(kept.map((report) => [nameOf(report), report]));
  const after = new Map(made.map((report) => [nameOf(report), report]));
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((name) => before.get(name)?.canonicalJson !== after.get(name)?.canonicalJson)
    .map((where) => ({
      code: 'TEXT_DIFFERS',
      where,
      sealed: before.get(where)?.sha256 ?? null,
      now: after.get(where)?.sha256 ?? null,
    }));
}
