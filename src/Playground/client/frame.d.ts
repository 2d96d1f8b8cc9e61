export type FrameState = 'idle' | 'starting' | 'queued' | 'live' | 'lost' | 'ending' | 'ended' | 'failed';

export interface FrameDetails {
  /** One sentence for people. */
  message?: string;
  /** While queued. */
  position?: number;
  of?: number;
  /** While ending: `lifetime` or `idle`; when ended or failed: the backend's reason. */
  reason?: string | null;
  /** While ending: until then, counted from this call. */
  seconds_left?: number;
}

/** Whether this page is shown in another one. */
export const isFramed: boolean;

/** Tells the page around this one how it stands. */
export function tell(state: FrameState, details?: FrameDetails): void;

/** Calls back when the page around this one asks it to stop. */
export function onStop(callback: () => void, options?: { signal?: AbortSignal }): void;
