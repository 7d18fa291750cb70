/** Seals: what each keeps, whether it comes out the same today, and the very bytes of its reports. */
import { createHash } from 'node:crypto';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import { budgetStream } from '#domain/budget/decide.js';
import type { Envelope } from '#domain/envelope.js';
import type { KeptText } from '#event-store/reports.js';
import { lineDefinitions } from '#read-model/queries/lines.js';
import { citedPlace, seals, type SealAsKnown } from '#read-model/queries/seals.js';
import { eventsAt } from './log-events.js';
import { UNKNOWN_REPORT, UNKNOWN_SEAL, unknownReport, unknownSeal } from './missing-seal.js';
import { AtPlace, addressOf, type Place } from './place.js';
import { YEAR_PATH, YearRead } from './read-operation.js';
import { Headers, type Exchange } from './revision-tag.js';
import { digestHolds, keptReport, reproductionOf, sealData, type Reproduction } from './seal-reproduction.js';
import { contentOf } from './sealed-content.js';
import {
  SEAL_EXAMPLE,
  SEALED_TEXT_EXAMPLE,
  SealDetailDto,
  type ReproductionDto,
  type SealDto,
  SealedTextDto,
  SEALS_EXAMPLE,
  SealsDto,
  SealsQuery,
} from './seals.dto.js';
import { Sources } from './sources.js';
import { YearReads, type YearView } from './year-reads.js';

const SEAL_NUMBER = ApiParam({
  name: 'number',
  type: String,
  example: '1',
  description: 'In the order recorded, from 1',
});

/** A seal with its event; of one that was reopened, with that of the reopening. */
export interface SealView {
  readonly seal: SealAsKnown;
  readonly event: Envelope;
  readonly reopening?: Envelope;
}

@ApiTags('read')
@Controller(YEAR_PATH)
export class SealsController {
  constructor(
    private readonly years: YearReads,
    private readonly sources: Sources,
  ) {}

  @Get('seals')
  @YearRead({
    summary: 'The seals of the year: through which date, when and why, and what each keeps',
    description:
      'A seal that was reopened since stays in the list. `seal:N` names the moment of seal N in comparisons.',
    answer: SealsDto,
    example: SEALS_EXAMPLE,
  })
  seals(@AtPlace() place: Place, @Query() query: SealsQuery): Promise<SealsDto> {
    return this.years.answer(place, query, async (view) => {
      const found = await seals(view.opened, view.at);
      const views = await sealViews(this.sources.store, place, found);
      return { seals: views.map((seal) => sealDto(place, seal)) };
    });
  }

  @Get('seals/:number')
  @SEAL_NUMBER
  @YearRead({
    summary: 'A seal with its reports, and whether they come out the same when they are made again',
    description:
      'The reports are made again from the log each time, up to the revisions that the seal cites, and compared byte for byte ' +
      'with what is stored. Where they differ, every reason is told.',
    answer: SealDetailDto,
    example: SEAL_EXAMPLE,
    problems: [UNKNOWN_SEAL],
  })
  async seal(
    @AtPlace() place: Place,
    @Param('number') number: string,
    @Query() query: SealsQuery,
  ): Promise<SealDetailDto> {
    const { names, found, ...answer } = await this.years.answer(place, query, async (view) => {
      const shown = await sealOf(this.sources.store, view, number);
      return { asOf: shown.seal.through, found: shown, names: await namesAt(view, shown.seal) };
    });
    const data = sealData(found.event);
    return {
      ...answer,
      seal: sealDto(place, found),
      // Reads whole streams: not while the read models are held open.
      reproduction: reproductionDto(await reproductionOf(this.sources.store, place, data)),
      reports: data.reports.map((report) => {
        const content = contentOf(keptReport(report).value, names);
        return {
          ...keptDto(place, found.seal, report),
          digestHolds: digestHolds(report),
          ...(content === undefined ? {} : { content }),
        };
      }),
    };
  }

  @Get('seals/:number/reports/:kind/:scope')
  @SEAL_NUMBER
  @ApiParam({ name: 'kind', schema: { type: 'string', enum: ['lines', 'rates'], example: 'rates' } })
  @ApiParam({ name: 'scope', type: String, example: 'all', description: 'As the seal names it' })
  @YearRead({
    summary: 'The bytes of a report as they were sealed: sha256sum of the body is the digest of the seal',
    description:
      'The header `Repr-Digest` is that of this body (RFC 9530), `Sealed-Digest` the SHA-256 in hex that the seal states: they ' +
      'differ only when what is stored was damaged.',
    answer: SealedTextDto,
    example: SEALED_TEXT_EXAMPLE,
    problems: [UNKNOWN_SEAL, UNKNOWN_REPORT],
  })
  async report(
    @AtPlace() place: Place,
    @Param('number') number: string,
    @Param('kind') kind: string,
    @Param('scope') scope: string,
    @Query() query: SealsQuery,
    @Headers() { reply }: Exchange,
  ): Promise<Buffer> {
    const { report } = await this.years.answer(place, query, async (view) => {
      const { event } = await sealOf(this.sources.store, view, number);
      const { reports } = sealData(event);
      const found = reports.find((kept) => kept.kind === kind && kept.scope === scope);
      if (found === undefined) throw unknownReport(number, { kind, scope, reports });
      return { report: found };
    });
    const body = Buffer.from(report.canonicalJson);
    void reply
      .header('content-type', 'application/json')
      .header('repr-digest', `sha-256=:${digestOfBytes(body)}:`)
      .header('sealed-digest', report.sha256);
    return body;
  }
}

const digestOfBytes = (body: Buffer): string => createHash('sha256').update(body).digest('base64');

/** The seal of that number with its events. Throws 404 `UNKNOWN_SEAL`. */
export async function sealOf(store: Sources['store'], view: YearView, number: string): Promise<SealView> {
  const found = await seals(view.opened, view.at);
  const seal = /^[1-9]\d{0,4}$/.test(number) ? found[Number(number) - 1] : undefined;
  if (seal === undefined) throw unknownSeal(number, view, found.length);
  const [withEvents] = await sealViews(store, view, [seal]);
  if (withEvents === undefined) throw new Error(`seal ${number} was found and has no event`);
  return withEvents;
}

async function sealViews(
  store: Sources['store'],
  { unit, year }: Place,
  found: readonly SealAsKnown[],
): Promise<readonly SealView[]> {
  const stream = budgetStream(unit, year);
  const places = found
    .flatMap((seal) => [seal, ...(seal.reopened === undefined ? [] : [seal.reopened])])
    .map(({ revision, position }) => ({ stream, revision, position }))
    .sort((a, b) => a.revision - b.revision);
  const events = new Map((await eventsAt(store, places)).map((event) => [event.revision, event]));
  return found.map((seal) => {
    const event = events.get(seal.revision);
    if (event === undefined) throw new Error(`${stream} has no revision ${seal.revision}`);
    const reopening = seal.reopened && events.get(seal.reopened.revision);
    return { seal, event, ...(reopening === undefined ? {} : { reopening }) };
  });
}

/** Names of lines as they were when sealed: a long report goes without them. */
async function namesAt({ opened, unit, year }: YearView, seal: SealAsKnown): Promise<ReadonlyMap<string, string>> {
  const { order: knownAt } = await citedPlace(opened, seal);
  const lines = await lineDefinitions(opened, { unit, year, asOf: seal.through, knownAt });
  return new Map(lines.map(({ line, name }) => [line, name]));
}

export function sealDto(place: Place, { seal, event, reopening }: SealView): SealDto {
  const { number, through, sealedOn, reason, revision, reopened, streams } = seal;
  return {
    number,
    through,
    sealedOn,
    recordedAt: new Date(event.recordedAt).toISOString(),
    by: event.meta.actor,
    reason,
    revision,
    inForce: reopened === undefined,
    ...(reopened === undefined || reopening === undefined
      ? {}
      : {
          reopened: {
            on: reopened.on,
            reason: reopened.reason,
            recordedAt: new Date(reopening.recordedAt).toISOString(),
            by: reopening.meta.actor,
          },
        }),
    streams,
    reports: sealData(event).reports.map((report) => keptDto(place, seal, report)),
  };
}

const keptDto = (place: Place, { number }: SealAsKnown, { kind, scope, sha256, canonicalJson }: KeptText) => ({
  kind,
  scope,
  sha256,
  bytes: Buffer.byteLength(canonicalJson),
  text: `${addressOf(place)}/seals/${number}/reports/${encodeURIComponent(kind)}/${encodeURIComponent(scope)}`,
});

const REASONS = 200;

function reproductionDto(reproduction: Reproduction): ReproductionDto {
  if (reproduction.same) return { same: true };
  const { reasons } = reproduction;
  const more = reasons.length - REASONS;
  return { same: false, reasons: reasons.slice(0, REASONS), ...(more > 0 ? { more } : {}) };
}
