import { describe, expect, it } from '@jest/globals';
import { civilDate } from '#domain/calendar.js';
import type { DirectoryEvent } from '#domain/directory/events.js';
import { directorySentence } from '#domain/directory/labels.js';

const validFrom = civilDate('2024-01-01');
const TOLD: readonly (readonly [Pick<DirectoryEvent, 'type' | 'data'>, string, string])[] = [
  [
    { type: 'UnitRegistered', data: { unit: 'U0002', name: '土地储备中心', parent: 'U0001', validFrom } },
    '2024-01-01 登记单位 U0002 土地储备中心，上级单位 U0001。',
    '2024-01-01 Unit U0002 土地储备中心 registered below U0001.',
  ],
  [
    { type: 'UnitRenamed', data: { unit: 'U0002', name: '储备中心', validFrom } },
    '2024-01-01 单位 U0002 更名为 储备中心。',
    '2024-01-01 Unit U0002 renamed to 储备中心.',
  ],
  [
    { type: 'UnitMoved', data: { unit: 'U0002', parent: 'U0003', validFrom } },
    '2024-01-01 单位 U0002 划归 U0003。',
    '2024-01-01 Unit U0002 moved below U0003.',
  ],
  [
    { type: 'UnitMoved', data: { unit: 'U0002', parent: null, validFrom } },
    '2024-01-01 单位 U0002 不再有上级单位。',
    '2024-01-01 Unit U0002 moved to the top.',
  ],
];

describe('events of the directory as sentences', () => {
  it.each(TOLD.map(([event, zh, en]) => [event.type, event, zh, en] as const))('%s', (_type, event, zh, en) => {
    const dated = { ...event, effectiveDate: validFrom } as DirectoryEvent;
    expect(directorySentence(dated, { language: 'zh' })).toBe(zh);
    expect(directorySentence(dated, { language: 'en' })).toBe(en);
  });
});
