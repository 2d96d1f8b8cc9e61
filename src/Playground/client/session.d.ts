import type { Grant } from './connect.js';
import type { SessionSocket, SocketOptions } from './socket.js';

export type BackendState =
  | 'scheduled' | 'loading' | 'starting' | 'waiting' | 'ready' | 'terminating' | 'hard-terminating' | 'terminated';

/** What the hub tells about a backend. Times are ISO 8601 in UTC. */
export interface BackendStatus {
  readonly backend_id: string;
  readonly status: BackendState;
  /** When it entered this state. */
  readonly time: string;
  /** Why it ends: `idle`, `lifetime`, `requested`, `start_failed`, … */
  readonly reason: string | null;
  /** The reason as a sentence. */
  readonly message: string | null;
  /** What went wrong, where there is more to say. */
  readonly detail: string | null;
  /** The last lines the program wrote, once it has ended. */
  readonly last_output: readonly string[] | null;
  readonly exit_code: number | null;
  readonly key: string | null;
  readonly fencing_token: string;
  readonly clients: number;
  readonly connections: number;
  readonly pid: number | null;
  readonly memory_bytes: number | null;
  /** How long it outlives its last connection. */
  readonly grace_seconds: number;
  readonly created_at: string;
  readonly lifetime_ends_at: string;
  /** Until then, counted by the hub when it answered: a page's clock may be minutes off. Null once it has ended. */
  readonly lifetime_seconds_left?: number | null;
  /** Null when nothing is due. */
  readonly idle_ends_at?: string | null;
  readonly history: readonly { readonly status: BackendState; readonly time: string }[];
}

/** A limit is about to strike. */
export interface Ending {
  readonly reason: 'lifetime' | 'idle';
  /** By the hub's clock. To count down, use `seconds_left`. */
  readonly ends_at: string;
  /** From the moment the callback is called. */
  readonly seconds_left: number;
}

/** Takes a listener away again. Calling it twice is fine. */
export type Off = () => void;

export interface ListenOptions {
  /** Takes the listener away when aborted. */
  signal?: AbortSignal;
}

/**
 * One page's hold on one backend. It is connected, by a stream of its status, until it is closed: a page that only fetches keeps its
 * backend too. Close what is no longer needed.
 */
export class SessionBackend {
  constructor(grant: Grant, options?: { renew?: ((signal: AbortSignal) => Promise<Grant>) | null; signal?: AbortSignal });

  readonly backendId: string;
  /** False where it joined a backend that others started. */
  readonly spawned: boolean;
  /** Grows with every backend of a key. Decimal digits. */
  readonly fencingToken: string;
  /** Known to this connection and the backend alone. */
  readonly secret: string;
  /** What `resume` takes. It holds the token. */
  readonly grant: Grant;

  readonly isReady: boolean;
  readonly isTerminated: boolean;
  readonly isClosed: boolean;
  readonly lastStatus: BackendStatus | null;

  /** Resolves when the backend is ready. @throws {PlaygroundError} It ended first (its `kind` is the reason), or the page let go. */
  readonly ready: Promise<void>;

  /** Once; at once where it is ready already. */
  onReady(callback: (status: BackendStatus) => void, options?: ListenOptions): Off;
  /** Once, with the last status; null where the hub does not know the backend any more. */
  onTerminated(callback: (status: BackendStatus | null) => void, options?: ListenOptions): Off;
  /** Every state from the first on; a late listener is told the last one. */
  onStatus(callback: (status: BackendStatus) => void, options?: ListenOptions): Off;
  /** About a minute before a limit strikes, and again when that becomes the nearest. A late listener is told what strikes next. */
  onEnding(callback: (ending: Ending) => void, options?: ListenOptions): Off;
  /** The idle end that was announced will not come: somebody was active. Where its lifetime ends soon, `onEnding` says so next. */
  onStaying(callback: () => void, options?: ListenOptions): Off;

  /** Asks now. */
  status(options?: { signal?: AbortSignal }): Promise<BackendStatus>;
  /** The address of a path of the backend, token included: for images, frames, and what else cannot send a header. */
  url(path?: string, kind?: 'http' | 'ws'): string;
  /** A request to the backend; the token goes in a header. @throws {PlaygroundError} Nothing answered. Refusals are answers. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** A WebSocket that comes back by itself for as long as the backend lives. @throws {PlaygroundError} The session is closed. */
  socket(path?: string, options?: SocketOptions): SessionSocket;

  /** Asks the backend to end; `hard` kills it. What has ended already is no error. */
  terminate(options?: { hard?: boolean; signal?: AbortSignal }): Promise<void>;
  /** False where there is no way to a new token: only a key leads back to the same backend. */
  renewToken(signal?: AbortSignal): Promise<boolean>;

  /** Lets go of everything made through this session. The backend lives on until it is alone. */
  close(): void;
  /** The same, by Jamsocket's name. */
  destroy(): void;
  /** The same, for `using`. */
  [Symbol.dispose](): void;
}
