import type { BackendStatus, SessionBackend } from './session.js';
import type { SessionSocket } from './socket.js';
import type { Need } from './needs.js';

/** What a run is given. */
export interface StageRun {
  readonly session: SessionBackend;
  /** What the demo's `config.json` says. */
  readonly config: { readonly api: string; readonly account: string; readonly service: string; readonly title: string; readonly [more: string]: unknown };
  /** Aborted when the run ends, whoever ended it. */
  readonly signal: AbortSignal;
  /** Lets the stage say when this socket is lost, comes back, or is gone for good. Gives the socket back. */
  watch(socket: SessionSocket): SessionSocket;
}

export interface StageOptions {
  /** Under "Nothing runs yet." */
  hint: string;
  /** What the page cannot do without: where one is missing, the page says so, and there is no Run. */
  needs?: readonly Need[];
  /**
   * Called as soon as there is a process, which may not be ready yet. The curtain rises when it resolves: wait in it for what has to be
   * there before there is something to see. What it throws is shown. What it gives back is called at the end.
   */
  run(context: StageRun): Promise<void | (() => void)>;
  /** Run was pressed, or a reload goes on. */
  onStart?(): void;
  /** Every state of the backend. */
  onStatus?(status: BackendStatus): void;
  /** The curtain has risen. In milliseconds from the press of Run; of a reload, what it was at first. */
  onLive?(about: { startedIn: number }): void;
  onEnd?(): void;
}

export interface Stage {
  readonly state: 'idle' | 'starting' | 'queued' | 'live' | 'lost' | 'ending' | 'ended' | 'failed';
  /** In place of "your process, live". */
  say(words: string): void;
  /** A line along the top of the scene, with a button or without. Null takes it away. An end that is near, or a connection that is lost, goes before it. */
  notice(words: string | null, options?: { action?: string | null; onAction?: (() => void) | null }): void;
  /** Ends the run: what happened, and what more there is to say. */
  fail(lead: string, hint?: string): void;
}

/** The life of the demo on this page, in the elements `.stage`, `.stage__scene`, `.stage__bar` and `.stage__panel`; begins at once. */
export function stage(options: StageOptions): Stage;

/** As 01:05, or 1:00:05. */
export function clock(milliseconds: number): string;
