/** Events of a performance table as answers show them: where each is and who recorded it, and what it says in a sentence. */
import { Injectable } from '@nestjs/common';
import { performanceStream } from '#domain/performance/decide.js';
import type { Language } from '#domain/sentence.js';
import type { PerformanceEntry } from '#read-model/queries/performance.js';
import { tellingDto } from './history.controller.js';
import type { TellingDto } from './journal.dto.js';
import { linesEver } from './lines-ever.js';
import { eventsAt, sentenceOf } from './log-events.js';
import type { RecordedDto, WithdrawalDto } from './results.dto.js';
import { Sources } from './sources.js';
import type { YearView } from './year-reads.js';

export const recordedDto = ({ recordedAt, actor, position, revision, eventId }: PerformanceEntry): RecordedDto => ({
  recordedAt: new Date(recordedAt).toISOString(),
  actor,
  position: String(position),
  revision,
  eventId,
});

export const withdrawalDto = (
  entry: PerformanceEntry & { readonly data: { readonly reason: string } },
): WithdrawalDto => ({ ...recordedDto(entry), reason: entry.data.reason });

@Injectable()
export class ToldEvents {
  constructor(private readonly sources: Sources) {}

  /** Events of the table by their revisions, as the log holds them, in the order given. */
  async by(view: YearView, revisions: readonly number[], language: Language = 'zh'): Promise<readonly TellingDto[]> {
    const names = await linesEver(view);
    const stream = performanceStream(view.unit, view.year);
    const events = await eventsAt(
      this.sources.store,
      revisions.map((revision) => ({ stream, revision })),
    );
    const telling = { language, lineName: (id: string) => names.get(id) };
    return events.map((event) => tellingDto(event, sentenceOf(event, telling)));
  }
}
