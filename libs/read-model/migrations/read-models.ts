/**
 * Creates every read model in the current schema, so that the same steps fill `read` and the schema of a rebuild. Text that
 * keys or orders rows is compared by code point (`COLLATE "C"`): the order of a page must not depend on the server's locale.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ReadModels1795564800000 implements MigrationInterface {
  readonly name = 'ReadModels1795564800000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...MONEY, ...LINES, ...PAPERS, ...STORY, ...PROGRESS]) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE ${TABLES.join(', ')}`);
  }
}

/**
 * Versions of the events whose data `performance_entry` holds. A higher version is a new layout: the migration gets a later
 * time in its name, so that rows of the older shape are not taken for new ones but filled anew from the log.
 */
export const KEPT_SHAPES = {
  TargetsApproved: 2,
  TargetRevised: 1,
  IndicatorAdded: 1,
  IndicatorWithdrawn: 1,
  NarrativeStated: 1,
  IndicatorLinked: 1,
  IndicatorResultRecorded: 1,
  ResultCorrected: 1,
  ResultWithdrawn: 1,
  BaseFactRecorded: 1,
  BaseFactCorrected: 1,
  BaseFactWithdrawn: 1,
  ThresholdsSet: 1,
  ScoringProfileChosen: 1,
  DeviationExplained: 1,
  MonitoringSubmitted: 1,
  MonitoringWithdrawn: 1,
  RectificationOpened: 1,
  RectificationClosed: 1,
  IndicatorAssessed: 1,
  SelfEvaluationSubmitted: 1,
  SelfEvaluationWithdrawn: 1,
} as const;

const UNIT_YEAR = `unit text COLLATE "C" NOT NULL, year smallint NOT NULL`;

/** Rows of the small tables that every batch changes are rewritten in their own page when it has room. */
const CHANGED_OFTEN = 'WITH (fillfactor = 50)';

const MONEY = [
  `CREATE TABLE account (
    ${UNIT_YEAR},
    account integer NOT NULL,
    line text COLLATE "C" NOT NULL,
    expenditure text NOT NULL,
    fund text NOT NULL,
    kind text NOT NULL,
    economic text COLLATE "C" NOT NULL,
    facet smallint,
    origin_year integer,
    PRIMARY KEY (unit, year, account)
  )`,
  // The key carries what a past known-at sums, so that its rows are counted without visiting the table.
  `CREATE TABLE journal (
    ${UNIT_YEAR},
    position bigint NOT NULL,
    seq smallint NOT NULL,
    revision integer NOT NULL,
    event_id uuid NOT NULL,
    account integer NOT NULL,
    effective_date date NOT NULL,
    belongs_to date,
    fen bigint NOT NULL,
    counter_line text COLLATE "C",
    ref text COLLATE "C",
    payee text,
    document text,
    actor text NOT NULL,
    actor_name text,
    recorded_at bigint NOT NULL,
    PRIMARY KEY (unit, year, position, seq) INCLUDE (account, effective_date, fen)
  )`,
  `CREATE INDEX journal_by_account ON journal (unit, year, account, effective_date, position, seq)`,
  `CREATE INDEX journal_by_ref ON journal (unit, year, ref)`,
  `CREATE TABLE day_balance (
    ${UNIT_YEAR},
    account integer NOT NULL,
    effective_date date NOT NULL,
    fen bigint NOT NULL,
    PRIMARY KEY (unit, year, account, effective_date)
  ) ${CHANGED_OFTEN}`,
];

const LINES = [
  `CREATE TABLE budget_line (
    ${UNIT_YEAR},
    line text COLLATE "C" NOT NULL,
    name text NOT NULL,
    expenditure text NOT NULL,
    fund text NOT NULL,
    codes jsonb NOT NULL,
    opened boolean NOT NULL,
    live boolean NOT NULL,
    original_fen bigint NOT NULL DEFAULT 0,
    carry_over_in_fen bigint NOT NULL DEFAULT 0,
    added_fen bigint NOT NULL DEFAULT 0,
    cut_fen bigint NOT NULL DEFAULT 0,
    transferred_in_fen bigint NOT NULL DEFAULT 0,
    transferred_out_fen bigint NOT NULL DEFAULT 0,
    frozen_fen bigint NOT NULL DEFAULT 0,
    requested_fen bigint NOT NULL DEFAULT 0,
    paid_fen bigint NOT NULL DEFAULT 0,
    taken_back_fen bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (unit, year, line)
  ) ${CHANGED_OFTEN}`,
  `CREATE TABLE line_definition (
    ${UNIT_YEAR},
    line text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    effective_date date NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    expenditure text NOT NULL,
    fund text NOT NULL,
    codes jsonb NOT NULL,
    PRIMARY KEY (unit, year, line, position)
  )`,
  `CREATE TABLE plan (
    ${UNIT_YEAR},
    line text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    effective_date date NOT NULL,
    kind text NOT NULL,
    half_year_plan_fen bigint,
    cumulative_fen jsonb,
    PRIMARY KEY (unit, year, line, position)
  )`,
];

const PAPERS = [
  `CREATE TABLE payment (
    ${UNIT_YEAR},
    voucher_no text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    revision integer NOT NULL,
    effective_date date NOT NULL,
    line text COLLATE "C" NOT NULL,
    economic text COLLATE "C" NOT NULL,
    fen bigint NOT NULL,
    rest_fen bigint NOT NULL,
    payee_name text NOT NULL,
    payee_ref text,
    payee_kind text NOT NULL,
    purpose text NOT NULL,
    request_id text COLLATE "C",
    own_code text COLLATE "C",
    origin_year integer,
    overdrawn boolean NOT NULL,
    before_approval boolean NOT NULL,
    reversed boolean NOT NULL,
    shares jsonb,
    PRIMARY KEY (unit, year, voucher_no, position)
  )`,
  `CREATE TABLE payment_return (
    ${UNIT_YEAR},
    return_no text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    revision integer NOT NULL,
    effective_date date NOT NULL,
    voucher_no text COLLATE "C" NOT NULL,
    fen bigint NOT NULL,
    kind text NOT NULL,
    taken jsonb NOT NULL,
    same_year boolean NOT NULL,
    reversed boolean NOT NULL,
    PRIMARY KEY (unit, year, return_no, position)
  )`,
  `CREATE TABLE payment_request (
    ${UNIT_YEAR},
    request_id text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    revision integer NOT NULL,
    effective_date date NOT NULL,
    line text COLLATE "C" NOT NULL,
    fen bigint NOT NULL,
    rest_fen bigint NOT NULL,
    payee_name text NOT NULL,
    payee_ref text,
    payee_kind text NOT NULL,
    purpose text NOT NULL,
    contract text,
    PRIMARY KEY (unit, year, request_id, position)
  )`,
  `CREATE TABLE budget_freeze (
    ${UNIT_YEAR},
    freeze_id text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    revision integer NOT NULL,
    effective_date date NOT NULL,
    line text COLLATE "C" NOT NULL,
    fen bigint NOT NULL,
    rest_fen bigint NOT NULL,
    reason text,
    PRIMARY KEY (unit, year, freeze_id, position)
  )`,
  `CREATE TABLE adjustment (
    ${UNIT_YEAR},
    adjustment_id text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    last_position bigint NOT NULL,
    revision integer NOT NULL,
    effective_date date NOT NULL,
    reason_code text NOT NULL,
    document text,
    reversed boolean NOT NULL,
    PRIMARY KEY (unit, year, adjustment_id, position)
  )`,
  `CREATE TABLE carry_over (
    ${UNIT_YEAR},
    carry_over_id text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    revision integer NOT NULL,
    effective_date date NOT NULL,
    line text COLLATE "C" NOT NULL,
    origin_year integer NOT NULL,
    origin_line text COLLATE "C" NOT NULL,
    economic text COLLATE "C" NOT NULL,
    fen bigint NOT NULL,
    source jsonb,
    PRIMARY KEY (unit, year, carry_over_id, position)
  )`,
  `CREATE TABLE take_back (
    ${UNIT_YEAR},
    take_back_id text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    revision integer NOT NULL,
    effective_date date NOT NULL,
    line text COLLATE "C" NOT NULL,
    origin_year integer NOT NULL,
    fen bigint NOT NULL,
    document text,
    reversed boolean NOT NULL,
    PRIMARY KEY (unit, year, take_back_id, position)
  )`,
];

const STORY = [
  `CREATE TABLE milestone (
    ${UNIT_YEAR},
    position bigint NOT NULL,
    revision integer NOT NULL,
    effective_date date NOT NULL,
    kind text NOT NULL,
    detail jsonb NOT NULL,
    PRIMARY KEY (unit, year, position)
  )`,
  `CREATE TABLE mention (
    ${UNIT_YEAR},
    position bigint NOT NULL,
    line text COLLATE "C" NOT NULL,
    stream text COLLATE "C" NOT NULL,
    revision integer NOT NULL,
    effective_date date NOT NULL,
    PRIMARY KEY (unit, year, position, line)
  )`,
  `CREATE TABLE performance_entry (
    ${UNIT_YEAR},
    position bigint NOT NULL,
    revision integer NOT NULL,
    event_id uuid NOT NULL,
    effective_date date NOT NULL,
    belongs_to date,
    type text NOT NULL,
    data jsonb NOT NULL,
    actor text NOT NULL,
    actor_name text,
    recorded_at bigint NOT NULL,
    PRIMARY KEY (unit, year, position)
  )`,
  `CREATE TABLE unit_change (
    unit text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    valid_from date NOT NULL,
    name text,
    placed boolean NOT NULL,
    parent text COLLATE "C",
    PRIMARY KEY (unit, position)
  )`,
];

const PROGRESS = [
  `CREATE TABLE log_clock (
    recorded_at bigint NOT NULL,
    first_position bigint NOT NULL,
    position bigint NOT NULL,
    opaque text NOT NULL,
    PRIMARY KEY (recorded_at)
  )`,
  `CREATE INDEX log_clock_by_first_position ON log_clock (first_position)`,
  `CREATE TABLE projection_position (
    partition text NOT NULL,
    position bigint NOT NULL,
    opaque text NOT NULL,
    recorded_at bigint NOT NULL,
    PRIMARY KEY (partition)
  ) ${CHANGED_OFTEN}`,
  `CREATE TABLE stream_position (
    stream text COLLATE "C" NOT NULL,
    revision integer NOT NULL,
    first_position bigint NOT NULL,
    position bigint NOT NULL,
    PRIMARY KEY (stream)
  ) ${CHANGED_OFTEN}`,
  `CREATE TABLE parked (
    stream text COLLATE "C" NOT NULL,
    revision integer NOT NULL,
    position bigint NOT NULL,
    event_id uuid NOT NULL,
    type text NOT NULL,
    error text NOT NULL,
    held_revision integer NOT NULL,
    PRIMARY KEY (stream)
  )`,
];

const TABLES = [...MONEY, ...LINES, ...PAPERS, ...STORY, ...PROGRESS].flatMap(
  (statement) => /^CREATE TABLE (\w+)/.exec(statement)?.[1] ?? [],
);
