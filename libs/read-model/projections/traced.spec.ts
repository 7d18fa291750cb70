import { describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { civilDate } from '#domain/calendar.js';
import type { Envelope, Position } from '#domain/envelope.js';
import { logProjected } from '#read-model/projections/traced.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';

const event = (revision: number, traceparent?: string): Envelope => ({
  id: String(revision),
  stream: 'budget-U1-2024',
  revision,
  position: String(100 + revision) as Position,
  type: 'BudgetLineOpened',
  version: 1,
  effectiveDate: civilDate('2024-01-01'),
  recordedAt: 1,
  data: {},
  meta: {
    commandId: 'c',
    actor: { id: 'clerk' },
    ...(traceparent === undefined ? {} : { traceparent, correlationId: 'c-1' }),
  },
});

function logged(level: string, events: readonly Envelope[]): Record<string, unknown>[] {
  const lines: Record<string, unknown>[] = [];
  const logger = pino({ level, base: null }, { write: (line) => void lines.push(JSON.parse(line) as never) });
  logProjected(logger, events, { partition: 'p3' });
  return lines;
}

describe('what is in the read models', () => {
  it('is told once for each command, in its trace, as a hop of its own', () => {
    const lines = logged('debug', [event(0, `00-${TRACE}-${SPAN}-01`), event(1), event(2, 'no traceparent')]);
    expect(lines).toEqual([
      expect.objectContaining({
        msg: 'in the read models',
        partition: 'p3',
        traceId: TRACE,
        parentId: SPAN,
        correlationId: 'c-1',
        stream: 'budget-U1-2024',
        revision: 0,
        position: '100',
      }),
    ]);
    expect(lines[0]!['spanId']).toMatch(/^(?!b7ad6b7169203331)[0-9a-f]{16}$/);
  });

  it('is not told at other levels', () => {
    expect(logged('info', [event(0, `00-${TRACE}-${SPAN}-01`)])).toEqual([]);
  });
});
