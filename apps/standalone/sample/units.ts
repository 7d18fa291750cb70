/** Units of the sample besides the land reserve centre: invented ones, of which one is renamed and moved below the other. */
import { civilDate } from '#domain/calendar.js';
import { inDirectory, type Entry } from './bookkeeper.js';

export const INVENTED = 'U0002';
const PARENT = 'U0000';

export function inventedUnits(): Entry[] {
  const from2023 = civilDate('2023-01-01');
  const from2024 = civilDate('2024-01-01');
  return [
    inDirectory('2023-01-03T09:02:10.115', {
      type: 'RegisterUnit',
      unit: PARENT,
      name: '示例主管部门（虚构）',
      validFrom: from2023,
    }),
    inDirectory('2023-01-03T09:04:25.730', {
      type: 'RegisterUnit',
      unit: INVENTED,
      name: '示例单位筹备处（虚构）',
      validFrom: from2023,
    }),
    inDirectory('2024-01-02T08:50:03.271', {
      type: 'RenameUnit',
      unit: INVENTED,
      name: '示例单位（虚构）',
      validFrom: from2024,
    }),
    inDirectory('2024-01-02T08:51:36.904', {
      type: 'MoveUnit',
      unit: INVENTED,
      parent: PARENT,
      validFrom: from2024,
    }),
  ];
}
