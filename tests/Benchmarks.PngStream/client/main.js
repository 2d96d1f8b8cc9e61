// Orbits, shows each PNG that comes, and counts. ?points=&width=&height=&interval= say what is asked for.
import { connect } from '/client/playground.js';

const canvas = document.querySelector('canvas');
const context = canvas.getContext('2d', { alpha: false });
const config = await (await fetch('config.json')).json();
const session = await connect(config.service, config);
const socket = session.socket('/');
const asked = new URLSearchParams(location.search);
const [points, width, height, interval] = ['points', 'width', 'height', 'interval'].map((name) => Number(asked.get(name)));
const sent = new Map();
let [sequence, yaw, last, shown] = [0, -1.02, 0, null];
const seen = (globalThis.seen = { frames: 0, bytes: 0, pictures: 0, drawn: 0, pixels: 0, latencies: [], codec: 'PNG' });

socket.addEventListener('message', async ({ data }) => {
  const view = new DataView(data);
  const picture = await createImageBitmap(new Blob([new Uint8Array(data, 8)], { type: 'image/png' }));
  seen.bytes += data.byteLength;
  seen.pictures++;
  seen.drawn += view.getUint32(4, true);
  seen.pixels += picture.width * picture.height;
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  shown = view.getUint32(0, true);
});

function turn(now) {
  requestAnimationFrame(turn);
  if (shown !== null) {
    seen.frames++;
    canvas.dataset.running = '';
    if (sent.has(shown)) seen.latencies.push(performance.now() - sent.get(shown));
    shown = null;
  }
  yaw += 0.14 * Math.min(0.1, (now - last) / 1000);
  last = now;
  const bytes = new DataView(new ArrayBuffer(40));
  bytes.setUint32(0, ++sequence, true);
  [width, height, interval].forEach((value, i) => bytes.setUint16(4 + i * 2, value, true));
  [-10, 25, 40, yaw, 0.4, 560].forEach((value, i) => bytes.setFloat32(12 + i * 4, value, true));
  bytes.setUint32(36, points, true);
  if (socket.send(bytes)) sent.set(sequence, performance.now());
}
requestAnimationFrame(turn);
