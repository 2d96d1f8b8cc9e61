// What <remote-canvas> and BrowserTech.RemoteCanvas say to each other, in bytes, little-endian. The layout is told in FrameHeader.cs and ClientMessage.cs.

export const H264 = 1;
/** What a viewer takes, in a hello; the first bit is the video. */
const [JPEG, PNG, WEBP] = [2, 4, 8];
const HEADER = 36;
const NAMES = { 1: 'H.264', 2: 'JPEG', 3: 'PNG', 4: 'WebP' };
const QUALITIES = ['auto', 'low', 'high'];
export const ACTIONS = { move: 0, down: 1, up: 2, cancel: 3, wheel: 4 };

/** @param {ArrayBuffer} buffer @returns {object | null} Null where it is no frame. */
export function readFrame(buffer) {
  if (buffer.byteLength < HEADER) return null;
  const view = new DataView(buffer);
  if (view.getUint8(0) !== 1) return null;
  const flags = view.getUint8(2);
  let at = HEADER;
  let description = null;
  if (flags & 4) {
    const length = at + 4 <= buffer.byteLength ? view.getUint32(at, true) : Infinity;
    if (at + 4 + length > buffer.byteLength) return null;
    description = new Uint8Array(buffer, at + 4, length);
    at += 4 + length;
  }
  return {
    codec: view.getUint8(1), codecName: NAMES[view.getUint8(1)] ?? '', isKey: (flags & 1) !== 0, isComplete: (flags & 2) !== 0, stream: view.getUint8(3),
    number: view.getUint32(4, true), input: view.getUint32(8, true), width: view.getUint16(12, true), height: view.getUint16(14, true),
    begun: view.getFloat64(16, true), rendering: view.getUint16(24, true) / 10, encoding: view.getUint16(26, true) / 10, drawn: view.getUint32(28, true),
    askedWidth: view.getUint16(32, true), askedHeight: view.getUint16(34, true), bytes: buffer.byteLength, description, payload: new Uint8Array(buffer, at),
  };
}

/** The access units of a frame of H.264. */
export function* unitsOf({ payload }) {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  for (let at = 0; at + 4 <= payload.byteLength;) {
    const length = view.getUint32(at, true);
    yield payload.subarray(at + 4, at + 4 + length);
    at += 4 + length;
  }
}

/** What the browser's decoder calls the stream an avcC box describes. */
export const codecOf = (description) => `avc1.${[1, 2, 3].map((i) => description[i].toString(16).padStart(2, '0')).join('')}`;

/**
 * @param {string} wish Names, `h264 jpeg webp png`, with spaces between. `images`: no video. Empty: everything but what costs the backend more.
 * @param {boolean} video Whether there is a decoder for it.
 */
export function codecsOf(wish, video) {
  const names = wish.split(/\s+/);
  const isDefault = wish.trim() === '';
  const images = (names.includes('jpeg') ? JPEG : 0) | (names.includes('webp') ? WEBP : 0) | (names.includes('png') ? PNG : 0);
  return (video && (isDefault || names.includes('h264')) ? H264 : 0) | (images || JPEG);
}

export function hello({ codecs, quality, width, height }) {
  const [bytes, view] = message(8, 1);
  bytes[1] = codecs;
  bytes[2] = Math.max(0, QUALITIES.indexOf(quality));
  view.setUint16(4, width, true);
  view.setUint16(6, height, true);
  return bytes;
}

export function shown(number, decoding, isDropped = false) {
  const [bytes, view] = message(8, 2);
  bytes[1] = isDropped ? 1 : 0;
  view.setUint16(2, Math.min(65535, Math.round(decoding * 10)), true);
  view.setUint32(4, number, true);
  return bytes;
}

export function state(sequence, content) {
  const [bytes, view] = message(8 + content.byteLength, 3);
  view.setUint32(4, sequence, true);
  bytes.set(content, 8);
  return bytes;
}

export function pointer(sequence, action, { buttons = 0, pointerId = 0, x, y, deltaX = 0, deltaY = 0, ...keys }) {
  const [bytes, view] = message(28, 4);
  bytes[1] = ACTIONS[action];
  bytes[2] = buttons;
  bytes[3] = modifiers(keys);
  view.setUint32(4, sequence, true);
  bytes[8] = pointerId & 255;
  [x, y, deltaX, deltaY].forEach((value, i) => view.setFloat32(12 + i * 4, value, true));
  return bytes;
}

export function key(sequence, isDown, code, keys) {
  const name = new TextEncoder().encode(code.slice(0, 32));
  const [bytes, view] = message(8 + name.length, 5);
  bytes[1] = isDown ? 1 : 0;
  bytes[3] = modifiers(keys);
  view.setUint32(4, sequence, true);
  bytes.set(name, 8);
  return bytes;
}

export function ping(mark) {
  const [bytes, view] = message(8, 6);
  view.setUint32(4, mark, true);
  return bytes;
}

/** What was marked in a ping that came back; null where it is none. */
export function pong(buffer) {
  const view = new DataView(buffer);
  return buffer.byteLength === 8 && view.getUint8(0) === 6 ? view.getUint32(4, true) : null;
}

export const keyFrame = () => new Uint8Array([7]);

export const looking = (isLooking) => new Uint8Array([8, isLooking ? 1 : 0]);

function modifiers({ shiftKey, ctrlKey, altKey, metaKey }) {
  return (shiftKey ? 1 : 0) | (ctrlKey ? 2 : 0) | (altKey ? 4 : 0) | (metaKey ? 8 : 0);
}

function message(length, kind) {
  const bytes = new Uint8Array(length);
  bytes[0] = kind;
  return [bytes, new DataView(bytes.buffer)];
}
