// Waiting that ends early when waiting has become pointless: the network is back, or somebody looks at the page again.

const FIRST = 250;
const LONGEST = 8000;
const GROWTH = 1.7;

/**
 * Notices that the browser is online again or the page visible again. A wake-up that comes while nobody waits is kept for the next
 * wait: it may come while the reason of a failure is still being asked for.
 */
export class Waker {
  #pending = false;
  #wake = null;
  #listeners = new AbortController();

  /** @param {() => void} [woken] Called at once, whether or not somebody waits. */
  constructor(woken) {
    const wake = () => {
      this.wake();
      woken?.();
    };
    const options = { signal: this.#listeners.signal };
    globalThis.addEventListener?.('online', wake, options);
    globalThis.addEventListener?.('pageshow', (event) => event.persisted && wake(), options);
    globalThis.document?.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && wake(), options);
  }

  wake() {
    this.#pending = true;
    this.#wake?.();
  }

  /** What happened until now does not count for the next wait. */
  reset() {
    this.#pending = false;
  }

  /** Waits that long, or until woken, or until the signal is aborted. Never rejects. */
  async wait(milliseconds, signal) {
    if (!this.#pending && !signal?.aborted) {
      let timer;
      await new Promise((resolve) => {
        this.#wake = resolve;
        timer = setTimeout(resolve, milliseconds);
        signal?.addEventListener('abort', resolve);
      });
      signal?.removeEventListener('abort', this.#wake);
      clearTimeout(timer);
      this.#wake = null;
    }
    this.#pending = false;
  }

  close() {
    this.#listeners.abort();
    this.#wake?.();
  }
}

/** Pauses that grow, each drawn from its upper half, so that a room full of tabs does not come back as one. */
export class Backoff {
  #pause = FIRST;

  next(atLeast = 0) {
    const pause = this.#pause * (0.5 + Math.random() / 2);
    this.#pause = Math.min(this.#pause * GROWTH, LONGEST);
    return Math.max(pause, atLeast);
  }

  reset() {
    this.#pause = FIRST;
  }
}
