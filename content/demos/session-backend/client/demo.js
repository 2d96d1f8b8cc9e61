import { connect, resume, PlaygroundError } from '/client/playground.js';
import { onStop } from '/client/frame.js';
import { RoundTrips } from './roundtrips.js';
import { Terrain } from './terrain.js';
import * as view from './view.js';

/** The process ticks every second: silence this long is a dead connection. */
const SILENCE = 6000;
/** A start that takes longer can be given up. */
const SLOW = 2000;
const query = new URLSearchParams(location.search);
const key = query.get('key') || undefined;
const terrain = new Terrain(view.scene);

/** Everything that belongs to one run and ends with it; null while nothing runs. */
let run = null;

view.runButton.addEventListener('click', () => {
  if (view.runButton.ariaDisabled === 'true') return;
  if (run) cancel();
  else start();
});
view.stopButton.addEventListener('click', stop);
view.againButton.addEventListener('click', () => run?.socket.reconnect());
onStop(cancel);
if (history.state?.grant && reloaded()) start();
else if (query.has('run')) start();
else view.show('idle', 'not running');

async function start() {
  const mine = (run = { waiting: new AbortController(), pressed: performance.now(), alive: false, startedIn: null, timers: [] });
  view.clear();
  terrain.clear();
  view.curtain('Starting.');
  view.show('starting', 'asking for a process');
  mine.timers.push(setTimeout(() => slow(mine), SLOW));
  try {
    mine.config = await fetch('config.json', { signal: mine.waiting.signal }).then((response) => response.json());
    const session = (await taken(mine)) ?? await connect(mine.config.service, {
      ...mine.config, key, signal: mine.waiting.signal, onQueue: (place) => mine === run && queued(mine, place),
    });
    if (mine !== run) return session.close();
    mine.session = session;
    mine.queued = false;
  } catch (error) {
    if (mine !== run) return;
    fail(error instanceof PlaygroundError ? error.message : 'The demo could not ask the server for a process.');
    return;
  }
  follow(mine);
}

function follow(mine) {
  const { session } = mine;
  remember(mine);
  view.put('backend', session.backendId);
  view.put('fencing', session.fencingToken);
  session.onStatus((status) => entered(mine, status));
  session.onEnding((ending) => announce(mine, ending));
  session.onStaying(() => announce(mine, null));
  session.onTerminated((status) => end(status));
  const socket = (mine.socket = session.socket('/', { silence: SILENCE }));
  mine.trips = new RoundTrips(socket, terrain);
  socket.addEventListener('message', ({ data }) => heard(mine, JSON.parse(data)));
  socket.addEventListener('open', ({ detail }) => detail.again && settle(mine));
  socket.addEventListener('lost', ({ detail }) => lost(mine, detail));
  socket.addEventListener('gone', ({ detail }) => (detail.kind === 'revoked' ? fail('Access was taken back.', 'The process may live on for others.') : end(detail.status)));
  mine.timers.push(setInterval(() => refresh(mine), 1000));
}

function slow(mine) {
  if (!mine.alive && !mine.queued) view.curtain('Starting.', 'This takes longer than usual.', { button: 'Cancel' });
}

function queued(mine, { position, of, message }) {
  mine.queued = true;
  view.curtain(`${position === 1 ? 'You are next' : `${position - 1} before you`}.`, message, { button: 'Leave the queue', place: `${position} of ${of}` });
  view.show('queued', `waiting, place ${position} of ${of}`, { position, of, message });
}

/** Each state the backend enters, from the hub's event stream. */
function entered(mine, status) {
  view.markSteps(status.history);
  if (status.pid) showPid(mine, status.pid);
  if (status.status === 'terminated') return; // has its own words
  if (status.status.endsWith('terminating')) view.show('starting', 'stopping…');
  else if (!mine.alive) view.show('starting', `${status.status}…`);
}

function heard(mine, message) {
  if (message.type === 'ping') return mine.trips.back(message.n);
  if (!mine.alive) {
    mine.alive = true;
    mine.startedIn ??= Math.round(performance.now() - mine.pressed);
    view.put('started', `${mine.startedIn} ms`);
    remember(mine);
    view.raise();
    settle(mine);
    refresh(mine);
  }
  mine.inside = message.pid;
  view.put('memory', `${(message.rssBytes / 1048576).toFixed(1)} MB`);
  view.put('uptime', view.clock(message.uptimeMs));
}

function lost(mine, { retryIn, unreachable }) {
  clearInterval(mine.counting);
  const why = unreachable ? 'The server cannot be reached' : 'The connection is lost';
  const seconds = Math.ceil(retryIn / 1000);
  view.show(mine.alive ? 'lost' : 'starting', 'connection lost, trying again');
  if (mine.alive) view.notice(`${why}. Trying again ${seconds > 1 ? `in ${seconds} s` : 'now'}.`, { button: true });
}

/** What is shown of a process that can be talked to: that it lives, or when it will end. */
function settle(mine) {
  clearInterval(mine.counting);
  view.notice('');
  if (!mine.alive) return;
  if (!mine.ending) return view.show('live', mine.tabs > 1 ? `shared by ${mine.tabs} tabs, live` : 'your process, live');
  const { reason, seconds, ends } = mine.ending;
  const why = reason === 'idle' ? 'Nobody has used it for a while' : 'Its time is nearly up';
  const count = () => {
    const left = Math.max(0, ends - performance.now());
    view.notice(`${why}. It ends in ${view.clock(left + 999)}.`, { left: left / (seconds * 1000) });
  };
  // Counted from now: this may be a connection that came back, long after the end was announced.
  const seconds_left = Math.max(0, Math.ceil((ends - performance.now()) / 1000));
  // What counts is not read aloud, and what is read aloud does not count.
  view.show('ending', `ends soon: ${reason === 'idle' ? 'unused' : 'its time is nearly up'}`, { reason, seconds_left }, `. It ends in ${seconds_left} s.`);
  mine.timers.push((mine.counting = setInterval(count, 250)));
  count();
}

function announce(mine, ending) {
  // By this clock: the browser's may be minutes off the hub's.
  mine.ending = ending && { reason: ending.reason, seconds: ending.seconds_left, ends: performance.now() + ending.seconds_left * 1000 };
  settle(mine);
}

/** What only the hub knows: the pid outside the sandbox, who else is connected, when the time is up. */
async function refresh(mine) {
  if (!mine.alive || document.hidden || mine !== run) return;
  const status = await mine.session.status().catch(() => null); // the socket notices by itself when the backend is gone
  if (mine !== run || !status) return;
  if (status.pid) showPid(mine, status.pid);
  view.put('tabs', `${status.clients}`);
  if (mine.tabs !== status.clients) {
    mine.tabs = status.clients;
    if (!mine.ending && view.isLive()) settle(mine);
  }
  view.put('closes', `${status.grace_seconds} s alone`);
  view.put('left', view.clock((status.lifetime_seconds_left ?? 0) * 1000));
}

function showPid(mine, pid) {
  view.put('pid', `${pid}`, mine.inside ? `The process sees itself as number ${mine.inside} inside its sandbox.` : '');
}

async function stop() {
  if (view.stopButton.ariaDisabled === 'true') return;
  view.stopButton.ariaDisabled = 'true'; // not really disabled: that would take the focus from who pressed it
  try {
    await run?.session?.terminate();
  } catch (error) {
    view.stopButton.ariaDisabled = 'false';
    view.notice(error.message);
  }
}

/** Gives up what has not come to life yet: a process that starts, or the place in the queue. */
function cancel() {
  if (!run) return;
  if (run.session) return stop();
  const hint = run.queued ? 'You left the queue; your place is somebody else’s.' : '';
  fail('Nothing runs yet.', hint, { state: 'idle', button: 'Run' });
}

function end(status) {
  const asked = status?.reason === 'requested' || status?.reason === 'idle' || status?.reason === 'lifetime';
  const startFailed = status?.reason === 'start_failed' || status?.reason === 'start_timeout';
  const lead = startFailed ? 'The process did not start.' : asked ? 'The process has ended.' : 'The process is gone.';
  // That it could not be started is said already; why not is not.
  const message = status?.reason === 'start_failed' ? '' : status ? status.message : 'The server no longer knows it.';
  const hint = [message, asked ? '' : status?.detail].filter(Boolean).join(' ');
  fail(lead, hint, { state: asked ? 'ended' : 'failed', words: asked ? 'ended' : 'not running', output: asked ? null : status?.last_output, reason: status?.reason });
}

/** Back to the curtain, with the reason and another try. */
function fail(lead, hint = '', { state = 'failed', words = 'not running', output = null, reason = null, button = 'Run again' } = {}) {
  if (!run) return;
  const { session, waiting, timers, trips } = run;
  run = null;
  waiting.abort();
  timers.forEach(clearInterval);
  trips?.stop();
  session?.close();
  history.replaceState(null, '');
  const hadFocus = document.activeElement === view.stopButton;
  view.notice('');
  view.past();
  view.show(state, words, { message: `${lead} ${hint}`.trim(), reason });
  view.curtain(lead, hint, { button, output }); // last: what is shown of the output depends on the room the state gives it
  view.stopButton.hidden = true;
  if (hadFocus) view.runButton.focus();
}

// A reload keeps the process. The browser keeps this entry's state across one, so nothing is stored; a duplicated tab
// has the state too but was not reloaded, and gets a process of its own.
function reloaded() {
  return performance.getEntriesByType('navigation')[0]?.type === 'reload';
}

async function taken(mine) {
  const before = history.state;
  if (!before?.grant || !reloaded()) return null;
  const again = await resume(before.grant, { signal: mine.waiting.signal });
  if (again) mine.startedIn = before.startedIn;
  return again;
}

function remember({ session, startedIn }) {
  history.replaceState({ grant: session.grant, startedIn }, '');
}
