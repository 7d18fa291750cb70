/** For specs: a log in memory that takes the events of commands, and all rows of the read models as one value. */
import type { DataSource } from 'typeorm';
import type { BudgetCommand } from '#domain/budget/commands.js';
import { budgetDecider, budgetStream } from '#domain/budget/decide.js';
import type { BudgetState } from '#domain/budget/state.js';
import type { Actor, DomainEvent, Envelope, Position } from '#domain/envelope.js';
import type { LogReader } from '#read-model/projections/log-reader.js';
import { allTables, readTables } from '#read-model/projections/read-tables.js';

export class RecordedLog implements LogReader {
  readonly events: Envelope[] = [];
  readonly #states = new Map<string, BudgetState>();
  /** Stamp of the next event, UTC milliseconds. */
  now = Date.UTC(2024, 0, 1);
  actor: Actor = { id: 'clerk', name: '张会计' };

  /** Books a command that must be accepted; returns its events as recorded. */
  book(unit: string, year: number, ...commands: readonly BudgetCommand[]): readonly Envelope[] {
    const decider = budgetDecider(unit, year);
    const stream = budgetStream(unit, year);
    const state = this.#states.get(stream) ?? decider.initialState();
    this.#states.set(stream, state);
    return commands.flatMap((command) => {
      const decision = decider.decide(command, state);
      if (!decision.accepted) throw new Error(`refused: ${JSON.stringify(decision.rejection)}`);
      for (const event of decision.events) decider.evolve(state, event);
      return this.append(stream, decision.events);
    });
  }

  append(stream: string, events: readonly DomainEvent[]): readonly Envelope[] {
    const recorded = events.map((event, index) => this.#recorded(stream, event, index));
    this.now += 1_000;
    return recorded;
  }

  #recorded(stream: string, event: DomainEvent, index: number): Envelope {
    const nth = this.events.length + 1;
    const id = `00000000-0000-5000-8000-${nth.toString(16).padStart(12, '0')}`;
    const commandId = `command-${nth - index}`;
    const { actor } = this;
    const meta = { commandId, actor, requestHash: '', causationId: commandId, correlationId: commandId };
    const revision = this.events.filter((earlier) => earlier.stream === stream).length;
    const position = String(nth) as Position;
    const envelope = { ...event, id, version: 1, meta, stream, revision, position, recordedAt: this.now };
    this.events.push(envelope);
    return envelope;
  }

  readAll(after: Position | 'start', limit: number): Promise<readonly Envelope[]> {
    const from = Number(this.order(after));
    return Promise.resolve(this.events.slice(from, from + limit));
  }

  async *read(stream: string, { from = 0, limit = Infinity } = {}): AsyncGenerator<Envelope> {
    const own = this.events.filter((event) => event.stream === stream && event.revision >= from);
    for (const event of own.slice(0, limit)) yield await Promise.resolve(event);
  }

  settled(): Promise<Position | 'start'> {
    return Promise.resolve(this.events.at(-1)?.position ?? 'start');
  }

  order(position: Position | 'start'): bigint {
    return position === 'start' ? 0n : BigInt(position);
  }
}

/** Every row of every table, in the order of its text. */
export async function allRows(dataSource: DataSource): Promise<Record<string, readonly string[]>> {
  const rows: Record<string, readonly string[]> = {};
  for (const { name } of allTables(readTables(dataSource))) {
    const found: { row: string }[] = await dataSource.query(
      `SELECT to_jsonb(t)::text AS row FROM ${name} AS t ORDER BY to_jsonb(t)::text COLLATE "C"`,
    );
    rows[name] = found.map(({ row }) => row);
  }
  return rows;
}
