/**
 * Where a filtered subscription to `$all` tells its client how far it has looked. Catch-up goes through pages of one window
 * of records; live, records are counted one by one.
 */
import type { StoredEvent } from './log.js';
import type { Filter, Place } from './read.js';

/** A catch-up page by page; feed it every record in order, matching or not. */
export class CatchUpCheckpoints {
  #inPage = 0;
  #isLaterPage = false;
  #pages = 0;
  #pageStart: Place;
  #lastInPage: StoredEvent | undefined;
  #lastDelivered: StoredEvent | undefined;
  #any = false;
  #considered = 0;

  /** `given`: where the subscription begins, and with it the first page. */
  constructor(
    private readonly filter: Filter,
    private readonly given: Place,
  ) {
    this.#pageStart = given;
  }

  /** The checkpoint that follows this record, if one does. */
  after(event: StoredEvent, delivered: boolean): Place | undefined {
    const isGiven = event.position === this.given.commit && event.position === this.given.prepare;
    if (!isGiven) this.#considered += 1;
    if (this.#inPage === 0 && this.#isLaterPage) this.#pageStart = { commit: event.position, prepare: 0 };
    this.#inPage += 1;
    if (delivered) this.#lastInPage = this.#lastDelivered = event;
    if (this.#inPage < this.filter.window) return undefined;
    const lastInPage = this.#lastInPage;
    this.#inPage = 0;
    this.#isLaterPage = true;
    this.#lastInPage = undefined;
    this.#pages += 1;
    if (this.#pages < this.filter.multiplier) return undefined;
    this.#pages = 0;
    this.#any = true;
    this.#lastDelivered = undefined;
    return lastInPage === undefined ? this.#pageStart : placeOf(lastInPage);
  }

  /** The checkpoint before `caughtUp`, if there is one. */
  atEnd(): Place | undefined {
    if (this.#lastDelivered !== undefined) return placeOf(this.#lastDelivered);
    return !this.#any && this.#considered > 0 ? this.given : undefined;
  }
}

/** Live: one for every interval of records, counted from `caughtUp`. */
export class LiveCheckpoints {
  #records = 0;

  constructor(private readonly filter: Filter) {}

  after(event: StoredEvent): Place | undefined {
    this.#records += 1;
    if (this.#records < this.filter.window * this.filter.multiplier) return undefined;
    this.#records = 0;
    return placeOf(event);
  }
}

const placeOf = ({ position }: StoredEvent): Place => ({ commit: position, prepare: position });
