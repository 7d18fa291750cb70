/** Writes about one unit's money of one year. */
import { Body, Controller, Param, Post, Put, UseInterceptors } from '@nestjs/common';
import { ApiExtraModels, ApiBody, ApiParam, ApiTags, getSchemaPath } from '@nestjs/swagger';
import type { BudgetCommand } from '#domain/budget/commands.js';
import { civilDate } from '#domain/calendar.js';
import { invalidRequest } from '#platform/problem.js';
import {
  adjust,
  AdjustmentDto,
  foreignMembers,
  freeze,
  FreezeDto,
  release,
  ReleaseDto,
  reverseAdjustment,
} from './adjustment.dto.js';
import { CloseTrialDto } from './closing-preview.dto.js';
import { Closing } from './closing.js';
import {
  CloseDto,
  closeYear,
  reopen,
  ReopeningDto,
  reverseTakeBack,
  NewSealDto,
  TakeBackDto,
  takeBackSurplus,
} from './closing.dto.js';
import { WriteOperation } from './operation.js';
import { ReasonDto } from './parts.dto.js';
import {
  CancelRequestDto,
  cancelRequest,
  executePayments,
  PaymentDto,
  PaymentsDto,
  reattributePayment,
  ReattributeDto,
  reclassifyPayment,
  ReclassifyPaymentDto,
  requestPayment,
  RequestPaymentDto,
  returnPayment,
  ReturnPaymentDto,
  reversePayment,
  reverseReturn,
} from './payment.dto.js';
import {
  approveBudget,
  ApproveBudgetDto,
  bringCarryOverForward,
  BringCarryOverForwardDto,
  openLines,
  OpenLinesDto,
  SetPaymentPlanDto,
  reclassifyLine,
  ReclassifyLineDto,
  reviseCarryOver,
  ReviseCarryOverDto,
  setPaymentPlan,
  withdrawApproval,
} from './plan.dto.js';
import { PaymentBodyPipe } from './payment-body.js';
import { Recording } from './recording.js';
import { Sealing } from './sealing.js';
import { Write, type WriteRequest } from './write-request.js';
import { RevisionHeaders } from './revision-headers.js';
import { At, type UnitYear } from './unit-year.js';

@ApiTags('record')
@ApiParam({ name: 'unit', example: 'U0001' })
@ApiParam({ name: 'year', example: 2024 })
@ApiExtraModels(PaymentDto, PaymentsDto)
@UseInterceptors(RevisionHeaders)
@Controller('api/v1/units/:unit/years/:year')
export class BudgetController {
  constructor(
    private readonly recording: Recording,
    private readonly sealing: Sealing,
    private readonly closing: Closing,
  ) {}

  private record({ unit, year }: UnitYear, command: BudgetCommand, request: WriteRequest) {
    return this.recording.budget(unit, year, command, request);
  }

  @Post('budget')
  @WriteOperation({ summary: 'Approve the plan of the year: lines, income, document' })
  approve(@At() at: UnitYear, @Body() body: ApproveBudgetDto, @Write() request: WriteRequest) {
    return this.record(at, approveBudget(body), request);
  }

  @Post('budget/withdrawal')
  @WriteOperation({ summary: 'Withdraw an approval entered wrongly, before any movement' })
  withdraw(@At() at: UnitYear, @Body() body: ReasonDto, @Write() request: WriteRequest) {
    return this.record(at, withdrawApproval(body), request);
  }

  @Post('lines')
  @WriteOperation({ summary: 'Open lines that begin during the year or before approval' })
  openLines(@At() at: UnitYear, @Body() body: OpenLinesDto, @Write() request: WriteRequest) {
    return this.record(at, openLines(body), request);
  }

  @Post('lines/:line/reclassification')
  @WriteOperation({ summary: 'Give a line other codes from a date on' })
  reclassify(
    @At() at: UnitYear,
    @Param('line') line: string,
    @Body() body: ReclassifyLineDto,
    @Write() request: WriteRequest,
  ) {
    return this.record(at, reclassifyLine(line, body), request);
  }

  @Post('carry-overs')
  @WriteOperation({ summary: "Bring last year's money forward" })
  carryOver(@At() at: UnitYear, @Body() body: BringCarryOverForwardDto, @Write() request: WriteRequest) {
    return this.record(at, bringCarryOverForward(body), request);
  }

  @Post('carry-overs/:carryOverId/revision')
  @WriteOperation({ summary: 'Correct an amount brought forward' })
  reviseCarryOver(
    @At() at: UnitYear,
    @Param('carryOverId') id: string,
    @Body() body: ReviseCarryOverDto,
    @Write() request: WriteRequest,
  ) {
    return this.record(at, reviseCarryOver(id, body), request);
  }

  @Put('payment-plan')
  @WriteOperation({ summary: 'Set the monthly payment plan of lines', ifMatch: 'required', status: 200 })
  plan(@At() at: UnitYear, @Body() body: SetPaymentPlanDto, @Write({ ifMatch: 'required' }) request: WriteRequest) {
    return this.record(at, setPaymentPlan(body), request);
  }

  @Post('adjustments')
  @WriteOperation({ summary: 'Add to, cut and transfer between lines, all movements at once or none' })
  adjust(@At() at: UnitYear, @Body() body: AdjustmentDto, @Write() request: WriteRequest) {
    const faults = body.movements.flatMap((movement, index) =>
      foreignMembers(movement).map((member) => ({
        pointer: `/movements/${index}/${member}`,
        code: 'UNKNOWN_PROPERTY',
        message: `a movement of kind ${movement.kind} has no ${member}`,
      })),
    );
    if (faults.length > 0) throw invalidRequest(faults);
    return this.record(at, adjust(body), request);
  }

  @Post('adjustments/:adjustmentId/reversal')
  @WriteOperation({ summary: 'Take all movements of an adjustment back' })
  reverseAdjustment(
    @At() at: UnitYear,
    @Param('adjustmentId') id: string,
    @Body() body: ReasonDto,
    @Write() request: WriteRequest,
  ) {
    return this.record(at, reverseAdjustment(id, body), request);
  }

  @Post('freezes')
  @WriteOperation({ summary: 'Freeze money of a line' })
  freeze(@At() at: UnitYear, @Body() body: FreezeDto, @Write() request: WriteRequest) {
    return this.record(at, freeze(body), request);
  }

  @Post('freezes/:freezeId/release')
  @WriteOperation({ summary: 'Release all or part of a freeze' })
  release(@At() at: UnitYear, @Param('freezeId') id: string, @Body() body: ReleaseDto, @Write() request: WriteRequest) {
    return this.record(at, release(id, body), request);
  }

  @Post('payment-requests')
  @WriteOperation({ summary: 'Request a payment; refused beyond the available amount' })
  request(@At() at: UnitYear, @Body() body: RequestPaymentDto, @Write() request: WriteRequest) {
    return this.record(at, requestPayment(body), request);
  }

  @Post('payment-requests/:requestId/cancellation')
  @WriteOperation({ summary: 'Cancel what is left of a payment request' })
  cancel(
    @At() at: UnitYear,
    @Param('requestId') id: string,
    @Body() body: CancelRequestDto,
    @Write() request: WriteRequest,
  ) {
    return this.record(at, cancelRequest(id, body), request);
  }

  @Post('payments')
  @ApiBody({ schema: { oneOf: [{ $ref: getSchemaPath(PaymentDto) }, { $ref: getSchemaPath(PaymentsDto) }] } })
  @WriteOperation({ summary: 'Record one payment, or many at once; a fact is never refused for lack of budget' })
  pay(@At() at: UnitYear, @Body(PaymentBodyPipe) body: PaymentDto | PaymentsDto, @Write() request: WriteRequest) {
    return this.record(at, executePayments(body), request);
  }

  @Post('payments/:voucherNo/returns')
  @WriteOperation({ summary: 'Record money that came back' })
  return(
    @At() at: UnitYear,
    @Param('voucherNo') voucherNo: string,
    @Body() body: ReturnPaymentDto,
    @Write() request: WriteRequest,
  ) {
    return this.record(at, returnPayment(voucherNo, body), request);
  }

  @Post('returns/:returnNo/reversal')
  @WriteOperation({ summary: 'Reverse a return that was a booking error' })
  reverseReturn(
    @At() at: UnitYear,
    @Param('returnNo') returnNo: string,
    @Body() body: ReasonDto,
    @Write() request: WriteRequest,
  ) {
    return this.record(at, reverseReturn(returnNo, body), request);
  }

  @Post('payments/:voucherNo/reattributions')
  @WriteOperation({ summary: 'Move a payment, or part of it, to the line it belongs to' })
  reattribute(
    @At() at: UnitYear,
    @Param('voucherNo') voucherNo: string,
    @Body() body: ReattributeDto,
    @Write() request: WriteRequest,
  ) {
    return this.record(at, reattributePayment(voucherNo, body), request);
  }

  @Post('payments/:voucherNo/reclassification')
  @WriteOperation({ summary: 'Correct the economic code of a payment' })
  reclassifyPayment(
    @At() at: UnitYear,
    @Param('voucherNo') voucherNo: string,
    @Body() body: ReclassifyPaymentDto,
    @Write() request: WriteRequest,
  ) {
    return this.record(at, reclassifyPayment(voucherNo, body), request);
  }

  @Post('payments/:voucherNo/reversal')
  @WriteOperation({ summary: 'Reverse a booking error; the voucher number may be booked again' })
  reversePayment(
    @At() at: UnitYear,
    @Param('voucherNo') voucherNo: string,
    @Body() body: ReasonDto,
    @Write() request: WriteRequest,
  ) {
    return this.record(at, reversePayment(voucherNo, body), request);
  }

  @Post('seals')
  @WriteOperation({ summary: 'Seal a period: dates in it are refused from now on', ifMatch: 'required' })
  seal(@At() at: UnitYear, @Body() body: NewSealDto, @Write({ ifMatch: 'required' }) request: WriteRequest) {
    const { effectiveDate, through, reason } = body;
    const seal = { effectiveDate: civilDate(effectiveDate), through: civilDate(through), reason };
    return this.sealing.seal(at, seal, request);
  }

  @Post('close')
  @WriteOperation({
    summary: 'Close the year: unspent money becomes carry-over or surplus, and the next year is opened with it',
    description:
      'The answer does not wait for the next year: GET /api/v1/processes with atLeast of its position tells what came of it. ' +
      'With dryRun, the answer and the problem that names what blocks the close both hold `preview`.',
    ifMatch: 'required',
    trial: CloseTrialDto,
  })
  close(@At() at: UnitYear, @Body() body: CloseDto, @Write({ ifMatch: 'required' }) request: WriteRequest) {
    return this.closing.close(at, closeYear(body), request);
  }

  @Post('reopenings')
  @WriteOperation({ summary: 'Reopen a sealed period or a closed year', ifMatch: 'required' })
  reopen(@At() at: UnitYear, @Body() body: ReopeningDto, @Write({ ifMatch: 'required' }) request: WriteRequest) {
    if (body.kind === 'year' && body.through !== undefined) {
      const message = 'through goes with a period; a year is reopened as a whole';
      throw invalidRequest([{ pointer: '/through', code: 'NOT_TOGETHER', message }]);
    }
    return this.record(at, reopen(body), request);
  }

  @Post('take-backs')
  @WriteOperation({ summary: 'Record surplus taken back; lowers available, never the budget' })
  takeBack(@At() at: UnitYear, @Body() body: TakeBackDto, @Write() request: WriteRequest) {
    return this.record(at, takeBackSurplus(body), request);
  }

  @Post('take-backs/:takeBackId/reversal')
  @WriteOperation({ summary: 'Reverse a take-back' })
  reverseTakeBack(
    @At() at: UnitYear,
    @Param('takeBackId') id: string,
    @Body() body: ReasonDto,
    @Write() request: WriteRequest,
  ) {
    return this.record(at, reverseTakeBack(id, body), request);
  }
}
