import type { ForwardRefExoticComponent, HTMLAttributes, RefAttributes } from 'react';
import type { RemoteCanvas as RemoteCanvasElement, RemoteCanvasFrame, RemoteCanvasQuality, RemoteCanvasStats } from './remote-canvas.js';
import type { SessionBackend } from './session.js';
import type { SessionSocket } from './socket.js';

export interface RemoteCanvasProps extends Omit<HTMLAttributes<RemoteCanvasElement>, 'children'> {
  /** Default: the session of the provider it stands in. */
  session?: SessionBackend | null;
  /** In place of a session. */
  socket?: SessionSocket | WebSocket | null;
  /** Sent when it is another object than before; only the newest. */
  state?: Uint8Array | null;
  quality?: RemoteCanvasQuality;
  paused?: boolean;
  /** What it is called to those who do not see it. */
  label?: string;
  /** Of the backend's WebSocket; default `/`. */
  path?: string;
  /** Of `pointer wheel key zoom shortcuts`; default the first three. `none`: the page makes a `state` of what happens. */
  input?: string;
  /** Of `h264 jpeg webp png`; default `h264 jpeg`. */
  codecs?: string;
  /** Device pixels for each CSS pixel, at most; default 2. */
  maxRatio?: number;
  onStats?(stats: RemoteCanvasStats): void;
  onFrame?(frame: RemoteCanvasFrame): void;
}

/** The ref is the element. */
export const RemoteCanvas: ForwardRefExoticComponent<RemoteCanvasProps & RefAttributes<RemoteCanvasElement>>;
