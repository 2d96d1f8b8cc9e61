// What a <remote-canvas> that connects by its attributes says in its place.

import { ofEnd } from './stage-words.js';

export { ofLoss } from './stage-words.js';

/** Of a connection after which nothing is tried any more. @param {{ kind?: string, reason?: string, status?: object | null }} gone */
export function ofGone({ kind, reason, status }) {
  if (kind === 'refused') return `The process refused what this page sent${reason ? `: ${reason}` : '.'}`;
  if (kind === 'closed') return 'The process has closed the connection.';
  if (kind === 'revoked') return 'This page may not use the process any more.';
  const { lead, hint } = ofEnd(status ?? null);
  return `${lead} ${hint}`.trim();
}
