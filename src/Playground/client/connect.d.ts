import type { SessionBackend } from './session.js';

/** Why one waits, and how long it may take. The place is held for as long as the call: abort it, or leave the page, and it is free. */
export interface QueuePlace {
  /** From 1: who is next. */
  readonly position: number;
  /** How many wait. */
  readonly of: number;
  /** What is full: `too_many_for_service`, `too_many`, `too_many_for_client`. */
  readonly kind?: string;
  /** The same for people. */
  readonly message: string;
}

export interface ConnectOptions {
  /** The account the service belongs to. */
  account: string;
  /** Origin of the hub, such as `https://browsertech.example`. Default: where this module came from. */
  api?: string;
  /** Tabs that give the same key share one backend. */
  key?: string;
  /** False: only join a backend that holds the key. An object: Plane's spawn options. */
  spawn?: boolean | { lifetime_limit_seconds?: number; max_idle_seconds?: number; tag?: string };
  /** Gives up asking, and the place in the queue. */
  signal?: AbortSignal;
  /** With it, a full house makes one wait and tells the place; without, it refuses at once. */
  onQueue?: (place: QueuePlace) => void;
}

/** What connect answered. It holds the token: keep it where only this page can read it. */
export interface Grant {
  readonly backend_id: string;
  readonly spawned: boolean;
  readonly status: string;
  readonly token: string;
  readonly url: string;
  readonly path_url?: string;
  readonly secret_token: string;
  readonly status_url: string;
  readonly ready_url: string;
  readonly status_stream_url: string;
  readonly terminate_url: string;
  readonly fencing_token: string;
  readonly [more: string]: unknown;
}

/** Gets or creates a backend. @throws {PlaygroundError} The hub's refusal; or the signal's reason. */
export function connect(service: string, options: ConnectOptions): Promise<SessionBackend>;

/** Takes up a session again from `session.grant`. Null when the backend has ended. */
export function resume(grant: Grant, options?: { signal?: AbortSignal }): Promise<SessionBackend | null>;
