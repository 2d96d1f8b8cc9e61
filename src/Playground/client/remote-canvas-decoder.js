// From the bytes of a frame to something a canvas can draw.

import { H264, codecOf, unitsOf } from './remote-canvas-wire.js';

const IMAGES = { 2: 'image/jpeg', 3: 'image/png', 4: 'image/webp' };

/** Whether this browser decodes the video our backends send. */
export async function decodesVideo() {
  if (typeof VideoDecoder !== 'function') return false;
  try {
    const { supported } = await VideoDecoder.isConfigSupported({ codec: 'avc1.42c028', optimizeForLatency: true });
    return supported === true;
  } catch {
    return false;
  }
}

/**
 * Decodes frames and gives the pictures back in their order. A still may take longer to decode than the video that follows it: what is overtaken
 * is thrown away. Of every frame that came in it is said what became of it, once: the backend waits for that. Only of a connection that is over nothing is said.
 */
export class Decoder {
  #video = null;
  #stream = -1;
  #turn = 0;
  /** What the video decoder has, by the mark it was given to it with, in order. */
  #waiting = new Map();
  /** Pictures on their own that are being decoded. */
  #pictures = new Set();
  /** Counts connections and beginnings: what was begun in an earlier one is nobody's. */
  #generation = 0;
  #newest = 0;
  #on;

  /**
   * @param {object} on What is called.
   * @param {(picture: VideoFrame | ImageBitmap, frame: object, decoding: number) => void} on.picture Draws it; closes it.
   * @param {(frame: object, isStray: boolean) => void} on.lost It is not shown. Stray: it belongs to a video of which the beginning is missing.
   * @param {(why: string) => void} on.broken No video can be shown before there is a new key frame.
   */
  constructor(on) {
    this.#on = on;
  }

  decode(frame) {
    frame.arrived = performance.now();
    if (frame.codec === H264) this.#decodeVideo(frame);
    else this.#decodeImage(frame);
  }

  /** The connection is over: whatever is under way is forgotten. */
  close() {
    this.#pictures.clear();
    this.#generation++;
    this.#newest = 0;
    this.#endVideo();
  }

  /** The connection goes on, and everything is begun anew: whatever is under way is lost. */
  reset() {
    const lost = [...this.#pictures, ...this.#endVideo()];
    this.#pictures.clear();
    this.#generation++;
    for (const frame of lost) this.#on.lost(frame, false);
  }

  #decodeVideo(frame) {
    const units = [...unitsOf(frame)];
    try {
      if (frame.description) this.#begin(frame);
    } catch (error) {
      this.#on.lost(frame, false);
      return this.#break(error);
    }
    if (!this.#video || frame.stream !== this.#stream || units.length === 0) return this.#on.lost(frame, true);
    this.#waiting.set(this.#turn + units.length, frame);
    try {
      units.forEach((data, i) => {
        this.#video.decode(new EncodedVideoChunk({ type: frame.isKey && i === 0 ? 'key' : 'delta', timestamp: ++this.#turn, data }));
      });
    } catch (error) {
      this.#break(error);
    }
  }

  #begin({ description, stream, width, height }) {
    for (const frame of this.#endVideo()) this.#on.lost(frame, false);
    const video = (this.#video = new VideoDecoder({
      output: (picture) => (video === this.#video ? this.#decoded(picture) : picture.close()),
      error: (error) => video === this.#video && this.#break(error),
    }));
    this.#stream = stream;
    video.configure({ codec: codecOf(description), codedWidth: width, codedHeight: height, description, optimizeForLatency: true });
  }

  #decoded(picture) {
    for (const [mark, frame] of this.#waiting) {
      if (mark > picture.timestamp) break;
      this.#waiting.delete(mark);
      if (mark === picture.timestamp) return this.#give(picture, frame);
      this.#on.lost(frame, false);
    }
    picture.close();
  }

  async #decodeImage(frame) {
    const generation = this.#generation;
    this.#pictures.add(frame);
    let picture = null;
    try {
      picture = await createImageBitmap(new Blob([frame.payload], { type: IMAGES[frame.codec] }));
    } catch {
      // Damaged. There is a next one.
    }
    if (generation !== this.#generation) return picture?.close();
    this.#pictures.delete(frame);
    if (picture) this.#give(picture, frame);
    else this.#on.lost(frame, false);
  }

  #give(picture, frame) {
    if (frame.number < this.#newest) {
      picture.close();
      this.#on.lost(frame, false);
      return;
    }
    this.#newest = frame.number;
    this.#on.picture(picture, frame, performance.now() - frame.arrived);
  }

  #break(error) {
    for (const frame of this.#endVideo()) this.#on.lost(frame, false);
    this.#on.broken(String(error));
  }

  /** What it had. */
  #endVideo() {
    const lost = [...this.#waiting.values()];
    this.#waiting.clear();
    if (this.#video && this.#video.state !== 'closed') this.#video.close();
    this.#video = null;
    this.#stream = -1;
    return lost;
  }
}
