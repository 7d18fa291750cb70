import { describe, expect, it } from '@jest/globals';
import { isMoved, lineChanges, rateChanges } from '#domain/metrics/comparison.js';
import { picture, ratioTarget, yuan } from '#domain/metrics/picture.fixture.js';
import { ratesReport } from '#domain/metrics/report.js';

const books = (paid: string, more = '') =>
  picture(
    '2024-06-30',
    `P01 GP project original 100.00
     P01 GP project paid     ${paid}
     P02 GF project original 900.00
     ${more}`,
  );
const TARGETS = [ratioTarget('I09', 'execution-rate', '＝4%', '＝100%')];
const report = (paid: string) => ratesReport(books(paid), TARGETS);

describe('two pictures side by side', () => {
  it('differ on the lines that moved, in the amounts that moved, b − a', () =>
    expect(lineChanges(books('38.40'), books('40.00'))).toEqual([
      {
        ...{ line: 'P01', fund: 'general-public', expenditure: 'project' },
        changes: [
          { amount: 'paid', a: yuan('38.40'), b: yuan('40.00'), change: yuan('1.60') },
          { amount: 'available', a: yuan('61.60'), b: yuan('60.00'), change: -160 },
        ],
      },
    ]));

  it('are equal to themselves', () => {
    expect(lineChanges(books('38.40'), books('38.40'))).toEqual([]);
    expect(rateChanges(report('38.40'), report('38.40')).filter(isMoved)).toEqual([]);
  });

  it('count a line that only one of them has as zeros in the other, both ways', () => {
    const more = books('38.40', 'P03 GP basic original 5.00');
    const opened = { amount: 'original', a: 0, b: yuan('5.00'), change: yuan('5.00') };
    expect(lineChanges(books('38.40'), more)).toMatchObject([{ line: 'P03', expenditure: 'basic' }]);
    expect(lineChanges(books('38.40'), more)[0]?.changes[0]).toEqual(opened);
    expect(lineChanges(more, books('38.40'))[0]?.changes[0]).toEqual({
      ...opened,
      a: yuan('5.00'),
      b: 0,
      change: -500,
    });
  });

  it('show each rate at both, the difference in points, and the verdict that turned', () => {
    const [execution] = rateChanges(report('30.00'), report('40.00')).filter(isMoved);
    expect(execution).toMatchObject({
      a: { metric: 'execution-rate', percent: '3.00', verdict: 'missed' },
      b: { metric: 'execution-rate', percent: '4.00', verdict: 'met' },
      change: '1.00',
    });
  });

  it('have no difference in points where one has no figure', () => {
    const nothing = ratesReport(picture('2024-06-30', ''), TARGETS);
    const [execution] = rateChanges(nothing, report('40.00')).filter(isMoved);
    expect(execution).toMatchObject({ a: { status: 'NOT_APPLICABLE' }, b: { percent: '4.00' } });
    expect(execution).not.toHaveProperty('change');
  });
});
