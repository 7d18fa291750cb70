/**
 * Events told as sentences for people, in Chinese and English: what happened, when, how much, on which paper, and who
 * recorded it. Each folder of events has its `labels.ts` with the part that is its own; dates, document, reason, lateness
 * and the recorder are added here, alike for all.
 */
import { type CivilDate, shanghaiDate } from '#domain/calendar.js';
import type { DocumentRef, DomainEvent, EventMeta } from '#domain/envelope.js';
import { type Fen, formatYuan } from '#domain/money.js';

export const LANGUAGES = ['zh', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];
export type Words = Readonly<Record<Language, string>>;

/** A line as people know it: its id, and its name where that is known. */
export type LineNamer = (line: string) => string;

type Telling<Data> = Readonly<Record<Language, (data: Data, line: LineNamer) => string>>;

/** One telling for each type of event: the compiler names the one that is missing. */
export type Labels<Event extends DomainEvent> = {
  readonly [Type in Event['type']]: Telling<Extract<Event, { readonly type: Type }>['data']>;
};

/** An event that may not be stored yet (a dry run): then nobody has recorded it. */
export type Told<Event extends DomainEvent> = Event & {
  readonly recordedAt?: number;
  readonly meta?: Pick<EventMeta, 'actor' | 'reason' | 'document'>;
};

export interface TellingOptions {
  readonly language: Language;
  /** Name of a line; without it a line is told by its id. */
  readonly lineName?: (line: string) => string | undefined;
}

/** One sentence, or two when the fact is late. Throws on a type of event that has no label: the code is older than the log. */
export function sentenceOf<Event extends DomainEvent>(
  labels: Labels<Event>,
  event: Told<Event>,
  { language, lineName }: TellingOptions,
): string {
  const telling = (labels as Readonly<Record<string, Telling<unknown>>>)[event.type];
  if (telling === undefined) throw new Error(`no label tells the event ${event.type}`);
  const line: LineNamer = (id) => [id, lineName?.(id)].filter(Boolean).join(' ');
  const data = event.data as { readonly document?: DocumentRef; readonly reason?: string };
  const parts = [
    `${event.effectiveDate} ${telling[language](data, line)}`,
    documentPart(data.document ?? event.meta?.document, language),
    reasonPart(data.reason ?? event.meta?.reason, language),
    language === 'zh' ? '。' : '.',
    latePart(event.belongsTo, language),
    recorderPart(event, language),
  ];
  return parts.join('');
}

/** Yuan with two decimals and thousands separators: `92,080.00 元`, `92,080.00 yuan`. */
export function yuanInWords(amount: Fen, language: Language): string {
  const [whole = '', fraction] = formatYuan(amount).split('.');
  return `${whole.replace(/\B(?=(\d{3})+$)/g, ',')}.${fraction} ${language === 'zh' ? '元' : 'yuan'}`;
}

function documentPart(document: DocumentRef | undefined, language: Language): string {
  if (document === undefined) return '';
  const { number, title, date } = document;
  if (language === 'zh') return `，文号 ${number}${title ? `《${title}》` : ''}${date ? `（${date}）` : ''}`;
  return `, document ${number}${title ? ` “${title}”` : ''}${date ? ` of ${date}` : ''}`;
}

function reasonPart(reason: string | undefined, language: Language): string {
  if (!reason) return '';
  return language === 'zh' ? `，原因：${reason}` : `, because: ${reason}`;
}

/** A fact booked after its period was sealed says which period it belongs to (design 4). */
function latePart(belongsTo: CivilDate | undefined, language: Language): string {
  if (belongsTo === undefined) return '';
  const month = belongsTo.slice(0, 7);
  return language === 'zh'
    ? `补记：属于 ${month} 期间（业务日期 ${belongsTo}），该期间已封存。`
    : ` Late: it belongs to the period ${month} (its own date is ${belongsTo}), which was sealed.`;
}

function recorderPart({ meta, recordedAt }: Told<DomainEvent>, language: Language): string {
  if (meta === undefined) return '';
  const who = meta.actor.name ?? meta.actor.id;
  const on = recordedAt === undefined ? undefined : shanghaiDate(recordedAt);
  if (language === 'zh') return `记录人 ${who}${on ? `，记录日期 ${on}` : ''}。`;
  return ` Recorded by ${who}${on ? ` on ${on}` : ''}.`;
}
