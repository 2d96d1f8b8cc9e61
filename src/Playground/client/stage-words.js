// What a stage says of its process: pure words, so that every demo uses the same ones.

/** As 01:05, or 1:00:05. @param {number} milliseconds */
export function clock(milliseconds) {
  const seconds = Math.floor(milliseconds / 1000);
  const two = (n) => String(n).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  return `${hours ? `${hours}:` : ''}${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

/** Of a place in the queue. */
export function ofQueue(position) {
  return `${position === 1 ? 'You are next' : `${position - 1} before you`}.`;
}

/** Of a connection that is lost and will be tried again in so many milliseconds. Whoever closed it may have said why. */
export function ofLoss({ retryIn, unreachable, code, reason }) {
  const seconds = Math.ceil(retryIn / 1000);
  const said = code !== 1006 && reason ? ` ${reason}${/[.!?]$/.test(reason) ? '' : '.'}` : '';
  return `${unreachable ? 'The server cannot be reached' : 'The connection is lost'}.${said} Trying again ${seconds > 1 ? `in ${seconds} s` : 'now'}.`;
}

/** Of an end that was announced: to be read on, and to be heard once. */
export function ofEnding(reason) {
  const unused = reason === 'idle';
  return { why: unused ? 'Nobody has used it for a while' : 'Its time is nearly up', status: `ends soon: ${unused ? 'unused' : 'its time is nearly up'}` };
}

/**
 * Of a process that has ended.
 * @param {object | null} status the hub's; null where it knows of none
 * @returns {{ lead: string, hint: string, asked: boolean }} asked: it ended as it should
 */
export function ofEnd(status) {
  const asked = ['requested', 'idle', 'lifetime'].includes(status?.reason);
  const startFailed = ['start_failed', 'start_timeout'].includes(status?.reason);
  const lead = startFailed ? 'The process did not start.' : asked ? 'The process has ended.' : 'The process is gone.';
  // That it could not be started is said already; why not is not.
  const message = status?.reason === 'start_failed' ? '' : status ? status.message : 'The server no longer knows it.';
  return { lead, asked, hint: [message, asked ? '' : status?.detail].filter(Boolean).join(' ') };
}
