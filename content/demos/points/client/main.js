import { stage } from '/client/stage.js';
import '/client/remote-canvas.js';
import { Answers } from './answers.js';
import { START, moved, stateOf, turned, zoomed } from './camera.js';
import { control } from './controls.js';
import { fold } from './fold.js';
import { count, forgetPhoton, showBadge, showLocal, showRemote, showSwitch, size } from './figures.js';
import { Liveliness } from './liveliness.js';
import { LocalSide } from './local-side.js';

const ORBIT_SPEED = 0.14; // radians a second
const find = (id) => document.getElementById(id);
const [view, remote, slider, orbitButton, quality] = ['view', 'remote', 'points', 'orbit', 'quality'].map(find);

let camera = START;
let orbiting = false;
/** Everything of one run. */
let run = null;

const life = new Liveliness({ turn, tell });
const shown = stage({
  hint: 'Ten million points, drawn by this browser or by a process of your own.',
  run: begin,
  onEnd: () => {
    run = null;
    life.rest();
  },
});

async function begin({ session, signal, watch }) {
  const about = await (await session.fetch('/about', { signal })).json();
  const mine = (run = { about, session, signal, side: null, asked: null, dirty: true, last: 0, answers: new Answers(), offered: null });
  mine.socket = watch(session.socket('/'));
  remote.toggleAttribute('paused', true);
  remote.state = stateOf(camera, points());
  remote.socket = mine.socket;
  mine.local = new LocalSide({ session, signal, total: about.points }, {
    onLayer: () => redraw(mine),
    onStill: () => redraw(mine),
    onDrawn: () => drawn(mine),
    onFree: () => mine === run && mine.dirty && life.wake(),
    onSlow: () => offerOurs(mine),
    onTrouble: (words) => leaveLocal(mine, words),
    onFetchFailed: (words) => (mine.local.isReady ? shown.notice(`No more points come: ${words}`) : leaveLocal(mine, `The points could not be fetched: ${words}`)),
  });
  mine.local.open();
  const first = firstFrame(signal);
  orbit(!matchMedia('(prefers-reduced-motion: reduce)').matches);
  switchTo(chosen());
  remote.addEventListener('frame', ({ detail }) => {
    ready('remote');
    mine.answers.add(detail.latency);
    life.happened();
  }, { signal });
  if (mine.asked?.side === 'remote') await first;
  return () => {
    if (remote.socket === mine.socket) remote.socket = null;
    mine.socket.close();
    mine.local.close();
  };
}

/** Or the end of a run that had none. */
const firstFrame = (signal) => new Promise((resolve) => {
  remote.addEventListener('frame', resolve, { once: true, signal });
  signal.addEventListener('abort', resolve, { once: true });
});

const chosen = () => document.querySelector('[name="side"]:checked').value;

function choose(side) {
  document.querySelector(`[name="side"][value="${side}"]`).checked = true;
  switchTo(side);
}

/** On a slider of a hundred steps: from a hundred thousand to ten million, ten times as many each fifty. */
const points = () => Math.min(10_000_000, Math.round((100_000 * 10 ** (slider.value / 50)) / 1000) * 1000);

const wanted = (mine) => mine.asked?.side ?? mine.side;

/** The side that draws is asked at once, and the other one stops at once; what is seen changes when the first frame is there. */
function switchTo(side) {
  const mine = run;
  if (!mine || wanted(mine) === side) return;
  if (side === 'local') {
    if (mine.local.trouble) mine.local.open();
    if (mine.local.trouble) return leaveLocal(mine, mine.local.trouble);
    mine.local.want(points());
  } else {
    if (mine.side === 'local' || mine.asked) mine.local.stop();
    if (mine.offered === 'now') {
      mine.offered = 'taken';
      shown.notice(null);
    }
    remote.state = stateOf(camera, points());
    remote.paused = false;
    askAbout(mine);
  }
  mine.asked = { side, at: performance.now(), frames: 0 };
  mine.dirty = true;
  life.wake();
}

/** What was drawn here, or was to be, is drawn by the process instead, and the page says why. */
function leaveLocal(mine, words) {
  if (mine !== run || chosen() !== 'local') return;
  choose('remote');
  shown.notice(`${words} Our side draws now.`, { action: 'Try yours again', onAction: () => choose('local') });
}

/** Even with the fewest points it does not move here. Said once. */
function offerOurs(mine) {
  if (mine !== run || mine.offered || wanted(mine) !== 'local') return;
  mine.offered = 'now';
  shown.notice('Your GPU is slow at this, even with few points: each picture takes it more than a quarter of a second.', {
    action: 'Let ours draw',
    onAction: () => choose('remote'),
  });
}

/** What draws over there may have changed: a graphics card can fail there too. */
async function askAbout(mine) {
  try {
    mine.about = await (await mine.session.fetch('/about', { signal: mine.signal })).json();
  } catch {
    // The stage says what is wrong with the connection.
  }
}

/** A frame of this side is there to be seen. */
function ready(side) {
  const mine = run;
  if (mine?.asked?.side !== side) return;
  const { at, frames } = mine.asked;
  const isFirst = mine.side === null;
  [mine.side, mine.asked] = [side, null];
  view.dataset.shown = side;
  forgetPhoton();
  if (side === 'remote') mine.answers.begin();
  if (side === 'local') {
    remote.paused = true;
    shown.notice(null);
  }
  if (!isFirst) showSwitch(performance.now() - at, Math.max(1, frames));
  tell();
}

function changed(next) {
  camera = next;
  view.dataset.camera = JSON.stringify(camera); // for whoever looks in from outside, tests among them
  if (!run) return;
  if (wanted(run) === 'local') run.local.input();
  if (wanted(run) === 'remote' || run.side === 'remote') remote.state = stateOf(camera, points());
  redraw(run);
}

function redraw(mine) {
  mine.dirty = true;
  life.wake();
  life.happened();
}

/** Whether there is more to do before the next picture. */
function turn(now) {
  const mine = run;
  if (!mine) return false;
  const passed = Math.min(0.1, (now - mine.last) / 1000);
  mine.last = now;
  if (mine.asked) mine.asked.frames++;
  if (orbiting) changed(turned(camera, ORBIT_SPEED * passed, 0));
  if (wanted(mine) === 'local' && mine.dirty && mine.local.isReady && !mine.local.isBusy) drawLocal(mine);
  return orbiting || mine.asked !== null;
}

function drawLocal(mine) {
  mine.dirty = false;
  const ratio = Math.min(devicePixelRatio, 2);
  const [width, height] = [view.clientWidth, view.clientHeight].map((side) => Math.max(2, Math.round((side * ratio) / 2) * 2));
  mine.local.draw(camera, points(), width, height, orbiting);
}

function drawn(mine) {
  if (mine !== run) return;
  view.dataset.localFrames = String(mine.local.frames);
  life.happened();
  ready('local');
}

function tell() {
  const mine = run;
  if (mine?.side === 'remote') {
    showRemote({ ...remote.stats, latency: mine.answers.summary() }, mine.about);
    showBadge('ours');
  } else if (mine?.side === 'local') {
    const { local, about } = mine;
    const stats = local.stats;
    showLocal({ ...stats, loading: local.isLoading }, about, local.name);
    showBadge(local.isLoading ? `your GPU · ${count(local.points)} here, ${size(stats.bytes)}` : local.isReduced ? 'your GPU · fewer points while it moves' : 'your GPU');
  }
}

function orbit(on) {
  if (orbiting && !on && run) redraw(run);
  orbiting = on;
  orbitButton.ariaPressed = String(on);
  life.wake();
}

control(view, {
  turn: (yaw, pitch) => (orbit(false), changed(turned(camera, yaw, pitch))),
  move: (right, away) => (orbit(false), changed(moved(camera, right, away))),
  zoom: (factor) => changed(zoomed(camera, factor)),
  home: () => (orbit(false), changed(START)),
  orbit: () => orbit(!orbiting),
});
orbitButton.addEventListener('click', () => orbit(!orbiting));
find('home').addEventListener('click', () => (orbit(false), changed(START)));
for (const radio of document.querySelectorAll('[name="side"]')) radio.addEventListener('change', () => switchTo(chosen()));
slider.addEventListener('input', () => {
  find('points-said').textContent = count(points());
  changed(camera);
  if (run && wanted(run) === 'local') run.local.want(points());
});
quality.addEventListener('change', () => {
  remote.setAttribute('codecs', quality.value === 'images' ? 'images' : 'h264');
  remote.quality = quality.value === 'images' ? 'auto' : quality.value;
});
for (const button of document.querySelectorAll('.fold')) fold(button);
new ResizeObserver(() => changed(camera)).observe(view);
