// Server-sent events over fetch: unlike EventSource it can send a header, post a body, tell a refusal from a lost connection, and stop
// for good.

import { PlaygroundError, ask, refusal, unreachable } from './errors.js';
import { Backoff, Waker } from './waiting.js';

const LONGEST_EVENT = 1024 * 1024;

/** The hub shows every 20 seconds that a stream lives. One that is silent for longer than two of them is a dead connection. */
const SILENCE = 50_000;

/**
 * Turns text into events, wherever the text was cut. Feed it decoded text; it calls back with `{event, data, id}` for each complete
 * event.
 */
export class EventParser {
  lastId;
  retry = null;
  #onEvent;
  #rest = '';
  #first = true;
  #afterReturn = false;
  #event = '';
  #data = [];
  #size = 0;
  #id = null;

  /** `lastId` is what the stream was resumed behind: an event without an id does not change it. */
  constructor(onEvent, lastId = '') {
    this.#onEvent = onEvent;
    this.lastId = lastId;
  }

  feed(text) {
    if (this.#first && text !== '') {
      this.#first = false;
      if (text.startsWith('\uFEFF')) text = text.slice(1);
    }
    // A line may end in \r, \n or \r\n, and a cut may fall between the two.
    if (this.#afterReturn && text !== '') {
      this.#afterReturn = false;
      if (text.startsWith('\n')) text = text.slice(1);
    }
    let start = 0;
    for (let at = 0; at < text.length; at++) {
      const character = text.charCodeAt(at);
      if (character !== 10 && character !== 13) continue;
      this.#line(this.#rest + text.slice(start, at));
      this.#rest = '';
      if (character === 13) {
        if (at + 1 === text.length) this.#afterReturn = true;
        else if (text.charCodeAt(at + 1) === 10) at++;
      }
      start = at + 1;
    }
    this.#rest += text.slice(start);
    if (this.#rest.length > LONGEST_EVENT) throw new PlaygroundError('The server sent an event without end.', 'unknown');
  }

  #line(line) {
    if (line === '') return this.#dispatch();
    const colon = line.indexOf(':');
    if (colon === 0) return;
    const field = colon < 0 ? line : line.slice(0, colon);
    let value = colon < 0 ? '' : line.slice(colon + 1);
    if (value.startsWith(' ')) value = value.slice(1);
    if (field === 'data') {
      this.#data.push(value);
      this.#size += value.length;
      if (this.#size > LONGEST_EVENT) throw new PlaygroundError('The server sent an event without end.', 'unknown');
    } else if (field === 'event') this.#event = value;
    else if (field === 'id' && !value.includes('\0')) this.#id = value;
    else if (field === 'retry' && /^\d+$/.test(value)) this.retry = Number(value);
  }

  #dispatch() {
    if (this.#id !== null) this.lastId = this.#id;
    const event = { event: this.#event || 'message', data: this.#data.join('\n'), id: this.lastId };
    const complete = this.#data.length > 0;
    this.#event = '';
    this.#data = [];
    this.#size = 0;
    this.#id = null;
    if (complete) this.#onEvent(event);
  }
}

/** Reads an answer to its end. Rejects when the connection is lost, and when it is silent for too long. */
export async function readEvents(response, parser, signal, silence = SILENCE) {
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  const stop = () => void reader.cancel().catch(() => {});
  let silent = false;
  let timer;
  const hear = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      silent = true;
      stop();
    }, silence);
  };
  signal?.addEventListener('abort', stop);
  try {
    for (hear(); ; hear()) {
      const { done, value } = await reader.read();
      if (signal?.aborted) throw signal.reason;
      if (silent) throw unreachable();
      if (done) return;
      parser.feed(decoder.decode(value, { stream: true }));
    }
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    throw error instanceof PlaygroundError ? error : unreachable(error);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
    stop();
  }
}

/**
 * Follows a stream through lost connections until `onEvent` returns `true`, the signal is aborted, or the hub says that there is
 * nothing (any more). Resumes behind the last event by its id. `headers` gives what each connection sends besides.
 * @returns {Promise<void>} Rejects with the hub's refusal, or the signal's reason.
 */
export async function follow(address, onEvent, signal, { headers: more } = {}) {
  const waker = new Waker();
  const backoff = new Backoff();
  let over = false;
  let lastId = '';
  try {
    while (!over) {
      let atLeast = 0;
      waker.reset();
      try {
        const headers = { ...more?.(), Accept: 'text/event-stream' };
        if (lastId !== '') headers['Last-Event-ID'] = lastId;
        const response = await ask(address, { headers, signal });
        if (response.status === 204) return;
        if (!response.ok) throw await refusal(response);
        const parser = new EventParser((event) => {
          backoff.reset();
          lastId = event.id;
          if (!over && onEvent(event) === true) over = true;
        }, lastId);
        try {
          await readEvents(response, parser, signal);
        } finally {
          atLeast = parser.retry ?? 0;
        }
      } catch (error) {
        if (signal?.aborted) throw signal.reason;
        const again = error instanceof PlaygroundError && (error.status === 0 || error.status === 429 || error.status >= 500);
        if (!again) throw error;
        atLeast = (error.retryAfter ?? 0) * 1000;
      }
      if (!over) await waker.wait(backoff.next(atLeast), signal);
      if (signal?.aborted) throw signal.reason;
    }
  } finally {
    waker.close();
  }
}
