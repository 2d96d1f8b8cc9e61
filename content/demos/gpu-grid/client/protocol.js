// What is said between this page and its process: see backend/Requests.cs and backend/Replies.cs. Numbers are little-endian, as every browser's
// typed arrays are by now; rows come column by column and are read where they lie.

const HEAD = 32;
const SLOTS = 3;

/** The pages that are wanted now, the most wanted first. `received` tells how many have arrived. */
export function want(view, received, pages) {
  const message = new DataView(new ArrayBuffer(12 + 4 * pages.length));
  message.setUint8(0, 1);
  message.setUint8(1, pages.length);
  message.setUint32(4, view, true);
  message.setUint32(8, received, true);
  pages.forEach((page, i) => message.setUint32(12 + 4 * i, page, true));
  return message.buffer;
}

/** Other rows: those that a filter finds, or all where it is empty. */
export function show(view, filter) {
  const text = new TextEncoder().encode(filter);
  const message = new Uint8Array(8 + text.length);
  message[0] = 2;
  new DataView(message.buffer).setUint32(4, view, true);
  message.set(text, 8);
  return message.buffer;
}

/** How many rows there are in each of `count` parts of a stretch of time. */
export function bins(view, strip, count, from, to) {
  const message = new DataView(new ArrayBuffer(24));
  message.setUint8(0, 3);
  message.setUint8(1, strip);
  message.setUint16(2, count, true);
  message.setUint32(4, view, true);
  message.setFloat64(8, from, true);
  message.setFloat64(16, to, true);
  return message.buffer;
}

/** Where a time is. */
export function locate(view, token, time) {
  const message = new DataView(new ArrayBuffer(20));
  message.setUint8(0, 4);
  message.setUint32(4, view, true);
  message.setUint32(8, token, true);
  message.setFloat64(12, time, true);
  return message.buffer;
}

/** Rows as text. @param {[number, number][]} ranges first and last, in order */
export function copy(view, token, ranges) {
  const message = new DataView(new ArrayBuffer(12 + 8 * ranges.length));
  message.setUint8(0, 5);
  message.setUint8(1, ranges.length);
  message.setUint32(4, view, true);
  message.setUint32(8, token, true);
  ranges.flat().forEach((row, i) => message.setUint32(12 + 4 * i, row, true));
  return message.buffer;
}

/** @param {ArrayBuffer} buffer @returns an object whose `type` is page, count, bins, located, copied or wrong */
export function read(buffer) {
  const data = new DataView(buffer);
  const [type, small] = [data.getUint8(0), data.getUint8(1)];
  const view = data.getUint32(4, true);
  const text = (at) => new TextDecoder().decode(new Uint8Array(buffer, at));
  switch (type) {
    case 1: return readPage(buffer, data, view);
    case 2: return {
      type: 'count', view, complete: small === 1, scanned: data.getUint32(8, true), count: data.getUint32(12, true),
      micros: data.getUint32(16, true), memory: data.getUint32(20, true) * 1024,
    };
    case 3: {
      const count = data.getUint16(2, true);
      const [all, warnings, errors] = [0, 1, 2].map((i) => new Uint32Array(buffer, 24 + 4 * count * i, count));
      return { type: 'bins', strip: small, view, from: data.getFloat64(8, true), to: data.getFloat64(16, true), all, warnings, errors };
    }
    case 4: return { type: 'located', view, token: data.getUint32(8, true), index: data.getUint32(12, true) };
    case 5: return { type: 'copied', token: view, rows: data.getUint32(8, true), isLast: small === 1, text: text(12) };
    case 6: return { type: 'wrong', view, why: text(8) };
    default: throw new Error(`The process sent a message of kind ${type}, which this page does not know.`);
  }
}

function readPage(buffer, data, view) {
  const count = data.getUint16(2, true);
  let at = HEAD;
  const column = (Type, each = 1) => {
    const array = new Type(buffer, at, count * each);
    at += array.byteLength;
    return array;
  };
  return {
    type: 'page', view, page: data.getUint32(8, true), number: data.getUint32(12, true), count, bytes: buffer.byteLength,
    zero: data.getFloat64(16, true), ids: column(Uint32Array), times: column(Uint32Array), durations: column(Uint32Array),
    slots: column(Int16Array, SLOTS), signals: column(Int16Array), kinds: column(Uint8Array), stations: column(Uint8Array), traces: column(Uint8Array, 12),
  };
}
