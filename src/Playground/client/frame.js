// What a demo's page tells the page that shows it in a frame, and the one thing it does when told. A demo that is opened on its own
// tells nobody. Nothing here is a secret: what is told is what anybody sees who looks at the frame.

const MARK = 'live-demo';

/** Whether this page is shown in another one. */
export const isFramed = globalThis.parent !== undefined && globalThis.parent !== globalThis;

/**
 * Tells the page around this one how it stands.
 * @param {'idle'|'starting'|'queued'|'live'|'lost'|'ending'|'ended'|'failed'} state
 */
export function tell(state, details = {}) {
  if (isFramed) parent.postMessage({ [MARK]: 1, state, ...details }, '*');
}

/** Calls back when the page around this one asks it to stop. */
export function onStop(callback, { signal } = {}) {
  if (!isFramed) return;
  addEventListener('message', (event) => {
    if (event.source === parent && event.data?.[MARK] === 1 && event.data.ask === 'stop') callback();
  }, { signal });
}
