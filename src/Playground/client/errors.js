/** A refusal of the hub: `kind` is for programs, `message` for people, `id` is also in the hub's log. */
export class PlaygroundError extends Error {
  constructor(message, kind, status = 0, { id, retryAfter, cause } = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'PlaygroundError';
    this.kind = kind;
    this.status = status;
    this.id = id;
    this.retryAfter = retryAfter;
  }
}

export const unreachable = (cause) =>
  new PlaygroundError('The server could not be reached. Check your connection, then try again.', 'unreachable', 0, { cause });

/** A fetch that carries nothing of the page with it, and whose failures are all `PlaygroundError`s but for an abort. */
export async function ask(address, init = {}) {
  try {
    return await fetch(address, { cache: 'no-store', ...init, credentials: 'omit', referrerPolicy: 'no-referrer' });
  } catch (error) {
    if (init.signal?.aborted) throw init.signal.reason;
    throw unreachable(error);
  }
}

/** What a refusal says, whether or not it is the hub's JSON: a proxy on the way answers in its own words. */
export async function refusal(response) {
  const body = await response.json().catch(() => null);
  const seconds = Number.parseFloat(response.headers.get('Retry-After') ?? '');
  return new PlaygroundError(
    body?.message ?? `The server answered with ${response.status}.`, body?.kind ?? 'unknown', response.status,
    { id: body?.id, retryAfter: Number.isFinite(seconds) ? seconds : undefined });
}

/** Calls the API and gives its JSON. */
export async function call(address, init) {
  const response = await ask(address, init);
  if (!response.ok) throw await refusal(response);
  try {
    return await response.json();
  } catch (error) {
    if (init?.signal?.aborted) throw init.signal.reason;
    throw new PlaygroundError('The server answered with something that is not its own.', 'unknown', response.status, { cause: error });
  }
}
