// What the panel shows.

const find = (id) => document.getElementById(id);

function put(id, text) {
  const element = find(id);
  if (element.textContent !== text) element.textContent = text;
}

const ms = (value) => (value === null || value === undefined ? '–' : `${value < 9.95 ? value.toFixed(1) : Math.round(value)} ms`);

export function count(points) {
  return points >= 9_950_000 ? '10 M' : points >= 1e6 ? `${(points / 1e6).toFixed(1)} M` : `${Math.round(points / 1000)} k`;
}

export const size = (bytes) => (bytes >= 1e6 ? `${(bytes / 1e6).toFixed(1)} MB` : `${Math.round(bytes / 1000)} kB`);

/** What was measured of one side says nothing of the other. */
export function forgetPhoton() {
  put('photon', ms(null));
  put('photon95', ms(null));
}

/**
 * @param {object} stats Of the remote canvas.
 * @param {{ points: number, renderer: string, why: string }} about What the process says of itself.
 */
export function showRemote(stats, { points, renderer, why }) {
  put('rate', stats.framesPerSecond ? stats.framesPerSecond.toFixed(0) : 'at rest');
  if (stats.latency.p50 !== null) {
    put('photon', ms(stats.latency.p50));
    put('photon95', ms(stats.latency.p95));
  }
  put('line', `${(stats.bitsPerSecond / 1e6).toFixed(1)} Mbit/s`);
  put('received', size(stats.bytes));
  put('drawn', `${count(stats.drawn)} of ${count(points)}`);
  put('picture', stats.width ? `${stats.width} × ${stats.height}${stats.isComplete ? ', complete' : ''}` : '–');
  put('encoder', stats.codec || '–');
  put('renderer', renderer);
  put('renderer-why', why);
  budget({ render: stats.rendering, encode: stats.encoding, network: stats.roundTrip ?? 0, decode: stats.decoding });
}

/**
 * @param {object} stats Of the local renderer, and whether points are on their way.
 * @param {{ points: number }} about
 * @param {string} renderer
 */
export function showLocal(stats, { points }, renderer) {
  put('rate', stats.framesPerSecond ? stats.framesPerSecond.toFixed(stats.framesPerSecond < 10 ? 1 : 0) : 'at rest');
  put('photon', ms(stats.latency.p50));
  put('photon95', ms(stats.latency.p95));
  put('line', stats.loading ? `${(stats.bitsPerSecond / 1e6).toFixed(1)} Mbit/s` : 'nothing');
  put('received', `${size(stats.bytes)} of points`);
  put('drawn', `${count(stats.drawn)} of ${count(points)}`);
  put('picture', `${stats.width} × ${stats.height}`);
  put('encoder', 'none');
  put('renderer', renderer);
  put('renderer-why', '');
  budget({ render: stats.rendering, encode: 0, network: 0, decode: 0 });
}

export const showSwitch = (milliseconds, frames) => put('switched', `${ms(milliseconds)}, ${frames === 1 ? 'next frame' : `${frames} frames`}`);

export const showBadge = (text) => put('badge', text);

function budget(parts) {
  const whole = Math.max(1, Object.values(parts).reduce((sum, part) => sum + part, 0));
  for (const [name, value] of Object.entries(parts)) {
    put(name, value ? ms(value) : '–');
    find(`bar-${name}`).style.flexGrow = String(value / whole);
  }
}
