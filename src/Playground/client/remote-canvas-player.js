// What becomes of the frames that come to a <remote-canvas>.

import { Decoder, decodesVideo } from './remote-canvas-decoder.js';
import * as wire from './remote-canvas-wire.js';

/** Between two questions for a key frame, in milliseconds. */
const ASK_EVERY = 1000;
/** So often the decoder may break before this page is shown pictures, and so many frames of video count as one that works. */
const MAX_FAILURES = 3;
const PROVEN = 30;

/** Decodes frames, has them shown, and says of each what became of it. */
export class Player {
  #line;
  #screen;
  #stats;
  #onBroken;
  #decoder = new Decoder({
    picture: (...shown) => this.#draw(...shown),
    lost: (frame, isStray) => this.#lost(frame, isStray),
    broken: (why) => this.#broken(why),
  });
  #decodes = false;
  #learning = null;
  #failures = 0;
  #worked = 0;
  #asked = -ASK_EVERY;

  /**
   * @param {object} parts Where it is shown, said and counted.
   * @param {(why: string) => void} onBroken The video broke; whether it is still wanted may have changed.
   */
  constructor({ line, screen, stats }, onBroken) {
    [this.#line, this.#screen, this.#stats, this.#onBroken] = [line, screen, stats, onBroken];
  }

  /** Whether video is worth sending. */
  get takesVideo() {
    return this.#decodes && this.#failures < MAX_FAILURES;
  }

  /** Finds out what this browser decodes, once. */
  async learn() {
    this.#decodes = await (this.#learning ??= decodesVideo());
  }

  show(frame) {
    this.#stats.received(frame);
    this.#decoder.decode(frame);
  }

  /** Another connection: whatever is under way is nobody's. */
  begin() {
    this.#decoder.close();
    this.#asked = -ASK_EVERY;
  }

  /** Another backend: nothing is held against it. */
  forget() {
    this.begin();
    this.#screen.forget();
    this.#failures = 0;
  }

  /** The same connection, from a key frame on. */
  refresh() {
    this.#decoder.reset();
    this.#line.send(wire.keyFrame());
  }

  #draw(picture, frame, decoding) {
    this.#screen.draw(picture, frame);
    this.#line.send(wire.shown(frame.number, decoding));
    this.#stats.drawn(frame, decoding);
    // Only while frames come: a canvas at rest is silent.
    this.#line.ping(performance.now());
    if (frame.codec === wire.H264 && ++this.#worked === PROVEN && this.takesVideo) this.#failures = 0;
  }

  /** It is not shown: the backend is not to wait for that. */
  #lost(frame, isStray) {
    this.#line.send(wire.shown(frame.number, 0, true));
    if (isStray) this.#ask();
  }

  #broken(why) {
    this.#failures++;
    this.#worked = 0;
    this.#asked = -ASK_EVERY;
    this.#onBroken(why);
    this.#ask();
  }

  /** For a video from its beginning. */
  #ask() {
    const now = performance.now();
    if (now - this.#asked < ASK_EVERY) return;
    this.#asked = now;
    this.#line.send(wire.keyFrame());
  }
}
