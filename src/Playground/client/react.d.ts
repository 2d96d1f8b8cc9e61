import type { DetailedHTMLProps, HTMLAttributes, ReactElement, ReactNode } from 'react';
import type { ConnectOptions, Grant, QueuePlace } from './connect.js';
import type { PlaygroundError } from './errors.js';
import type { LiveDemo } from './live-demo.js';
import type { BackendStatus, Ending, SessionBackend } from './session.js';
import type { Gone, SessionSocket, SocketOptions } from './socket.js';

interface Children {
  children?: ReactNode;
}

/** With what connect answered, for example on a server that has an account's token. */
export interface GrantedProps extends Children {
  grant: Grant;
  service?: undefined;
}

/** The same by Jamsocket's name. */
export interface ConnectResponseProps extends Children {
  connectResponse: Grant;
  grant?: undefined;
  service?: undefined;
}

/** Connects by itself; again when one of these says something else. */
export interface OrderProps extends Children, Omit<ConnectOptions, 'key' | 'signal' | 'onQueue'> {
  service: string;
  /** `key` is React's own. */
  backendKey?: string;
  /** Wait for a place where there is none, see `useQueue`. Default: be refused. */
  queue?: boolean;
  grant?: undefined;
  connectResponse?: undefined;
}

export function SessionBackendProvider(props: GrantedProps | ConnectResponseProps | OrderProps): ReactElement;

export function useSessionBackend(): SessionBackend | null;
export function useQueue(): QueuePlace | null;
export function useConnectError(): PlaygroundError | null;
export function useReady(): boolean;
export function useStatus(): BackendStatus | null;
export function useTerminated(): BackendStatus | { readonly status: 'terminated' } | null;
export function useEnding(): Ending | null;

export interface SocketState {
  readonly socket: SessionSocket | null;
  readonly state: 'connecting' | 'open' | 'lost' | 'gone';
  /** Why nothing is tried any more. */
  readonly gone: Gone | null;
  /** False: neither sent nor kept. The same function at every render. */
  readonly send: SessionSocket['send'];
}

export function useSocket(path?: string, options?: Omit<SocketOptions, 'signal'>): SocketState;
export function useMessage(socket: SessionSocket | null, callback: (data: any, event: MessageEvent) => void): void;

/** `<live-demo>` in JSX, once these types are part of the program. The element itself is defined by `live-demo.js`. */
declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'live-demo': DetailedHTMLProps<HTMLAttributes<LiveDemo>, LiveDemo> & {
        /** What it is called to those who do not see it; default: the link's text. */
        label?: string | undefined;
      };
    }
  }
}
