/**
 * For properties: histories that the rules allow, of two budgets, the directory and a performance table in one log. Money is
 * planned, moved, paid, returned and corrected, with dates in any order, late facts into sealed periods, several commands at one
 * instant and a clock that steps back; periods are sealed and reopened, years closed and reopened.
 */
import fc from 'fast-check';
import { civilDate } from '#domain/calendar.js';
import type { BudgetCommand } from '#domain/budget/commands.js';
import { budgetDecider, budgetStream } from '#domain/budget/decide.js';
import {
  adjust,
  add,
  approved,
  cancelRequest,
  carriedLot,
  carryForward,
  carryOver,
  closeYear,
  cut,
  freeze,
  on,
  openLine,
  pay,
  plan,
  reattribute,
  reclassifyLine,
  reclassifyPayment,
  release,
  reopen,
  reopenYear,
  requestPayment,
  returnPayment,
  reverseAdjustment,
  reversePayment,
  reverseReturn,
  reverseTakeBack,
  reviseCarryOver,
  seal,
  takeBack,
  transfer,
  withdraw,
  yuan,
} from '#domain/budget/specification.js';
import type { BudgetState } from '#domain/budget/state.js';
import { directoryDecider, type DirectoryCommand } from '#domain/directory/decide.js';
import type { DomainEvent } from '#domain/envelope.js';
import { performanceStream } from '#domain/performance/decide.js';
import { RecordedLog } from '#read-model/specification.js';
import { chanceOf, type Chance } from './chance.js';
import { nextCommand } from './walk.js';

const line = fc.constantFrom('A', 'B', 'C');
const id = (letter: string) => fc.integer({ min: 1, max: 4 }).map((n) => `${letter}${n}`);
/** Vouchers and requests are many: numbers that are free, and often enough one that is taken. */
const manyId = (letter: string) => fc.integer({ min: 1, max: 20 }).map((n) => `${letter}${n}`);
const amount = fc.constantFrom('0.01', '1.00', '5.00', '7.50', '20.00');
const day = fc
  .constantFrom('01-01', '02-29', '03-01', '03-31', '04-01', '06-30', '07-01', '09-15', '12-31')
  .map((text) => on(text));
const code = fc.constantFrom('30201', '30211', '31002');
const originYear = fc.constantFrom(2022, 2023);
/** Facts that came late: booked in the open period, they belong to one that may be sealed. */
const late = fc
  .constantFrom('01-01', '02-29', '03-01', '03-31')
  .map((text) => ({ ...on('07-01'), belongsTo: on(text).effectiveDate }));

/** A command that the rules may accept or refuse. */
const budgetCommand: fc.Arbitrary<BudgetCommand> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .tuple(line, day, code)
      .map(([of, when, departmentEconomic]) => openLine(of, { codes: { departmentEconomic } }, when)),
  },
  {
    weight: 6,
    arbitrary: fc.tuple(amount, day).map(([basic, when]) =>
      approved(
        {
          A: { amount: '100.00', halfYearPlanFen: yuan('40.00') },
          B: '50.00',
          C: { amount: basic, expenditure: 'basic' },
        },
        when,
      ),
    ),
  },
  { weight: 1, arbitrary: day.map((when) => withdraw(when)) },
  { weight: 2, arbitrary: fc.tuple(line, code, day).map(([of, to, when]) => reclassifyLine(of, to, when)) },
  { weight: 2, arbitrary: fc.tuple(id('C'), line, amount, originYear).map((parts) => carryOver(...parts)) },
  { weight: 1, arbitrary: fc.tuple(id('C'), amount).map((parts) => reviseCarryOver(...parts)) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(line, amount, originYear, fc.integer({ min: 1, max: 3 }))
      .map(([of, by, origin, closure]) => carryForward([carriedLot(of, by, { originYear: origin })], { closure })),
  },
  {
    weight: 4,
    arbitrary: fc.tuple(id('A'), line, line, amount, day).map(([no, from, to, by, when]) =>
      adjust(no, [add(from, by), cut(to, '0.50'), transfer(from, to, '0.25')], {
        ...when,
        document: { number: 'No. 7' },
      }),
    ),
  },
  { weight: 2, arbitrary: fc.tuple(id('A'), day).map(([no, when]) => reverseAdjustment(no, when)) },
  { weight: 2, arbitrary: fc.tuple(id('F'), line, amount).map((parts) => freeze(...parts)) },
  { weight: 2, arbitrary: id('F').map((no) => release(no, '0.01')) },
  {
    weight: 1,
    arbitrary: fc.tuple(line, amount, day).map(([of, by, when]) => plan(of, Array<string>(12).fill(by), when)),
  },
  {
    weight: 4,
    arbitrary: fc.tuple(manyId('R'), line, amount).map(([requestId, of, by]) => requestPayment(of, by, { requestId })),
  },
  { weight: 2, arbitrary: manyId('R').map((no) => cancelRequest(no)) },
  { weight: 8, arbitrary: fc.tuple(manyId('V'), line, amount, day).map(([no, of, by, when]) => pay(no, of, by, when)) },
  {
    weight: 3,
    arbitrary: fc.tuple(manyId('V'), line, amount, late).map(([no, of, by, when]) => pay(no, of, by, when)),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(manyId('V'), line, amount, manyId('R'))
      .map(([no, of, by, requestId]) => pay(no, of, by, { requestId })),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(manyId('V'), line, amount, originYear, code)
      .map(([no, of, by, lot, departmentEconomic]) => pay(no, of, by, { originYear: lot, departmentEconomic })),
  },
  {
    weight: 4,
    arbitrary: fc
      .tuple(id('T'), manyId('V'), amount, fc.oneof(day, fc.constant(on('2025-02-01'))))
      .map((parts) => returnPayment(...parts)),
  },
  { weight: 3, arbitrary: fc.tuple(id('T'), day).map(([no, when]) => reverseReturn(no, when)) },
  { weight: 3, arbitrary: fc.tuple(manyId('V'), code, day).map(([no, to, when]) => reclassifyPayment(no, to, when)) },
  {
    weight: 4,
    arbitrary: fc
      .tuple(manyId('V'), line, line, amount, fc.oneof(day, late))
      .map(([no, from, to, by, when]) => reattribute(no, from, to, { amount: by, ...when })),
  },
  { weight: 3, arbitrary: fc.tuple(manyId('V'), fc.oneof(day, late)).map(([no, when]) => reversePayment(no, when)) },
  {
    weight: 2,
    arbitrary: fc.constantFrom<BudgetCommand>(
      seal('01-01'),
      seal('03-31', on('04-15')),
      reopen('01-01'),
      reopen('03-31', on('07-15')),
    ),
  },
  { weight: 4, arbitrary: fc.constant<BudgetCommand>(reopenYear()) },
  { weight: 1, arbitrary: fc.tuple(id('K'), line, amount).map(([no, of, by]) => takeBack(no, of, by)) },
  { weight: 1, arbitrary: id('K').map((no) => reverseTakeBack(no)) },
);

const unitCommand: fc.Arbitrary<DirectoryCommand> = fc.oneof(
  fc.record({
    type: fc.constant('RegisterUnit' as const),
    unit: fc.constantFrom('U1', 'U2'),
    name: fc.constantFrom('甲', '乙'),
    validFrom: fc.constant(civilDate('2024-01-01')),
  }),
  fc.record({
    type: fc.constant('RenameUnit' as const),
    unit: fc.constantFrom('U1', 'U2'),
    name: fc.constantFrom('丙', '丁'),
    validFrom: fc.constant(civilDate('2024-05-01')),
  }),
  fc.record({
    type: fc.constant('MoveUnit' as const),
    unit: fc.constantFrom('U1', 'U2'),
    parent: fc.constantFrom(null, 'U1'),
    validFrom: fc.constant(civilDate('2024-06-01')),
  }),
);

type Unit = 'U1' | 'U2';
type What =
  | { readonly unit: Unit; readonly command: BudgetCommand }
  /** What is open is settled first, so that the rules let the year close. */
  | { readonly unit: Unit; readonly closing: true }
  | { readonly directory: DirectoryCommand }
  | 'targets';

/** `pause`: what the log's clock moves by after the step, ms; 0 puts the next step at the same instant. */
interface Step {
  readonly what: What;
  readonly pause: number;
}

const unit = fc.constantFrom<Unit>('U1', 'U2');
const pause = fc.oneof(
  { weight: 6, arbitrary: fc.constant(1_000) },
  { weight: 3, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.constantFrom(1, -500, 86_400_000) },
);

const step: fc.Arbitrary<Step> = fc.record({
  pause,
  what: fc.oneof(
    { weight: 60, arbitrary: fc.record({ unit, command: budgetCommand }) },
    { weight: 1, arbitrary: fc.record({ unit, closing: fc.constant(true as const) }) },
    { weight: 4, arbitrary: fc.record({ directory: unitCommand }) },
    { weight: 2, arbitrary: fc.constant('targets' as const) },
  ),
});

/** Most histories begin with an approved table, so that what follows finds something to act on. */
const beginning = fc.constantFrom<readonly Step[]>(
  [],
  (['U1', 'U2'] as const).map((of) => booking(of, approved({ A: '100.00', B: '50.00', C: '20.00' }))),
  [booking('U1', approved({ A: '900.00', B: { amount: '500.00', halfYearPlanFen: yuan('40.00') } }))],
);

function booking(of: Unit, command: BudgetCommand): Step {
  return { what: { unit: of, command }, pause: 1_000 };
}

/** The log of as many steps as the rules accept of these. */
export const shortHistory: fc.Arbitrary<RecordedLog> = fc
  .tuple(beginning, fc.array(step, { minLength: 60, maxLength: 160, size: 'max' }))
  .map(([first, then]) => logOf([...first, ...then]));

/** A log of `events` events or just over, from a seed: a walk through the books of both units. */
export function longHistory(seed: number, events: number): RecordedLog {
  const log = new RecordedLog();
  const chance = chanceOf(seed);
  const books = new Books(log);
  for (let n = 1; log.events.length < events; n += 1) {
    if (n > TRIES * events)
      throw new Error(`seed ${seed}: the rules accept ${log.events.length} events of ${n} commands`);
    books.walk(chance, n);
  }
  return log;
}

/** Commands for each event, at most. */
const TRIES = 20;

/** Steps that the rules refuse leave nothing. */
function logOf(steps: readonly Step[]): RecordedLog {
  const log = new RecordedLog();
  const books = new Books(log);
  for (const entry of steps) books.take(entry);
  return log;
}

class Books {
  readonly #budget = budgetDecider('U1', 2024);
  readonly #states: Record<Unit, BudgetState> = { U1: this.#budget.initialState(), U2: this.#budget.initialState() };
  readonly #directory = directoryDecider.initialState();

  constructor(private readonly log: RecordedLog) {}

  take({ what, pause: ms }: Step): void {
    if (what === 'targets') this.#record(performanceStream('U1', 2024), [TARGETS, ...LINKED], ms);
    else if ('directory' in what) this.#register(what.directory, ms);
    else if ('closing' in what) this.#close(what.unit, ms);
    else this.#book(what.unit, what.command, ms);
  }

  /** Another step: mostly money of one unit, now and then the directory or the targets. */
  walk(chance: Chance, n: number): void {
    const ms = chance.pick([1_000, 1_000, 0, 0, 0, 1, -500, 86_400_000]);
    const what = chance.weighted({ U1: 70, U2: 25, directory: 3, targets: 2 });
    if (what === 'targets') this.#record(performanceStream('U1', 2024), [TARGETS, ...LINKED], ms);
    else if (what === 'directory') this.#register(chance.pick(UNIT_COMMANDS), ms);
    else this.#book(what, nextCommand(chance, this.#states[what], n), ms);
  }

  #book(of: Unit, command: BudgetCommand, ms: number): void {
    const decision = this.#budget.decide(command, this.#states[of]);
    if (!decision.accepted) return;
    for (const event of decision.events) this.#budget.evolve(this.#states[of], event);
    this.#record(budgetStream(of, 2024), decision.events, ms);
  }

  #close(of: Unit, ms: number): void {
    const { requests, freezes } = this.#states[of];
    const open = ([, { rest }]: readonly [string, { readonly rest: number }]): boolean => rest > 0;
    for (const [no] of [...requests].filter(open)) this.#book(of, cancelRequest(no, on('12-31')), 0);
    for (const [no] of [...freezes].filter(open)) this.#book(of, release(no, undefined, on('12-31')), 0);
    this.#book(of, closeYear(), ms);
  }

  #register(command: DirectoryCommand, ms: number): void {
    const decision = directoryDecider.decide(command, this.#directory);
    if (!decision.accepted) return;
    for (const event of decision.events) directoryDecider.evolve(this.#directory, event);
    this.#record('directory', decision.events, ms);
  }

  #record(stream: string, events: readonly DomainEvent[], ms: number): void {
    if (events.length === 0) return;
    const { now } = this.log;
    this.log.append(stream, events);
    this.log.now = now + ms;
  }
}

const register = (of: Unit, name: string): DirectoryCommand => ({
  type: 'RegisterUnit',
  unit: of,
  name,
  validFrom: civilDate('2024-01-01'),
});
const UNIT_COMMANDS: readonly [DirectoryCommand, ...DirectoryCommand[]] = [
  register('U1', '甲'),
  register('U2', '乙'),
  { type: 'RenameUnit', unit: 'U1', name: '丙', validFrom: civilDate('2024-05-01') },
  { type: 'MoveUnit', unit: 'U2', parent: 'U1', validFrom: civilDate('2024-06-01') },
];

const TARGETS: DomainEvent = {
  type: 'TargetsApproved',
  effectiveDate: civilDate('2024-01-01'),
  data: {
    indicators: [
      {
        indicator: 'I01',
        block: 1,
        level1: '过程',
        level2: '预算执行',
        level3: '预算"执行"率\\',
        kind: 'RATIO',
        comparator: '=',
        half: { text: '＝38%', value: '38' },
        annual: { text: '＝100%', value: '100' },
        decimals: 0,
        unit: '%',
        checkpointBasis: 'FULL_YEAR',
      },
    ],
  },
};

/** What a table says besides its targets: with lines that have histories of their own, and without. */
const LINKED: readonly DomainEvent[] = [
  {
    type: 'IndicatorLinked',
    effectiveDate: civilDate('2024-02-01'),
    data: { indicator: 'I01', lines: ['A', 'B'] },
  },
  {
    type: 'NarrativeStated',
    effectiveDate: civilDate('2024-02-01'),
    data: { narrative: { annualGoal: '完成\t收储\n"30"' } },
  },
];
