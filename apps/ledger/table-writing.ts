/** Writes about a performance table that need more than its own rules: what it holds now, and the lines of the budget. */
import { budgetDecider, budgetStream } from '#domain/budget/decide.js';
import { rejectionOf } from '#domain/budget/rejections.js';
import { lineFaults } from '#domain/budget/rules.js';
import type { PerformanceCommand, ReviseTargets } from '#domain/performance/commands.js';
import { performanceDecider, performanceStream } from '#domain/performance/decide.js';
import type { Indicator } from '#domain/performance/events.js';
import type { PerformanceState } from '#domain/performance/state.js';
import type { Handler } from '#event-store/handler.js';
import { setThresholds, type SetThresholdsDto } from './monitoring.dto.js';
import { repointed, withoutPrefix } from './pointers.js';
import { isRepeat, type Recording } from './recording.js';
import { refusal } from './refusals.js';
import { readProfile } from './scoring-profile.js';
import type { ChooseProfileDto } from './self-evaluation.dto.js';
import { approveTargets, type ApproveTargetsDto } from './targets.dto.js';

import type { UnitYear } from './unit-year.js';
import type { WriteRequest } from './write-request.js';

export class TableWriting {
  constructor(
    private readonly recording: Recording,
    private readonly handler: Handler,
  ) {}

  /** Approves the table; once it is approved, revises it to what the body says, for its reason. */
  async targets(at: UnitYear, dto: ApproveTargetsDto, request: WriteRequest) {
    await this.recording.requireUnit(at.unit);
    const approve = approveTargets(dto);
    const { state, knows } = await this.load(at);
    const { reason } = dto;
    const repeated = isRepeat(performanceStream(at.unit, at.year), request, knows);
    // Without a reason the rules say that the targets are approved, and since when.
    if (repeated || state.approved === undefined || reason === undefined) {
      return this.recording.performance(at, approve, request);
    }
    const { indicators, effectiveDate, document } = approve;
    const { rows, placeOf } = revisionTo(indicators, state);
    const command: ReviseTargets = {
      type: 'ReviseTargets',
      effectiveDate,
      reason,
      ...(document === undefined ? {} : { document }),
      ...rows,
    };
    return repointed(this.recording.performance(at, command, request), placeOf);
  }

  /** A command that names lines of the budget: they must be there. */
  async withLines(at: UnitYear, { command, named }: NamingLines, request: WriteRequest) {
    await this.recording.requireUnit(at.unit);
    const { state } = await this.handler.load(budgetStream(at.unit, at.year), budgetDecider(at.unit, at.year));
    const unknown = named.flatMap(({ line, pointer }) => lineFaults(state, line, pointer));
    const faults = unknown.length === 0 ? [] : (refusal(rejectionOf(unknown)).facts.faults ?? []);
    return this.recording.performance(at, command, request, faults);
  }

  thresholds(at: UnitYear, dto: SetThresholdsDto, request: WriteRequest) {
    return repointed(this.recording.performance(at, setThresholds(dto), request), withoutPrefix('/thresholds'));
  }

  profile(at: UnitYear, dto: ChooseProfileDto, request: WriteRequest) {
    const { command, unknown, placeOf } = readProfile(dto);
    return repointed(this.recording.performance(at, command, request, unknown), placeOf);
  }

  private load({ unit, year }: UnitYear) {
    return this.handler.load(performanceStream(unit, year), performanceDecider(year));
  }
}

export interface NamingLines {
  readonly command: PerformanceCommand;
  /** Each with its place in the request. */
  readonly named: readonly { readonly line: string; readonly pointer: string }[];
}

interface RevisionTo {
  readonly rows: Pick<ReviseTargets, 'revise' | 'add' | 'withdraw'>;
  /** Place in the table that was sent of a place in the command. */
  readonly placeOf: (pointer: string) => string;
}

/** Row by row what makes the table that stands the one that is wanted; rows that are equal say nothing. */
function revisionTo(wanted: readonly Indicator[], { indicators }: PerformanceState): RevisionTo {
  const all = wanted.map((indicator, row) => ({ indicator, row, after: wanted[row - 1]?.indicator ?? null }));
  const live = [...indicators.values()].filter(({ ended }) => ended === undefined).map(({ indicator }) => indicator);
  const known = new Set(live);
  const named = new Set(wanted.map(({ indicator }) => indicator));
  const revise = all.filter(({ indicator }) => known.has(indicator.indicator));
  const add = all.filter(({ indicator }) => !known.has(indicator.indicator));
  const rowOf = { revise: revise.map(({ row }) => row), add: add.map(({ row }) => row) };
  return {
    rows: {
      revise: revise.map(({ indicator }) => indicator),
      add: add.map(({ indicator, after }) => ({ indicator, after })),
      withdraw: live.filter((indicator) => !named.has(indicator)),
    },
    placeOf: (pointer) => {
      const [, part, index = '', rest = ''] = /^\/(revise|add)\/(\d+)(?:\/indicator\b)?(.*)$/.exec(pointer) ?? [];
      if (part === undefined) return pointer.startsWith('/withdraw') ? '/indicators' : pointer;
      return `/indicators/${rowOf[part as keyof typeof rowOf][Number(index)]}${rest}`;
    },
  };
}
