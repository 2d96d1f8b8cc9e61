import { stage, clock } from '/client/stage.js';
import { RoundTrips } from './roundtrips.js';
import { Terrain } from './terrain.js';
import * as view from './view.js';

/** The process ticks every second: silence this long is a dead connection. */
const SILENCE = 6000;
const terrain = new Terrain(view.scene);
/** The number the process goes by inside its sandbox. */
let inside = null;

const shown = stage({
  hint: 'One operating-system process, for this tab alone, for as long as it is open.',
  onStart() {
    inside = null;
    view.clear();
    terrain.clear();
  },
  onStatus(status) {
    view.markSteps(status.history);
    if (status.pid) showPid(status.pid);
  },
  onLive: ({ startedIn }) => view.put('started', `${startedIn} ms`),
  onEnd: view.past,
  async run({ session, signal, watch }) {
    view.put('backend', session.backendId);
    view.put('fencing', session.fencingToken);
    const socket = watch(session.socket('/', { silence: SILENCE }));
    const trips = new RoundTrips(socket, terrain);
    signal.addEventListener('abort', () => trips.stop());
    // Until the first word of the process itself, nothing is there.
    await new Promise((heard) => socket.addEventListener('message', ({ data }) => hear(JSON.parse(data), trips, heard)));
    const asking = setInterval(() => ask(session, signal), 1000);
    ask(session, signal);
    return () => clearInterval(asking);
  },
});

function hear(message, trips, heard) {
  if (message.type === 'ping') return trips.back(message.n);
  inside = message.pid;
  view.put('memory', `${(message.rssBytes / 1048576).toFixed(1)} MB`);
  view.put('uptime', clock(message.uptimeMs));
  heard();
}

/** What only the hub knows: the pid outside the sandbox, who else is connected, when the time is up. */
async function ask(session, signal) {
  if (document.hidden) return;
  const status = await session.status().catch(() => null); // the socket notices by itself when the backend is gone
  if (signal.aborted || !status) return;
  if (status.pid) showPid(status.pid);
  view.put('tabs', `${status.clients}`);
  shown.say(status.clients > 1 ? `shared by ${status.clients} tabs, live` : 'your process, live');
  view.put('closes', `${status.grace_seconds} s alone`);
  view.put('left', clock((status.lifetime_seconds_left ?? 0) * 1000));
}

function showPid(pid) {
  view.put('pid', `${pid}`, inside ? `The process sees itself as number ${inside} inside its sandbox.` : '');
}
