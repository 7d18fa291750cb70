/** Closes a year knowing the years around it: what the lines named for its money are, and what the close would be. */
import type { BudgetCommand, NextYearLine } from '#domain/budget/commands.js';
import { closingPreview } from '#domain/budget/closing-preview.js';
import { budgetDecider, budgetStream } from '#domain/budget/decide.js';
import { copyOf, liveLine, type BudgetState } from '#domain/budget/state.js';
import { presentMoney } from '#domain/present.js';
import type { Handler } from '#event-store/handler.js';
import { Problem } from '#platform/problem.js';
import { warningWords } from './closing-words.js';
import type { Recording } from './recording.js';
import type { UnitYear } from './unit-year.js';
import type { WriteRequest } from './write-request.js';

type CloseYear = Extract<BudgetCommand, { type: 'CloseYear' }>;

export class Closing {
  constructor(
    private readonly recording: Recording,
    private readonly handler: Handler,
  ) {}

  /** On trial the answer holds a preview, and so does the problem that says what blocks the close. */
  async close({ unit, year }: UnitYear, command: CloseYear, request: WriteRequest) {
    await this.recording.requireUnit(unit);
    const named = (command.lots ?? []).map(({ toLine }) => toLine);
    const nextYear = named.length === 0 ? [] : await this.linesOf(unit, year + 1, named);
    const asked: CloseYear = nextYear.length === 0 ? command : { ...command, nextYear };
    if (!request.dryRun) return this.recording.budget(unit, year, asked, request);
    const preview = await this.preview({ unit, year }, asked);
    try {
      return { ...(await this.recording.budget(unit, year, asked, request)), preview };
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      const { status, code, facts, headers } = error;
      throw new Problem(status, code, { ...facts, preview }, headers);
    }
  }

  /** Those of the named lines that the year has. */
  private async linesOf(unit: string, year: number, named: readonly string[]): Promise<NextYearLine[]> {
    const { state } = await this.handler.load(budgetStream(unit, year), budgetDecider(unit, year));
    return [...new Set(named)].flatMap((line) => {
      const there = liveLine(state, line);
      return there === undefined ? [] : [{ line, fund: there.fund, expenditure: there.expenditure }];
    });
  }

  private async preview({ unit, year }: UnitYear, command: CloseYear): Promise<object> {
    const next = await this.copy(unit, year + 1);
    const prior = await this.copy(unit, year - 1);
    // The state is the handler's: it is looked at before anything else is waited for.
    const { state } = await this.handler.load(budgetStream(unit, year), budgetDecider(unit, year));
    const around = { prior: prior.known ? prior.state : undefined, next: next.state };
    const { warnings, ...preview } = closingPreview(state, command, around);
    return {
      ...(presentMoney(preview) as object),
      warnings: warnings.map((warning) => ({ ...(presentMoney(warning) as object), message: warningWords(warning) })),
    };
  }

  /** `known`: the year is in the ledger. */
  private async copy(unit: string, year: number): Promise<{ readonly state: BudgetState; readonly known: boolean }> {
    const { state, revision } = await this.handler.load(budgetStream(unit, year), budgetDecider(unit, year));
    return { state: copyOf(state), known: revision >= 0 };
  }
}
