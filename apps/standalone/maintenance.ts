/** Long work on the whole system: one piece at a time, with its progress. */
import type { DataSource } from 'typeorm';
import type { EventStore } from '#event-store/port.js';

export class Maintenance {
  constructor(
    readonly store: EventStore,
    private readonly dataSource: DataSource,
  ) {}

  async verify(_progress: (done: number, total: number) => void): Promise<object> {
    throw new Error(String(this.dataSource.isInitialized));
  }

  async rebuild(_progress: (done: number, total: number) => void): Promise<object> {
    throw new Error(String(this.dataSource.isInitialized));
  }
}
