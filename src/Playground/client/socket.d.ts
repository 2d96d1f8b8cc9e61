import type { BackendStatus, SessionBackend } from './session.js';

export interface SocketOptions {
  /** Subprotocols to offer. */
  protocols?: string | string[];
  /** Default `arraybuffer`. */
  binaryType?: BinaryType;
  /**
   * How many messages are kept while there is no connection, to be sent in order when there is. Default 0: what is sent
   * late is seldom still meant.
   */
  queue?: number;
  /** Milliseconds without a message after which an open connection counts as lost. For backends that speak regularly. Default: never. */
  silence?: number;
  /** Closes the socket when aborted. */
  signal?: AbortSignal;
}

/** Trying again by itself. */
export interface Lost {
  /** The close code; 1006 where there was none. */
  readonly code: number;
  readonly reason: string;
  /** Failures in a row. */
  readonly failures: number;
  /** Milliseconds until the next try; less when the network comes back. */
  readonly retryIn: number;
  /** Whether the hub could not be reached either. */
  readonly unreachable: boolean;
}

/** Nothing will be tried any more. */
export interface Gone {
  /** The last that is known; null where the hub does not know the backend any more. */
  readonly status: BackendStatus | null;
  /** The backend's reason (`idle`, `lifetime`, `requested`, …), `closed` by the backend with 1000, `refused` by it with 1008, `revoked`, or `gone`. */
  readonly kind: string;
  /** What was said as the connection was closed; often nothing. */
  readonly reason: string;
}

export interface SocketEvents {
  open: CustomEvent<{ readonly again: boolean }>;
  message: MessageEvent;
  lost: CustomEvent<Lost>;
  gone: CustomEvent<Gone>;
}

export class SessionSocket extends EventTarget {
  constructor(session: SessionBackend, path?: string, options?: SocketOptions, released?: (socket: SessionSocket) => void);
  readonly isOpen: boolean;
  /** By the page, or because the backend is gone. */
  readonly isClosed: boolean;
  /** The subprotocol agreed on. */
  readonly protocol: string;
  /** Bytes that the network has not taken yet: hold back when it grows. */
  readonly bufferedAmount: number;
  /** Messages kept. */
  readonly queued: number;
  /** False: neither sent nor kept. */
  send(data: string | ArrayBufferLike | Blob | ArrayBufferView): boolean;
  /** Gives up the present connection and makes a new one. */
  reconnect(): void;
  close(code?: number, reason?: string): void;
  [Symbol.dispose](): void;
  addEventListener<K extends keyof SocketEvents>(
    type: K, listener: (this: SessionSocket, event: SocketEvents[K]) => void, options?: boolean | AddEventListenerOptions): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject | null, options?: boolean | AddEventListenerOptions): void;
  removeEventListener<K extends keyof SocketEvents>(
    type: K, listener: (this: SessionSocket, event: SocketEvents[K]) => void, options?: boolean | EventListenerOptions): void;
  removeEventListener(type: string, listener: EventListenerOrEventListenerObject | null, options?: boolean | EventListenerOptions): void;
}
