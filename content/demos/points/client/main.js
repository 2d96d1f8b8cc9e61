import { stage } from '/client/stage.js';
import '/client/remote-canvas.js';
import { START, moved, stateOf, turned, zoomed } from './camera.js';
import { control } from './controls.js';
import { Feed } from './feed.js';
import { count, showBadge, showLocal, showRemote, showSwitch, size } from './figures.js';
import { LocalRenderer } from './local.js';
import { LocalStats } from './local-stats.js';

const ORBIT_SPEED = 0.14; // radians a second
const FIRST_POINTS = 400_000; // fetched ahead, so that a switch has something to show
const find = (id) => document.getElementById(id);
const [view, remote, slider, orbitButton, quality] = ['view', 'remote', 'points', 'orbit', 'quality'].map(find);

let camera = START;
let orbiting = false;
/** Everything of one run. */
let run = null;

const shown = stage({
  hint: 'Ten million points, drawn by this browser or by a process of your own.',
  run: begin,
  onEnd: () => (run = null),
});

async function begin({ session, signal, watch }) {
  const about = await (await session.fetch('/about', { signal })).json();
  const mine = (run = { about, signal, side: null, asked: null, local: null, feed: null, failed: null, stats: new LocalStats(), dirty: true, last: 0 });
  mine.socket = watch(session.socket('/'));
  remote.toggleAttribute('paused', true);
  remote.state = stateOf(camera, points());
  remote.socket = mine.socket;
  prepareLocal(mine, session);
  const first = new Promise((resolve) => remote.addEventListener('frame', resolve, { once: true, signal }));
  orbit(!matchMedia('(prefers-reduced-motion: reduce)').matches);
  switchTo(chosen());
  remote.addEventListener('frame', ({ detail }) => ready('remote', detail), { signal });
  remote.addEventListener('stats', () => tell(), { signal });
  if (chosen() === 'remote') await first;
  requestAnimationFrame(turn);
  return () => {
    remote.socket = null;
    mine.socket.close();
    mine.local?.dispose();
    find('local').replaceWith(Object.assign(find('local').cloneNode(), { width: 1, height: 1 }));
  };
}

function prepareLocal(mine, session) {
  try {
    mine.local = new LocalRenderer(find('local'));
    mine.feed = new Feed({ session, renderer: mine.local, signal: mine.signal, onLayer: () => arrived(mine) });
    mine.feed.want(FIRST_POINTS, mine.about.points);
  } catch (error) {
    mine.failed = error;
  }
}

function arrived(mine) {
  mine.dirty = true;
  if (mine.feed.failed) shown.notice(`The points could not be fetched: ${mine.feed.failed.message}`);
}

const chosen = () => document.querySelector('[name="side"]:checked').value;

/** On a slider of a hundred steps: from a hundred thousand to ten million, ten times as many each fifty. */
const points = () => Math.min(10_000_000, Math.round((100_000 * 10 ** (slider.value / 50)) / 1000) * 1000);

/** The side that draws is asked at once; what is seen changes when its first frame is there. */
function switchTo(side) {
  const mine = run;
  if (!mine || mine.asked?.side === side || (mine.side === side && !mine.asked)) return;
  if (side === 'local' && (mine.failed || mine.local.lost)) {
    shown.notice(`This browser cannot draw it: ${mine.failed?.message ?? 'its graphics driver gave up.'}`);
    document.querySelector('[value="remote"]').checked = true;
    return;
  }
  mine.asked = { side, at: performance.now(), frames: 0 };
  mine.dirty = true;
  remote.state = stateOf(camera, points());
  if (side === 'remote') remote.paused = false;
  else mine.feed.want(points(), mine.about.points);
}

/** A frame of this side is there to be seen. */
function ready(side) {
  const mine = run;
  if (mine?.asked?.side !== side) return;
  const { at, frames } = mine.asked;
  const isFirst = mine.side === null;
  [mine.side, mine.asked] = [side, null];
  view.dataset.shown = side;
  if (side === 'local') remote.paused = true;
  if (!isFirst) showSwitch(performance.now() - at, Math.max(1, frames));
  tell();
}

function changed(next) {
  camera = next;
  view.dataset.camera = JSON.stringify(camera); // for whoever looks in from outside, tests among them
  if (!run) return;
  run.dirty = true;
  run.stats.input();
  if ((run.asked?.side ?? run.side) === 'remote' || run.side === 'remote') remote.state = stateOf(camera, points());
}

function turn(now) {
  const mine = run;
  if (!mine) return;
  requestAnimationFrame(turn);
  const passed = Math.min(0.1, (now - mine.last) / 1000);
  mine.last = now;
  if (mine.asked) mine.asked.frames++;
  if (document.hidden) return;
  if (orbiting) changed(turned(camera, ORBIT_SPEED * passed, 0));
  if ((mine.side === 'local' || mine.asked?.side === 'local') && mine.dirty && mine.local?.isReady) drawLocal(mine);
}

function drawLocal(mine) {
  mine.dirty = false;
  const ratio = Math.min(devicePixelRatio, 2);
  const [width, height] = [view.clientWidth, view.clientHeight].map((side) => Math.max(2, Math.round((side * ratio) / 2) * 2));
  const begun = performance.now();
  const drawn = mine.local.render(camera, points(), width, height);
  mine.local.finish();
  mine.stats.drawn(performance.now() - begun, drawn, width, height);
  view.dataset.localFrames = String(mine.stats.frames);
  ready('local');
}

function tell() {
  const mine = run;
  if (!mine) return;
  if (mine.side === 'remote') {
    showRemote(remote.stats, mine.about.points, mine.about.renderer);
    showBadge('ours');
  } else if (mine.side === 'local') {
    const { feed, local, about } = mine;
    showLocal({ ...mine.stats.summary(), bytes: local.bytes, loading: feed.isLoading, bitsPerSecond: feed.bitsPerSecond }, about.points, local.name);
    showBadge(feed.isLoading ? `your GPU · ${count((local.layers / 64) * local.count)} here, ${size(local.bytes)}` : 'your GPU');
  }
}

function orbit(on) {
  orbiting = on;
  orbitButton.ariaPressed = String(on);
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
  if (run && (run.asked?.side ?? run.side) === 'local') run.feed.want(points(), run.about.points);
});
quality.addEventListener('change', () => {
  remote.setAttribute('codecs', quality.value === 'images' ? 'images' : 'h264');
  remote.quality = quality.value === 'images' ? 'auto' : quality.value;
});
setInterval(tell, 500);
new ResizeObserver(() => changed(camera)).observe(view);
