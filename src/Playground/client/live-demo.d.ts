import type { FrameState } from './frame.js';

/**
 * `<live-demo><a href="https://name.demo.example/?run">Run it</a></live-demo>`: a link that becomes the demo on a press.
 *
 * Parts: `box stage placeholder run frame bar status link stop`. Custom properties, all beginning with `--live-demo-`:
 * `aspect-ratio height radius line accent warn background placeholder button button-text focus`. Slot: `placeholder`.
 */
export class LiveDemo extends HTMLElement {
  readonly state: FrameState;
  /** The demo's address; null without a link inside. */
  readonly address: string | null;
  run(): void;
  /** Resolves when the demo is gone. */
  stop(): Promise<void>;
  addEventListener(
    type: 'statechange', listener: (this: LiveDemo, event: CustomEvent<{ state: FrameState; message: string }>) => void,
    options?: boolean | AddEventListenerOptions): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject | null, options?: boolean | AddEventListenerOptions): void;
}

declare global {
  interface HTMLElementTagNameMap {
    'live-demo': LiveDemo;
  }
}
