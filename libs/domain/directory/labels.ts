/** Events of the directory as sentences; `#domain/sentence.js` adds date, reason and recorder. */
import type { DirectoryEvent } from '#domain/directory/events.js';
import { type Labels, type TellingOptions, type Told, sentenceOf } from '#domain/sentence.js';

/** The event in one sentence. Throws on an event that has no label. */
export const directorySentence = (event: Told<DirectoryEvent>, options: TellingOptions): string =>
  sentenceOf(DIRECTORY_LABELS, event, options);

const DIRECTORY_LABELS = {
  UnitRegistered: {
    zh: (d) => `登记单位 ${d.unit} ${d.name}${d.parent ? `，上级单位 ${d.parent}` : ''}`,
    en: (d) => `Unit ${d.unit} ${d.name} registered${d.parent ? ` below ${d.parent}` : ''}`,
  },
  UnitRenamed: {
    zh: (d) => `单位 ${d.unit} 更名为 ${d.name}`,
    en: (d) => `Unit ${d.unit} renamed to ${d.name}`,
  },
  UnitMoved: {
    zh: (d) => (d.parent === null ? `单位 ${d.unit} 不再有上级单位` : `单位 ${d.unit} 划归 ${d.parent}`),
    en: (d) => (d.parent === null ? `Unit ${d.unit} moved to the top` : `Unit ${d.unit} moved below ${d.parent}`),
  },
} as const satisfies Labels<DirectoryEvent>;
