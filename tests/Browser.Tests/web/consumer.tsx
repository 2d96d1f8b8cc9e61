// What somebody who uses the client writes, with every check on. It is compiled, never run. A line marked with ts-expect-error must be an
// error: declarations that allow everything would pass any test.

import { connect, resume, PlaygroundError, SessionBackend, SessionSocket } from 'client/playground.js';
import type { BackendState, BackendStatus, Ending, Gone, Grant, Lost, QueuePlace } from 'client/playground.js';
import { EventParser, follow } from 'client/events.js';
import { tell, onStop, isFramed } from 'client/frame.js';
import { LiveDemo } from 'client/live-demo.js';
import { RemoteCanvas as RemoteCanvasElement } from 'client/remote-canvas.js';
import { RemoteCanvas } from 'client/remote-canvas-react.js';
import { SessionBackendProvider, useConnectError, useEnding, useMessage, useQueue, useReady, useSessionBackend, useSocket, useStatus, useTerminated } from 'client/react.js';

export async function use(signal: AbortSignal): Promise<void> {
  const places: QueuePlace[] = [];
  const session: SessionBackend = await connect('terrain', {
    account: 'browsertech', api: 'https://browsertech.example', key: 'room',
    spawn: { lifetime_limit_seconds: 60 }, signal, onQueue: (place) => places.push(place),
  });
  // @ts-expect-error an account is needed
  await connect('terrain', {});
  // @ts-expect-error a place is a number
  const first: string | undefined = places[0]?.position;

  const off = session.onStatus((status: BackendStatus) => {
    const state: BackendState = status.status;
    if (state === 'ready') off();
    // @ts-expect-error not a state
    if (state === 'running') off();
  }, { signal });
  session.onReady(({ pid }) => pid?.toFixed());
  session.onTerminated((status) => status?.reason);
  // @ts-expect-error it may be unknown
  session.onTerminated((status) => status.reason);
  session.onEnding(({ reason, seconds_left }: Ending) => `${reason} ${seconds_left}`);
  session.onStaying(() => {});
  await session.ready;
  const { history } = await session.status({ signal });
  history[0]?.time.slice();

  const socket: SessionSocket = session.socket('/', { queue: 10, silence: 5000, protocols: ['v1'], signal });
  socket.addEventListener('message', ({ data }) => data);
  socket.addEventListener('open', ({ detail }) => detail.again);
  socket.addEventListener('lost', ({ detail }: CustomEvent<Lost>) => detail.retryIn);
  socket.addEventListener('gone', ({ detail }: CustomEvent<Gone>) => detail.status?.last_output?.at(-1));
  // @ts-expect-error it says nothing of the kind
  socket.addEventListener('open', ({ detail }) => detail.first);
  const sent: boolean = socket.send(new Uint8Array(4));
  socket.reconnect();
  socket.close();

  const response: Response = await session.fetch('/points', { method: 'POST', body: 'x' });
  const address: string = session.url('/image.png') + session.url('/', 'ws');
  const again: SessionBackend | null = await resume(session.grant, { signal });
  await session.terminate({ hard: true });
  again?.destroy();
  using held = session;
  void [sent, response, address, held, first];
}

export function refused(error: unknown): string {
  return error instanceof PlaygroundError ? `${error.kind} ${error.status} ${error.id ?? ''} ${error.retryAfter ?? 0}` : 'unexpected';
}

export async function read(signal: AbortSignal): Promise<void> {
  const parser = new EventParser(({ event, data, id }) => `${event}${data}${id}`);
  parser.feed('data: x\n\n');
  await follow('https://browsertech.example/stream', ({ event }) => event === 'end', signal);
  if (isFramed) tell('ending', { reason: 'lifetime', seconds_left: 60 });
  onStop(() => {}, { signal });
  const demo: LiveDemo = document.createElement('live-demo');
  demo.addEventListener('statechange', ({ detail }) => detail.state === 'live');
  await demo.stop();
}

export function show(session: SessionBackend): number {
  const canvas: RemoteCanvasElement = document.createElement('remote-canvas');
  canvas.session = session;
  canvas.state = new Uint8Array(24);
  canvas.quality = 'high';
  // @ts-expect-error not a quality
  canvas.quality = 'best';
  canvas.addEventListener('stats', ({ detail }) => detail.latency.p50?.toFixed());
  canvas.addEventListener('frame', ({ detail }) => detail.latency?.toFixed());
  // @ts-expect-error it may be unanswered
  canvas.addEventListener('frame', ({ detail }) => detail.latency.toFixed());
  canvas.refresh();
  return canvas.isComplete ? canvas.stats.bytes : 0;
}

export const Picture = () => <RemoteCanvas label="A town" input="none" state={new Uint8Array(24)} quality="auto" onStats={(stats) => stats.framesPerSecond} style={{ height: 400 }} />;
// @ts-expect-error not a quality
export const Wrong = () => <RemoteCanvas quality="best" />;

function Inside() {
  const ready: boolean = useReady();
  const { socket, state, gone, send } = useSocket('/', { queue: 1 });
  useMessage(socket, (data) => send(String(data)));
  const lines = [useStatus()?.status, useQueue()?.position, useConnectError()?.message, useEnding()?.reason, useTerminated()?.status, useSessionBackend()?.backendId];
  return <p title={state}>{ready ? gone?.kind : lines.join()}</p>;
}

export function App({ grant }: { grant: Grant }) {
  return (
    <>
      <SessionBackendProvider grant={grant}><Inside /></SessionBackendProvider>
      <SessionBackendProvider connectResponse={grant}><Inside /></SessionBackendProvider>
      <SessionBackendProvider service="terrain" account="browsertech" backendKey="room" queue><Inside /></SessionBackendProvider>
      {/* @ts-expect-error either a grant or a service */}
      <SessionBackendProvider grant={grant} service="terrain" account="browsertech" />
      {/* @ts-expect-error an account is needed */}
      <SessionBackendProvider service="terrain" />
      <live-demo label="The terrain" ref={(demo) => { demo?.run(); }}><a href="https://terrain.demo.example/?run">Run it</a></live-demo>
      {/* @ts-expect-error no such attribute */}
      <live-demo source="https://terrain.demo.example/?run" />
    </>
  );
}
