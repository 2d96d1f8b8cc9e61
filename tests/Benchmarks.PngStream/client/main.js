// Orbits, shows each PNG that comes, and counts.
import { connect } from '/client/playground.js';

const context = document.querySelector('canvas').getContext('2d', { alpha: false });
const config = await (await fetch('config.json')).json();
const session = await connect(config.service, config);
const socket = session.socket('/');
const sent = new Map();
let [sequence, yaw, last, drawn] = [0, -1.02, 0, null];
const seen = (globalThis.seen = { frames: 0, bytes: 0, pictures: 0, latencies: [] });

socket.addEventListener('message', async ({ data }) => {
  seen.bytes += data.byteLength;
  seen.pictures++;
  const picture = await createImageBitmap(new Blob([new Uint8Array(data, 4)], { type: 'image/png' }));
  context.drawImage(picture, 0, 0);
  picture.close();
  drawn = new DataView(data).getUint32(0, true);
});

function turn(now) {
  requestAnimationFrame(turn);
  if (drawn !== null) {
    seen.frames++;
    document.querySelector('canvas').dataset.running = '';
    if (sent.has(drawn)) seen.latencies.push(performance.now() - sent.get(drawn));
    drawn = null;
  }
  yaw += 0.14 * Math.min(0.1, (now - last) / 1000);
  last = now;
  const bytes = new DataView(new ArrayBuffer(32));
  bytes.setUint32(0, ++sequence, true);
  [-10, 25, 40, yaw, 0.4, 560].forEach((value, i) => bytes.setFloat32(4 + i * 4, value, true));
  bytes.setUint32(28, 10_000_000, true);
  if (socket.send(bytes)) sent.set(sequence, performance.now());
}
requestAnimationFrame(turn);
