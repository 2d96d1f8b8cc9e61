import { connect, resume, PlaygroundError } from '/client/playground.js';
import { Terrain } from './terrain.js';

const PING_EVERY = 25;
const WARNING = 60_000;
const query = new URLSearchParams(location.search);
const key = query.get('key') || undefined;

const find = (id) => document.getElementById(id);
const page = document.querySelector('.demo');
const terrain = new Terrain(find('scene'));

let config;
let session = null;
let socket = null;
let stopWatching = () => {};
let timers = [];
let pressed = 0;
let firstByte = 0;
let inside = 0;
let startedIn = null;
const sent = new Map();
let pings = 0;
const recent = [];

find('run').addEventListener('click', run);
find('stop').addEventListener('click', stop);
if (history.state?.grant && reloaded()) run();
else if (query.has('run')) run();

async function run() {
  if (session || page.dataset.state === 'starting') return;
  pressed = performance.now();
  firstByte = 0;
  startedIn = null;
  reset();
  show('starting', 'asking for a process');
  find('run').disabled = true;
  try {
    config ??= await fetch('config.json').then((response) => response.json());
    session = (await taken()) ?? await connect({ ...config, key });
  } catch (error) {
    fail(error instanceof PlaygroundError ? error.message : 'The demo could not ask the server for a process.');
    return;
  }
  remember();
  put('backend', session.backendId);
  put('fencing', session.fencingToken);
  stopWatching = session.watch(onState);
  socket = session.socket('/');
  socket.addEventListener('message', onMessage);
  socket.addEventListener('lost', () => show('starting', 'connection lost, trying again'));
  socket.addEventListener('open', () => firstByte && show('live', liveWords()));
  socket.addEventListener('gone', (event) => end(event.detail));
  timers = [setInterval(ping, PING_EVERY), setInterval(refresh, 1000)];
}

// A reload keeps the process. The browser keeps this entry's state across one, so nothing is stored; a duplicated tab
// has the state too but was not reloaded, and gets a process of its own.
function reloaded() {
  return performance.getEntriesByType('navigation')[0]?.type === 'reload';
}

async function taken() {
  const before = history.state;
  if (!before?.grant || !reloaded()) return null;
  const again = await resume(before.grant);
  if (again) startedIn = before.startedIn;
  return again;
}

function remember() {
  history.replaceState({ grant: session.grant, startedIn }, '');
}

async function stop() {
  find('stop').disabled = true;
  try {
    await session?.terminate();
  } catch (error) {
    find('stop').disabled = false;
    show('live', error.message);
  }
}

/** Each state the backend enters, from the hub's event stream. */
function onState(status) {
  markSteps(status.history);
  if (status.pid) showPid(status.pid);
  if (status.status === 'terminated') end(status);
  else if (!firstByte) show('starting', `${status.status}…`);
  else if (status.status.endsWith('terminating')) show('starting', 'stopping…');
}

function onMessage({ data }) {
  const message = JSON.parse(data);
  if (message.type === 'ping') {
    const started = sent.get(message.n);
    sent.delete(message.n);
    if (started !== undefined) measured(performance.now() - started);
    return;
  }
  if (!firstByte) {
    firstByte = performance.now();
    startedIn ??= Math.round(firstByte - pressed);
    put('started', `${startedIn} ms`);
    remember();
    show('live', liveWords());
    find('curtain').hidden = true;
    find('stop').hidden = false;
    find('stop').disabled = false;
    put('caption', 'each dot: one message there and back');
    refresh();
  }
  inside = message.pid;
  put('memory', `${(message.rssBytes / 1048576).toFixed(1)} MB`);
  put('uptime', clock(message.uptimeMs));
}

function showPid(pid) {
  find('pid').textContent = pid;
  find('pid').title = inside ? `The process sees itself as number ${inside} inside its sandbox.` : '';
}

function ping() {
  if (!socket?.isOpen || !firstByte || document.hidden) return;
  const n = ++pings;
  sent.set(n, performance.now());
  if (sent.size > 100) sent.clear();
  socket.send(`{"type":"ping","n":${n}}`);
}

function measured(milliseconds) {
  terrain.add(milliseconds);
  recent.push(milliseconds);
  if (recent.length > 40) recent.shift();
  if (pings % 20 !== 0) return;
  const sorted = [...recent].sort((a, b) => a - b);
  put('rtt', `${digits(sorted[Math.floor(sorted.length / 2)])} ms`);
  put('scale', `peak ${digits(sorted[sorted.length - 1])} ms`);
}

/** What only the hub knows: the pid outside the sandbox, who else is connected, when the time is up. */
async function refresh() {
  if (!session || !firstByte || document.hidden) return;
  let status;
  try {
    status = await session.status();
  } catch {
    return; // the socket notices by itself when the backend is gone
  }
  if (!session) return;
  if (status.pid) showPid(status.pid);
  put('tabs', `${status.clients}`);
  put('closes', `${status.grace_seconds} s alone`);
  const left = Math.max(0, Date.parse(status.lifetime_ends_at) - Date.now());
  put('left', clock(left));
  if (left < WARNING) show('live', `ends in ${Math.ceil(left / 10_000) * 10} s: its lifetime is up`);
}

function end(status) {
  if (!session) return;
  const asked = status?.reason === 'requested' || status?.reason === 'idle';
  const startFailed = status?.reason === 'start_failed' || status?.reason === 'start_timeout';
  fail(
    startFailed ? 'The process did not start.' : asked ? 'The process has ended.' : 'The process is gone.',
    [status?.message ?? 'The server no longer knows it.', asked ? '' : status?.detail].filter(Boolean).join(' '),
    asked ? 'ended' : 'failed',
    status?.last_output,
  );
}

/** Back to the curtain, with the reason and another try. */
function fail(lead, hint = '', state = 'failed', output = null) {
  stopWatching();
  timers.forEach(clearInterval);
  socket?.close();
  session = socket = null;
  history.replaceState(null, '');
  show(state, state === 'ended' ? 'ended' : 'not running');
  find('lead').textContent = lead;
  find('hint').textContent = hint;
  find('run').textContent = 'Run again';
  find('run').disabled = false;
  find('curtain').hidden = false;
  find('stop').hidden = true;
  find('output').hidden = !output?.length;
  find('output').textContent = output?.join('\n') ?? '';
  find('output').scrollTop = find('output').scrollHeight;
}

function reset() {
  for (const id of ['pid', 'started', 'rtt', 'memory', 'uptime', 'tabs', 'fencing', 'backend', 'closes', 'left']) put(id, '–');
  for (const step of document.querySelectorAll('.steps li')) {
    step.classList.remove('done');
    step.lastElementChild.textContent = '';
  }
  find('lead').textContent = 'Starting.';
  find('hint').textContent = '';
  find('output').hidden = true;
  put('scale', '');
  recent.length = 0;
  sent.clear();
  terrain.clear();
}

function markSteps(history) {
  const first = Date.parse(history[0].time);
  for (const { status, time } of history) {
    const step = document.querySelector(`[data-step="${status}"]`);
    if (!step) continue;
    step.classList.add('done');
    const after = Date.parse(time) - first;
    step.lastElementChild.textContent = ` after ${after} ms`;
    step.title = `${status}: after ${after} ms`;
  }
}

function show(state, words) {
  page.dataset.state = state;
  const status = find('status');
  if (status.textContent !== words) status.textContent = words;
}

function liveWords() {
  return key ? `shared by key “${key}”, live` : 'your process, live';
}

function put(id, text, title) {
  const element = find(id);
  if (element.textContent !== text) element.textContent = text;
  if (title) element.title = title;
}

function digits(milliseconds) {
  return milliseconds < 10 ? milliseconds.toFixed(2) : milliseconds.toFixed(0);
}

function clock(milliseconds) {
  const seconds = Math.floor(milliseconds / 1000);
  const two = (n) => String(n).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  return `${hours ? `${hours}:` : ''}${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}
