import type { SessionBackend } from './session.js';
import type { Gone, Lost, SessionSocket } from './socket.js';

export type RemoteCanvasQuality = 'auto' | 'low' | 'high';

/** What was measured, over the last two seconds where it is a rate. Times are milliseconds. */
export interface RemoteCanvasStats {
  /** Pictures the browser made of the page with a new frame in them. */
  readonly framesPerSecond: number;
  /** From input to the picture of the page that answers it; null while there was none. */
  readonly latency: { readonly p50: number | null; readonly p95: number | null };
  readonly bitsPerSecond: number;
  /** Received in all. */
  readonly bytes: number;
  /** Shown in all. */
  readonly frames: number;
  /** Of the connection alone; null before it was measured. */
  readonly roundTrip: number | null;
  readonly decoding: number;
  readonly rendering: number;
  readonly encoding: number;
  /** What the scene says it has drawn. */
  readonly drawn: number;
  /** `H.264`, `JPEG`, `PNG`, `WebP`; empty before the first frame. */
  readonly codec: string;
  readonly isComplete: boolean;
  /** Pixels that are sent. Fewer than asked for while things move and the machine or the line cannot keep up. */
  readonly width: number;
  readonly height: number;
  readonly askedWidth: number;
  readonly askedHeight: number;
}

/** One frame that is shown. */
export interface RemoteCanvasFrame {
  readonly number: number;
  /** The newest input it answers. */
  readonly input: number;
  /** Since that input; null where an earlier frame answered it already. */
  readonly latency: number | null;
  readonly codecName: string;
  readonly isKey: boolean;
  readonly isComplete: boolean;
  readonly width: number;
  readonly height: number;
  readonly rendering: number;
  readonly encoding: number;
  readonly drawn: number;
  readonly bytes: number;
}

export interface RemoteCanvasEvents {
  /** Twice a second while frames come, and once when there are no more. */
  stats: CustomEvent<RemoteCanvasStats>;
  frame: CustomEvent<RemoteCanvasFrame>;
  /** It connects by its attributes, and could not; what is in the element then says why. */
  connecterror: CustomEvent<Error>;
  /** The connection is lost and tried again; of a session's socket. */
  lost: CustomEvent<Lost>;
  /** The connection, or the process, is gone and nothing is tried any more. Once. */
  gone: CustomEvent<Gone>;
  /** The video broke and is begun anew; what went wrong. */
  decodeerror: CustomEvent<string>;
}

/**
 * `<remote-canvas>`: shows what a session backend draws with BrowserTech.RemoteCanvas, and tells it what happens here.
 *
 * Attributes: `label` what it is called to those who do not see it · `path` of the backend's WebSocket, default `/` · `input` what is sent of
 * `pointer wheel key`, default all, or `none`; `zoom`: the wheel with Ctrl too, which is the browser's otherwise; `shortcuts`: keys with Ctrl, Cmd or Alt and F-keys too, which are the browser's otherwise ·
 * `quality` `auto low high` · `codecs` what may be sent of `h264 jpeg webp png`, default `h264 jpeg`; `images` is `jpeg` · `max-ratio` device pixels for each CSS pixel, at most, default 2 ·
 * `paused` sends and is sent nothing · `service account api key`: connects by itself.
 */
export class RemoteCanvas extends HTMLElement {
  /** The canvas it draws on, to read pixels from. */
  readonly canvas: HTMLCanvasElement;
  /** A socket is opened on it, and closed when the element goes. */
  session: SessionBackend | null;
  /** Or a socket that is there already; it stays open. */
  socket: SessionSocket | WebSocket | null;
  /** The page's own state, a camera say: at most 1024 bytes. Only the newest is ever sent. */
  get state(): Uint8Array | null;
  set state(bytes: Uint8Array | ArrayBuffer | DataView);
  quality: RemoteCanvasQuality;
  paused: boolean;
  /** Whether what is shown is the whole picture, of the newest that was told. */
  readonly isComplete: boolean;
  readonly stats: RemoteCanvasStats;
  /** Asks for the picture anew. */
  refresh(): void;
  addEventListener<K extends keyof RemoteCanvasEvents>(
    type: K, listener: (this: RemoteCanvas, event: RemoteCanvasEvents[K]) => void, options?: boolean | AddEventListenerOptions): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject | null, options?: boolean | AddEventListenerOptions): void;
}

declare global {
  interface HTMLElementTagNameMap {
    'remote-canvas': RemoteCanvas;
  }
}
