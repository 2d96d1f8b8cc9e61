import { PlaygroundError, ask, refusal } from './errors.js';
import { EventParser, readEvents } from './events.js';
import { SessionBackend } from './session.js';

/**
 * Gets or creates a backend of a service. Answers as soon as it is scheduled: everything sent to it is held until it is ready.
 */
export async function connect(service, { api, account, key, spawn, signal, onQueue } = {}) {
  const origin = (api ?? new URL(import.meta.url).origin).replace(/\/$/, '');
  const address = `${origin}/v2/service/${encodeURIComponent(account)}/${encodeURIComponent(service)}/connect`;
  const order = (more) => grant(address, { key, spawn, ...more });
  const granted = await order({ signal, onQueue });
  // Only a key leads back to the same backend.
  const renew = key ? (signal) => order({ spawn: false, signal }) : null;
  return new SessionBackend(granted, { renew });
}

/**
 * Takes up a session again, for example after a reload, from what `session.grant` was.
 * @returns {Promise<SessionBackend|null>} Null when the backend has ended.
 */
export async function resume(granted, { signal } = {}) {
  const session = new SessionBackend(granted);
  try {
    const { status } = await session.status({ signal });
    if (!status.endsWith('terminating') && status !== 'terminated') return session;
  } catch (error) {
    if (!(error instanceof PlaygroundError && (error.status === 404 || error.status === 410))) {
      session.close();
      throw error;
    }
  }
  session.close();
  return null;
}

async function grant(address, { signal, onQueue, ...body }) {
  const headers = { 'Content-Type': 'application/json' };
  // The place in the queue lives exactly as long as this call: leaving the page gives it up.
  if (onQueue) headers.Accept = 'text/event-stream, application/json;q=0.9';
  const response = await ask(address, { method: 'POST', headers, body: JSON.stringify(body), signal });
  if (!response.ok) throw await refusal(response);
  if (!response.headers.get('Content-Type')?.startsWith('text/event-stream')) return await response.json();

  let granted = null;
  let refused = null;
  const parser = new EventParser(({ event, data }) => {
    const said = JSON.parse(data);
    if (event === 'queued') onQueue?.(said);
    else if (event === 'connected') granted = said;
    else if (event === 'refused') refused = new PlaygroundError(said.message, said.kind, 429, { id: said.id });
  });
  await readEvents(response, parser, signal);
  if (granted) return granted;
  throw refused ?? new PlaygroundError('The server ended the queue without an answer. Try again.', 'unreachable');
}
