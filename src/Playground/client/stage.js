// The life of a demo's page: Run, the wait, the process, its end and why. A demo brings what is shown in between.
//
// The page has an element .stage with a .stage__scene in it, a .stage__bar for its own controls and a .stage__panel for figures (either may be
// left out). What is put over the scene and beside the controls is made here, so that every demo says the same things in the same place.

import { connect, resume, PlaygroundError } from './playground.js';
import { onStop } from './frame.js';
import { missing } from './needs.js';
import { StageView } from './stage-view.js';
import { clock, ofEnd, ofEnding, ofLoss, ofQueue } from './stage-words.js';

export { clock };

/** A start that takes longer can be given up. */
const SLOW = 2000;

/** @see stage.d.ts */
export function stage(options) {
  const stage = new Stage(document.querySelector('.stage'), options);
  stage.open();
  return stage;
}

class Stage {
  /** Everything that belongs to one run and ends with it; null while nothing runs. */
  #run = null;
  #view;
  #options;
  #onAgain = null;
  /** What stands in the line along the top when nothing is more urgent. */
  #own = ['', {}];
  #key = new URLSearchParams(location.search).get('key') || undefined;

  constructor(page, options) {
    this.#options = options;
    const view = (this.#view = new StageView(page));
    view.run.addEventListener('click', () => {
      if (view.run.ariaDisabled === 'true') return;
      if (this.#run) this.#cancel();
      else this.#start();
    });
    view.stop.addEventListener('click', () => this.#stop());
    view.again.addEventListener('click', () => this.#onAgain?.());
    onStop(() => this.#cancel());
  }

  async open() {
    const view = this.#view;
    view.cover('Nothing runs yet.', this.#options.hint, { button: null });
    const lacks = await missing(this.#options.needs ?? []).catch((error) => [error.message]);
    if (lacks.length > 0) {
      view.show('failed', 'cannot run in this browser', { message: lacks.join(' ') });
      view.cover('Not in this browser.', lacks.join(' '));
      view.run.hidden = true;
      return;
    }

    view.cover('Nothing runs yet.', this.#options.hint, { button: 'Run' });
    if ((history.state?.grant && reloaded()) || new URLSearchParams(location.search).has('run')) this.#start();
    else view.show('idle', 'not running');
  }

  get state() {
    return this.#view.state;
  }

  /** Words for the status of a process that lives, in place of the usual ones. */
  say(words) {
    if (this.#run) this.#run.words = words;
    if (this.state === 'live') this.#view.show('live', words);
  }

  notice(words, { action = null, onAction = null } = {}) {
    this.#own = [words ?? '', { action, onAction }];
    if (this.state === 'live') this.#settle(this.#run);
  }

  fail(lead, hint = '') {
    this.#fail(lead, hint);
  }

  async #start() {
    const view = this.#view;
    const mine = (this.#run = { waiting: new AbortController(), pressed: performance.now(), alive: false, startedIn: null, timers: [], words: null, ending: null });
    this.#own = ['', {}];
    view.notice('');
    view.cover('Starting.');
    view.show('starting', 'asking for a process');
    mine.timers.push(setTimeout(() => {
      if (!mine.alive && !mine.queued) view.cover('Starting.', 'This takes longer than usual.', { button: 'Cancel' });
    }, SLOW));
    try {
      this.#options.onStart?.();
      mine.config = await fetch('/config.json', { signal: mine.waiting.signal }).then((response) => response.json());
      const session = (await this.#taken(mine)) ?? await connect(mine.config.service, {
        ...mine.config, key: this.#key, signal: mine.waiting.signal, onQueue: (place) => mine === this.#run && this.#queued(mine, place),
      });
      if (mine !== this.#run) return session.close();
      mine.session = session;
      mine.queued = false;
      await this.#follow(mine);
    } catch (error) {
      if (mine !== this.#run) return;
      if (!(error instanceof PlaygroundError)) console.error(error);
      this.#fail(error instanceof PlaygroundError ? error.message : mine.session ? 'The demo has failed.' : 'The demo could not ask the server for a process.',
        mine.session && !(error instanceof PlaygroundError) ? String(error?.message ?? error) : '');
    }
  }

  async #follow(mine) {
    const { session } = mine;
    this.#remember(mine);
    session.onStatus((status) => this.#entered(mine, status));
    session.onEnding((ending) => this.#announce(mine, ending));
    session.onStaying(() => this.#announce(mine, null));
    session.onTerminated((status) => mine === this.#run && this.#end(status));
    const left = await this.#options.run({
      session, config: mine.config, signal: mine.waiting.signal, watch: (socket) => this.#watch(mine, socket),
    });
    if (mine !== this.#run) return left?.();
    mine.left = left;
    mine.alive = true;
    mine.startedIn ??= Math.round(performance.now() - mine.pressed);
    this.#remember(mine);
    this.#view.raise();
    this.#settle(mine);
    this.#options.onLive?.({ startedIn: mine.startedIn });
  }

  #watch(mine, socket) {
    mine.socket = socket;
    socket.addEventListener('open', ({ detail }) => detail.again && mine === this.#run && this.#settle(mine));
    socket.addEventListener('lost', ({ detail }) => mine === this.#run && this.#lost(mine, detail));
    socket.addEventListener('gone', ({ detail }) => {
      if (mine !== this.#run) return;
      if (detail.kind === 'revoked') this.#fail('Access was taken back.', 'The process may live on for others.');
      else if (detail.kind === 'refused') this.#fail('The process does not take this page.', detail.reason);
      else this.#end(detail.status);
    });
    return socket;
  }

  #queued(mine, { position, of, message }) {
    mine.queued = true;
    this.#view.cover(ofQueue(position), message, { button: 'Leave the queue', place: `${position} of ${of}` });
    this.#view.show('queued', `waiting, place ${position} of ${of}`, { position, of, message });
  }

  /** Each state the backend enters, from the hub's event stream. */
  #entered(mine, status) {
    if (mine !== this.#run) return;
    this.#options.onStatus?.(status);
    if (status.status === 'terminated') return; // has its own words
    if (status.status.endsWith('terminating')) this.#view.show('starting', 'stopping…');
    else if (!mine.alive) this.#view.show('starting', `${status.status}…`);
  }

  #lost(mine, loss) {
    clearInterval(mine.counting);
    this.#view.show(mine.alive ? 'lost' : 'starting', 'connection lost, trying again');
    if (!mine.alive) return this.#view.cover('Starting.', ofLoss(loss), { button: 'Cancel' });
    this.#onAgain = () => mine.socket.reconnect();
    this.#view.notice(ofLoss(loss), { action: 'Try now' });
  }

  /** What is shown of a process that can be talked to: that it lives, or when it will end. */
  #settle(mine) {
    const view = this.#view;
    clearInterval(mine.counting);
    if (!mine.alive) return;
    if (!mine.ending) {
      const [words, { action, onAction }] = this.#own;
      this.#onAgain = onAction;
      view.notice(words, { action });
      view.show('live', mine.words ?? 'your process, live');
      return;
    }

    const { reason, seconds, ends } = mine.ending;
    const { why, status } = ofEnding(reason);
    const count = () => {
      const left = Math.max(0, ends - performance.now());
      view.notice(`${why}. It ends in ${clock(left + 999)}.`, { left: left / (seconds * 1000) });
    };
    // Counted from now: this may be a connection that came back, long after the end was announced.
    const seconds_left = Math.max(0, Math.ceil((ends - performance.now()) / 1000));
    // What counts is not read aloud, and what is read aloud does not count.
    view.show('ending', status, { reason, seconds_left }, `. It ends in ${seconds_left} s.`);
    mine.timers.push((mine.counting = setInterval(count, 250)));
    count();
  }

  #announce(mine, ending) {
    if (mine !== this.#run) return;
    // By this clock: the browser's may be minutes off the hub's.
    mine.ending = ending && { reason: ending.reason, seconds: ending.seconds_left, ends: performance.now() + ending.seconds_left * 1000 };
    this.#settle(mine);
  }

  async #stop() {
    const { stop } = this.#view;
    if (stop.ariaDisabled === 'true') return;
    stop.ariaDisabled = 'true'; // not really disabled: that would take the focus from who pressed it
    try {
      await this.#run?.session?.terminate();
    } catch (error) {
      stop.ariaDisabled = 'false';
      this.#view.notice(error.message);
    }
  }

  /** Gives up what has not come to life yet: a process that starts, or the place in the queue. */
  #cancel() {
    if (!this.#run) return;
    if (this.#run.session) return void this.#stop();
    const hint = this.#run.queued ? 'You left the queue; your place is somebody else’s.' : '';
    this.#fail('Nothing runs yet.', hint, { state: 'idle', button: 'Run' });
  }

  #end(status) {
    // Somebody is working on this demo: the page may have changed as well as the program.
    if (status?.reason === 'replaced') return location.reload();
    const { lead, hint, asked } = ofEnd(status);
    this.#fail(lead, hint, { state: asked ? 'ended' : 'failed', words: asked ? 'ended' : 'not running', output: asked ? null : status?.last_output, reason: status?.reason });
  }

  /** Back to the curtain, with the reason and another try. */
  #fail(lead, hint = '', { state = 'failed', words = 'not running', output = null, reason = null, button = 'Run again' } = {}) {
    if (!this.#run) return;
    const { session, waiting, timers, left } = this.#run;
    this.#run = null;
    waiting.abort();
    timers.forEach(clearInterval);
    left?.();
    session?.close();
    history.replaceState(null, '');
    this.#options.onEnd?.();
    const view = this.#view;
    view.notice('');
    view.show(state, words, { message: `${lead} ${hint}`.trim(), reason });
    view.cover(lead, hint, { button, output }); // after the state: what is shown of the output depends on the room that gives it
    view.lower();
  }

  // A reload keeps the process. The browser keeps this entry's state across one, so nothing is stored; a duplicated tab
  // has the state too but was not reloaded, and gets a process of its own.
  async #taken(mine) {
    const before = history.state;
    if (!before?.grant || !reloaded()) return null;
    const again = await resume(before.grant, { signal: mine.waiting.signal });
    if (again) mine.startedIn = before.startedIn;
    return again;
  }

  #remember({ session, startedIn }) {
    history.replaceState({ grant: session.grant, startedIn }, '');
  }
}

function reloaded() {
  return performance.getEntriesByType('navigation')[0]?.type === 'reload';
}
