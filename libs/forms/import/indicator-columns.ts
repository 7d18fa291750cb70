/** Columns of the indicator blocks, and which headings may stand between two rows. */
import type { FirstLevel, FormDefinition } from '#forms/performance-form.js';
import type { Columns } from './typesetting.js';
import type { Gap, HeadingColumn, Layout } from './pieces.js';

/** Which headings may stand in a gap: in a plain block a second level, in the block of duties that and a key work. */
export function columnsOf(layout: FirstLevel['layout'], blankLines: boolean, form: FormDefinition): Columns {
  const columns = form.layouts[layout].filter(({ key }) => key === 'level2' || key === 'keyWork' || key === 'level3');
  const usual = new Set(
    form.firstLevels.filter((level) => level.layout === layout).flatMap(({ usualSecondLevels }) => usualSecondLevels),
  );
  const heading = (index: number, width: number): HeadingColumn => ({
    key: columns[index]?.key === 'keyWork' ? 'keyWork' : 'level2',
    width,
    usual: index === 0 ? usual : NONE,
  });
  return {
    widths: columns.map(({ width }) => width),
    layout: (widths: readonly number[]): Layout => {
      const headings = widths.slice(0, -1).map((width, index) => heading(index, width));
      return {
        ways: layout === 'plain' ? plainWays(headings) : dutyWays(headings),
        nameWidth: widths.at(-1) ?? 1,
        blankLines,
      };
    },
  };
}

const NONE: ReadonlySet<string> = new Set();

/** Any number of second levels, all but the last without an indicator; at least one after a first level. */
function plainWays([level2]: readonly HeadingColumn[]): Layout['ways'] {
  if (level2 === undefined) throw new Error('a plain block has a second level');
  const columns = [[], [level2], [level2, level2], [level2, level2, level2]];
  return ({ opensLevel1 }: Gap) =>
    columns.map((headings) => ({ columns: headings, weight: headings.length === 0 && opensLevel1 ? 20 : 0 }));
}

/** A key work, or a second level with its key work; both after a first level. */
function dutyWays([level2, keyWork]: readonly HeadingColumn[]): Layout['ways'] {
  if (level2 === undefined || keyWork === undefined) throw new Error('a block of duties has key works');
  return ({ opensLevel1 }: Gap) => [
    { columns: [], weight: opensLevel1 ? 30 : 0 },
    { columns: [keyWork], weight: opensLevel1 ? 20 : 0 },
    { columns: [level2, keyWork], weight: 0 },
  ];
}
