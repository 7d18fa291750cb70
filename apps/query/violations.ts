/** What is not as it should be, derived for the moment asked about: never from what was known when a fact was recorded. */
import { civilDate, firstDayOf, type CivilDate } from '#domain/calendar.js';
import { ALL, type Picture, lineQuantities, quantities } from '#domain/metrics/quantities.js';
import type { Rate } from '#domain/metrics/report.js';
import { ZERO, fen, formatYuan, negate } from '#domain/money.js';
import { figures } from '#read-model/queries/figures.js';
import type { LineAsKnown } from '#read-model/queries/lines.js';
import type { ViolationDto } from './overview.dto.js';
import { addressOf } from './place.js';
import type { Approval, YearView } from './year-reads.js';

interface Looked {
  readonly picture: Picture;
  readonly rates: readonly Rate[];
  readonly approval: Approval | undefined;
  readonly lines: readonly LineAsKnown[];
}

/** Lines overdrawn, lots that named payments overdraw, lines paid before the approval, and rates over a base of nothing. */
export async function violationsOf(view: YearView, looked: Looked): Promise<readonly ViolationDto[]> {
  return [
    ...overdrawn(looked),
    ...overdrawnLots(looked),
    ...(await paidEarly(view, looked)),
    ...overNothing(looked.rates),
  ];
}

function overdrawn({ picture, lines }: Looked): ViolationDto[] {
  const sums = lineQuantities(picture);
  return lines.flatMap(({ line, name }) => {
    const available = sums.get(line)?.available;
    if (available === undefined || available >= 0) return [];
    const amount = formatYuan(negate(available));
    const message = `${line} ${name}: ${amount} more is paid, requested, frozen or taken back than its budget holds`;
    return [{ code: 'LINE_OVERDRAWN', message, line, name, amount }];
  });
}

/** A payment is recorded whatever quota it names; what that quota does not hold is charged to others, and shown. */
function overdrawnLots({ picture, lines }: Looked): ViolationDto[] {
  const named = picture.figures.filter(({ originYear }) => originYear !== undefined);
  return lines.flatMap(({ line, name }) => {
    const own = named.filter((figure) => figure.line === line);
    return [...new Set(own.flatMap(({ originYear }) => originYear ?? []))].sort().flatMap((originYear) => {
      if (originYear === picture.year) return [];
      const figuresOfLot = own.filter((figure) => figure.originYear === originYear);
      const { current, paid, takenBack } = quantities({ figures: figuresOfLot, planned: [] }, ALL);
      const missing = paid + takenBack - current;
      if (paid <= 0 || missing <= 0) return [];
      const amount = formatYuan(fen(missing));
      const message = `${line} ${name}: payments name ${amount} more of ${originYear} than was carried over of it`;
      return [{ code: 'LOT_OVERDRAWN', message, line, name, amount }];
    });
  });
}

/** Law allows some of them before the approval (rule book 3); they are shown until somebody has looked. */
async function paidEarly(view: YearView, { picture, approval, lines }: Looked): Promise<ViolationDto[]> {
  const until = approval === undefined ? view.asOf : dayBefore(approval.on);
  if (until < firstDayOf(view.year)) return [];
  const early = approval === undefined ? picture.figures : await figures(view.opened, { ...view.at, asOf: until });
  const sums = lineQuantities({ figures: early, planned: [] });
  return lines.flatMap(({ line, name }) => {
    const paid = sums.get(line)?.paid ?? ZERO;
    if (paid === 0) return [];
    const amount = formatYuan(paid);
    const message = `${line} ${name}: ${amount} is paid before the budget was approved`;
    const query = new URLSearchParams({ kind: 'paid', line, to: until });
    const journal = `${addressOf(view)}/journal?${query.toString()}`;
    return [{ code: 'PAID_BEFORE_APPROVAL', message, line, name, amount, journal }];
  });
}

/** One for each metric and scope, however many targets it has. */
function overNothing(rates: readonly Rate[]): ViolationDto[] {
  const found = new Map<string, ViolationDto>();
  for (const { metric, name, scope, reason, numerator, denominator, violation } of rates) {
    if (!violation || reason === undefined) continue;
    const funds = scope.funds === 'all' ? 'all funds' : scope.funds.join(', ');
    const expenditure = scope.expenditure === 'all' ? '' : `, ${scope.expenditure} expenditure`;
    const message = `${name.zh} (${metric}, ${funds}${expenditure}): ${numerator ?? '?'} over ${denominator ?? '?'}`;
    found.set(message, { code: 'RATE_OVER_NOTHING', message, metric, scope, reason });
  }
  return [...found.values()];
}

const dayBefore = (date: CivilDate): CivilDate =>
  civilDate(new Date(Date.parse(`${date}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10));
