/** The budget as approved, and the payment plans in force. */
import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { budgetStream } from '#domain/budget/decide.js';
import { lineQuantities } from '#domain/metrics/quantities.js';
import { ZERO, formatYuan } from '#domain/money.js';
import { figures } from '#read-model/queries/figures.js';
import { lineDefinitions, plansByLine } from '#read-model/queries/lines.js';
import { pictureInputs } from '#read-model/queries/picture.js';
import { MomentQuery } from './moment.js';
import { AtPlace, type Place } from './place.js';
import { monthlyPlan } from './plan-in-force.js';
import { BUDGET_EXAMPLE, BudgetDto, PAYMENT_PLAN_EXAMPLE, PaymentPlanDto, type ApprovedLineDto } from './plan.dto.js';
import { YEAR_PATH, YearRead } from './read-operation.js';
import { Headers, tagged, type Exchange } from './revision-tag.js';
import { approvalOf, YearReads, type YearView } from './year-reads.js';

@ApiTags('read')
@Controller(YEAR_PATH)
export class PlanController {
  constructor(private readonly years: YearReads) {}

  @Get('budget')
  @YearRead({
    tagged: true,
    summary: 'The approved plan: document, income and lines as they were approved',
    description: 'Adjustments do not show here. Before approval there are no amounts, and `approved` is false.',
    answer: BudgetDto,
    example: BUDGET_EXAMPLE,
  })
  async budget(@AtPlace() place: Place, @Query() query: MomentQuery, @Headers() exchange: Exchange) {
    const stream = budgetStream(place.unit, place.year);
    const revised = await this.years.revised({ place, query, stream }, budgetOf);
    return tagged(revised, { ...exchange, query, whole: true });
  }

  @Get('payment-plan')
  @YearRead({
    tagged: true,
    summary: 'The payment plan in force of each line, cumulative by month',
    answer: PaymentPlanDto,
    example: PAYMENT_PLAN_EXAMPLE,
  })
  async paymentPlan(@AtPlace() place: Place, @Query() query: MomentQuery, @Headers() exchange: Exchange) {
    const stream = budgetStream(place.unit, place.year);
    const revised = await this.years.revised({ place, query, stream }, async ({ opened, at }) => {
      const inputs = await pictureInputs(opened, at);
      const sums = lineQuantities({ figures: inputs.figures, planned: [] });
      return { plans: inputs.lines.map((line) => monthlyPlan(inputs, line, sums.get(line.line)?.current)) };
    });
    return tagged(revised, { ...exchange, query, whole: true });
  }
}

type BudgetBody = Omit<BudgetDto, 'asOf' | 'knownAt' | 'position' | 'recordedAt' | 'stale' | 'staleReason'>;

async function budgetOf(view: YearView): Promise<BudgetBody> {
  const approval = await approvalOf(view);
  if (approval === undefined) {
    return { approved: false, income: [], basic: formatYuan(ZERO), project: formatYuan(ZERO), lines: [] };
  }
  const { income, basicFen, projectFen, document, dateAssumed } = approval.data;
  return {
    approved: true,
    approvedOn: approval.on,
    ...(dateAssumed === undefined ? {} : { dateAssumed }),
    ...(document === undefined ? {} : { document }),
    income: income.map(({ source, fen }) => ({ source, amount: formatYuan(fen) })),
    basic: formatYuan(basicFen),
    project: formatYuan(projectFen),
    lines: await approvedLines(view),
  };
}

/** Lines that the approval gave an amount, 0 included. */
async function approvedLines({ opened, at }: YearView): Promise<readonly ApprovedLineDto[]> {
  const lines = await lineDefinitions(opened, at);
  const plans = await plansByLine(opened, at);
  const sums = lineQuantities({ figures: await figures(opened, at), planned: [] });
  return lines.flatMap(({ line, name, expenditure, fund, codes }) => {
    const plan = (plans.get(line) ?? []).findLast(({ kind }) => kind !== 'monthly');
    if (plan?.kind !== 'approved') return [];
    const { original = ZERO, carryOverIn = ZERO } = sums.get(line) ?? {};
    return [
      {
        line,
        name,
        expenditure,
        fund,
        ...(Object.keys(codes).length === 0 ? {} : { codes }),
        original: formatYuan(original),
        ...(plan.halfYearPlanFen === undefined ? {} : { halfYearPlan: formatYuan(plan.halfYearPlanFen) }),
        ...(carryOverIn === 0 ? {} : { carryOverIn: formatYuan(carryOverIn) }),
      },
    ];
  });
}
