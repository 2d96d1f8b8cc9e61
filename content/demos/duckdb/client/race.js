import { failureOf } from './failure.js';
import { same } from './same.js';

const FROM = { tab: 'computed in this tab', backend: 'computed by your backend' };

/** One query on one side or on both, and what comes of it on the screen. */
export class Race {
  #lanes;
  #results;
  #cancel = null;

  /** @param {{tab: import('./lane.js').Lane, backend: import('./lane.js').Lane}} lanes @param {import('./results.js').Results} results */
  constructor(lanes, results) {
    [this.#lanes, this.#results] = [lanes, results];
  }

  get isRunning() {
    return this.#cancel !== null;
  }

  cancel() {
    this.#cancel?.abort();
  }

  /**
   * @param {Record<string, {query: Function, received: number}>} engines those that run
   * @param {string} sql
   * @param {{parts: number, rows: number}} size
   * @returns {Promise<{failures: Record<string, import('./failure.js').QueryFailure>, agree: boolean | null}>}
   */
  async run(engines, sql, { parts, rows }) {
    const cancel = (this.#cancel = new AbortController());
    const [answers, failures] = [{}, {}];
    this.#results.clear();
    for (const [name, lane] of Object.entries(this.#lanes)) lane.begin(name in engines, rows);
    await Promise.all(Object.entries(engines).map(async ([name, engine]) => {
      const lane = this.#lanes[name];
      const before = engine.received;
      try {
        const answer = await engine.query({
          sql, parts, signal: cancel.signal,
          onProgress: (progress) => {
            this.#results.waiting(progress.ahead);
            if (progress.ahead > 0) lane.waiting(progress);
            else if (progress.total === undefined) lane.progress(progress);
            else lane.loading(progress);
          },
          onRows: (answer) => {
            this.#results.first(answer);
            lane.first();
          },
        });
        lane.done(answer, before);
        answers[name] = answer;
        this.#results.whole(answer, FROM[name]);
      } catch (error) {
        failures[name] = failureOf(error);
        lane.failed(failures[name]);
      }
    }));
    this.#cancel = null;
    const [one, other] = Object.values(answers);
    // Half an answer that failed on its way is none.
    if (!one) this.#results.clear();
    else if (this.#results.isEmpty) this.#results.first(one.answer);
    if (one && !other) {
      this.#results.clear();
      this.#results.first(one.answer);
      this.#results.whole(one, FROM[Object.keys(answers)[0]]);
    }
    const agree = one && other && !one.cut && !other.cut ? same(one.answer, other.answer) : null;
    return { failures, agree };
  }
}
