/** One run of the command line: arguments in, exit code out. */
import { Command, CommanderError } from 'commander';
import { ConfigError } from '#platform/config.js';
import { adjustVerbs } from './adjust.js';
import { catalogueVerbs } from './catalogue.js';
import { checkVerbs } from './checks.js';
import type { Cli } from './cli.js';
import { Client } from './client.js';
import { closeVerb } from './close.js';
import { compareVerb } from './compare.js';
import { exportVerb } from './export.js';
import { BadInput, exitCodeOf, type Fault, OutputClosed, Refused, Unreachable } from './faults.js';
import { formsVerbs } from './forms.js';
import { feedVerb, openKafka, type OpenMessaging } from './feed.js';
import { importVerb } from './import.js';
import { maintainVerbs } from './maintain.js';
import { monitoringVerbs } from './monitoring.js';
import { processesVerb } from './processes.js';
import { parkedVerb } from './parked.js';
import { rebuildVerb } from './rebuild.js';
import { recordVerbs } from './record.js';
import { factsOf } from './render-writes.js';
import { reportVerbs } from './report.js';
import { factVerbs, resultVerbs } from './results.js';
import { sealVerbs } from './seals.js';
import { selfEvaluationVerbs } from './self-evaluation.js';
import { printable } from './table.js';
import type { Terminal } from './terminal.js';
import { trayVerb } from './tray.js';
import { yearVerbs } from './year.js';
import { yearsVerbs } from './years.js';

const EXIT_CODES = `
Exit codes: 0 done; 1 refused by a rule, or verify found a difference; 2 bad input; 3 the system cannot be reached.
It speaks to the system at BUDGET_URL (default: the port of \`npm start\` on this machine).`;

/**
 * Carries out one command line (without the names of program and script). Exit codes: 0 done, 1 refused by a rule or a
 * difference found, 2 bad input, 3 system unreachable. `address` is asked once a verb needs the system; what it throws as
 * `ConfigError` is bad input. Anything unforeseen is thrown.
 */
export async function run(
  argv: readonly string[],
  terminal: Terminal,
  address: () => string,
  messaging: OpenMessaging = openKafka,
): Promise<number> {
  let client: Client | undefined;
  const cli: Cli = { terminal, client: () => (client ??= new Client(address())), messaging, exitCode: 0 };
  const written: Promise<void>[] = [];
  try {
    await programOf(cli, (text) => written.push(terminal.out(text))).parseAsync([...argv], { from: 'user' });
    await Promise.all(written);
    return cli.exitCode;
  } catch (error) {
    // Help is written here, and its reader may have gone.
    const reason: unknown = await Promise.all(written).then(
      () => error,
      (unwritten: unknown) => unwritten,
    );
    terminal.progress('');
    return told(terminal, reason);
  }
}

/** Commander hands its settings down to commands made after them. */
function programOf(cli: Cli, out: (text: string) => void): Command {
  const program = new Command('budget')
    .description('Record and read the budget of a unit: every rate against its targets, at any date.')
    .exitOverride()
    // Of verbs that have verbs below them: what stands behind those is theirs.
    .enablePositionalOptions()
    .configureOutput({ writeOut: out, writeErr: (text) => cli.terminal.err(text) })
    .showHelpAfterError('(--help after the verb lists its options)')
    .addHelpText('after', EXIT_CODES);
  importVerb(program, cli);
  formsVerbs(program, cli);
  yearVerbs(program, cli);
  closeVerb(program, cli);
  processesVerb(program, cli);
  recordVerbs(program, cli);
  adjustVerbs(program, cli);
  feedVerb(program, cli);
  trayVerb(program, cli);
  reportVerbs(program, cli);
  resultVerbs(program, cli);
  factVerbs(program, cli);
  monitoringVerbs(program, cli);
  selfEvaluationVerbs(program, cli);
  checkVerbs(program, cli);
  yearsVerbs(program, cli);
  compareVerb(program, cli);
  sealVerbs(program, cli);
  catalogueVerbs(program, cli);
  exportVerb(program, cli);
  maintainVerbs(program, cli);
  rebuildVerb(program, cli);
  parkedVerb(program, cli);
  return program;
}

/** Says what is wrong, where, and what to do; the exit code. Throws on what nobody foresaw. */
function told(terminal: Terminal, error: unknown): number {
  if (error instanceof OutputClosed) return 0;
  // Commander has told its own; asking for help is no mistake.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof BadInput) {
    tell(
      terminal,
      error.faults.length > 1 ? `${error.faults.length} things are not as they must be:` : '',
      error.faults,
    );
    return 2;
  }
  if (error instanceof ConfigError) {
    terminal.err(`${error.message}\n`);
    return 2;
  }
  if (error instanceof Refused) {
    const { detail, title, code, correlationId } = error.problem;
    const [first, second] = error.faults;
    const lone = first !== undefined && second === undefined;
    const words = `${detail ?? title}${lone && first.code === code ? '' : ` [${code}]`}`;
    tell(terminal, lone && first.message === detail ? '' : words, error.faults);
    if (correlationId !== undefined) terminal.err(`  correlation id ${printable(correlationId)}\n`);
    return exitCodeOf(error);
  }
  if (error instanceof Unreachable) {
    terminal.err(`${printable(error.message)}\n`);
    return 3;
  }
  throw error;
}

function tell(terminal: Terminal, head: string, faults: readonly Fault[]): void {
  const indent = head === '' ? '' : '  ';
  const lines = faults.flatMap(({ place, message, code, facts = {} }) => [
    `${indent}${place === undefined ? '' : `${printable(place)}: `}${message.split('\n').map(printable).join('\n')}${code === undefined ? '' : ` [${code}]`}`,
    ...Object.entries(facts).map(([name, fact]) => `${indent}  ${name}: ${printable(factWords(fact))}`),
  ]);
  terminal.err(`${[...(head === '' ? [] : [printable(head)]), ...lines].join('\n')}\n`);
}

/** An entry that is booked already, as the date and the members of it; a list one after another; anything else as JSON. */
function factWords(fact: unknown): string {
  if (Array.isArray(fact)) return fact.map((item) => (isPlain(item) ? factsOf(item) : JSON.stringify(item))).join('; ');
  const { effectiveDate, data } = fact as { readonly effectiveDate?: unknown; readonly data?: unknown };
  if (typeof effectiveDate !== 'string' || typeof data !== 'object' || data === null) return JSON.stringify(fact);
  return `${effectiveDate}, ${factsOf(data as Readonly<Record<string, unknown>>)}`;
}

const isPlain = (item: unknown): item is Readonly<Record<string, unknown>> =>
  typeof item === 'object' && item !== null && !Array.isArray(item);
