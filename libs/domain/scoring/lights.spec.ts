import { describe, expect, it } from '@jest/globals';
import { DEFAULT_THRESHOLDS, LIGHTS, LIGHT_STATES, checkThresholds, overallLight } from '#domain/scoring/lights.js';

describe('the states', () => {
  it('are told apart without colour: by word, shape and sign', () => {
    for (const part of ['shape', 'sign'] as const) {
      expect(new Set(LIGHT_STATES.map((state) => LIGHTS[state][part])).size).toBe(5);
    }
    for (const language of ['zh', 'en'] as const) {
      expect(new Set(LIGHT_STATES.map((state) => LIGHTS[state].word[language])).size).toBe(5);
    }
  });

  it.each([
    [['green', 'blue', 'yellow', 'red'], 'red'],
    [['green', 'blue', 'yellow'], 'yellow'],
    [['blue', 'green', 'not-assessed'], 'green'],
    [['blue', 'blue'], 'blue'],
    [['not-assessed'], 'not-assessed'],
    [[], 'not-assessed'],
  ] as const)('%j are %s together', (lights, state) => expect(overallLight(lights).state).toBe(state));

  it('are counted, and nothing assessed has its reason', () => {
    expect(overallLight(['green', 'green', 'not-assessed', 'red']).counts).toEqual({
      red: 1,
      yellow: 0,
      green: 2,
      blue: 0,
      'not-assessed': 1,
    });
    expect(overallLight(['not-assessed'])).toMatchObject({ reason: 'NOTHING_ASSESSED' });
    expect(overallLight(['green'])).not.toHaveProperty('reason');
  });
});

describe('thresholds', () => {
  const { work, money } = DEFAULT_THRESHOLDS;

  it('are plain data: what is stored comes back', () => {
    expect(JSON.parse(JSON.stringify(DEFAULT_THRESHOLDS))).toEqual(DEFAULT_THRESHOLDS);
    expect(checkThresholds(DEFAULT_THRESHOLDS)).toEqual([]);
  });

  it.each([
    ['a version of 0', { version: 0 }, 'version THRESHOLD_VERSION'],
    ['half a version', { version: 1.5 }, 'version THRESHOLD_VERSION'],
    ['a percent sign', { work: { ...work, redBelow: '60%' } }, 'work/redBelow THRESHOLD_NOT_DECIMAL'],
    ['an exponent', { workMoneyGap: '2e1' }, 'workMoneyGap THRESHOLD_NOT_DECIMAL'],
    ['a sign', { workMoneyGap: '-20' }, 'workMoneyGap THRESHOLD_NOT_DECIMAL'],
    [
      'green that asks for more than the plan',
      { money: { ...money, yellowBelow: '100.5' } },
      'money/yellowBelow THRESHOLD_OUT_OF_RANGE',
    ],
    ['blue within the plan', { work: { ...work, blueFrom: '99.99' } }, 'work/blueFrom THRESHOLD_OUT_OF_RANGE'],
    [
      'yellow under red',
      { money: { redBelow: '80', yellowBelow: '60' } },
      'money/yellowBelow THRESHOLDS_NOT_ASCENDING',
    ],
    ['a gap of more than everything', { workMoneyGap: '101' }, 'workMoneyGap THRESHOLD_OUT_OF_RANGE'],
  ])('refuse %s', (_, change, expected) =>
    expect(
      checkThresholds({ ...DEFAULT_THRESHOLDS, ...change }).map(({ at, code }) => `${at.slice(1)} ${code}`),
    ).toEqual([expected]),
  );

  it('tell all faults at once', () =>
    expect(
      checkThresholds({ version: -1, work: { redBelow: '', yellowBelow: 'x' }, money, workMoneyGap: '20.00001' })
        .length,
    ).toBe(4));

  it('may leave no yellow at all, and have decimals', () =>
    expect(checkThresholds({ ...DEFAULT_THRESHOLDS, work: { redBelow: '72.5', yellowBelow: '72.5' } })).toEqual([]));
});
