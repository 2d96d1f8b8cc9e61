export interface ServerSentEvent {
  /** `message` where the event has no name. */
  readonly event: string;
  readonly data: string;
  /** The id to resume behind: its own, or the last one before it. */
  readonly id: string;
}

/** Turns text into events, wherever the text was cut. */
export class EventParser {
  /** `lastId`: what the stream was resumed behind. */
  constructor(onEvent: (event: ServerSentEvent) => void, lastId?: string);
  readonly lastId: string;
  /** Milliseconds to wait before reconnecting, where the server said so. */
  readonly retry: number | null;
  /** @throws {PlaygroundError} An event is larger than a megabyte. */
  feed(text: string): void;
}

/** Reads an answer to its end. Rejects when the connection is lost, or silent for `silence` milliseconds. */
export function readEvents(response: Response, parser: EventParser, signal?: AbortSignal, silence?: number): Promise<void>;

/** Follows a stream through lost connections until `onEvent` returns true. Rejects with the hub's refusal or the signal's reason. */
export function follow(
  address: string, onEvent: (event: ServerSentEvent) => boolean | void, signal?: AbortSignal,
  /** What each connection sends besides; asked anew for each. */
  options?: { headers?: () => Record<string, string> }): Promise<void>;
