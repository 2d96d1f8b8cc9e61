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
 * is thrown away.
 */
export class Decoder {
  #video = null;
  #stream = -1;
  #turn = 0;
  /** What is being decoded, by the mark it was given to the decoder with. */
  #waiting = new Map();
  #newest = 0;
  #onPicture;
  #onLost;

  /**
   * @param {(picture: VideoFrame | ImageBitmap, frame: object, decoding: number) => void} onPicture Draws it; closes it.
   * @param {(frame: object | null, why: string) => void} onLost A frame could not be shown. `null`: nothing can before there is a new key frame.
   */
  constructor(onPicture, onLost) {
    this.#onPicture = onPicture;
    this.#onLost = onLost;
  }

  decode(frame) {
    frame.arrived = performance.now();
    if (frame.codec === H264) this.#decodeVideo(frame);
    else this.#decodeImage(frame);
  }

  close() {
    if (this.#video?.state !== 'closed') this.#video?.close();
    this.#video = null;
    this.#stream = -1;
    this.#newest = 0;
    this.#waiting.clear();
  }

  #decodeVideo(frame) {
    try {
      if (frame.description) this.#begin(frame);
      // Of a stream whose beginning was missed, or that broke, nothing can be shown.
      if (!this.#video || frame.stream !== this.#stream) return this.#onLost(frame, 'not begun');
      const units = [...unitsOf(frame)];
      units.forEach((data, i) => {
        const timestamp = ++this.#turn;
        if (i === units.length - 1) this.#waiting.set(timestamp, frame);
        this.#video.decode(new EncodedVideoChunk({ type: frame.isKey && i === 0 ? 'key' : 'delta', timestamp, data }));
      });
    } catch (error) {
      this.#break(error);
    }
  }

  #begin({ description, stream, width, height }) {
    if (this.#video?.state !== 'closed') this.#video?.close();
    this.#waiting.clear();
    const video = (this.#video = new VideoDecoder({
      output: (picture) => (video === this.#video ? this.#decoded(picture) : picture.close()),
      error: (error) => video === this.#video && this.#break(error),
    }));
    this.#stream = stream;
    video.configure({ codec: codecOf(description), codedWidth: width, codedHeight: height, description, optimizeForLatency: true });
  }

  #decoded(picture) {
    const frame = this.#waiting.get(picture.timestamp);
    this.#waiting.delete(picture.timestamp);
    if (frame) this.#give(picture, frame);
    else picture.close();
  }

  async #decodeImage(frame) {
    try {
      this.#give(await createImageBitmap(new Blob([frame.payload], { type: IMAGES[frame.codec] })), frame);
    } catch (error) {
      this.#onLost(frame, String(error));
    }
  }

  #give(picture, frame) {
    if (frame.number < this.#newest) {
      picture.close();
      this.#onLost(frame, 'overtaken');
      return;
    }
    this.#newest = frame.number;
    this.#onPicture(picture, frame, performance.now() - frame.arrived);
  }

  #break(error) {
    this.close();
    this.#onLost(null, String(error));
  }
}
