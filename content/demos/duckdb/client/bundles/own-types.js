import { clock } from '../values.js';

/** The engine's own name of a type that Arrow has not, such as `hugeint`. */
export function ownName({ metadata }) {
  const name = metadata?.get('ARROW:extension:name');
  if (name !== 'arrow.opaque') return name?.replace(/^arrow\./, '') ?? null;
  try {
    return JSON.parse(metadata.get('ARROW:extension:metadata')).type_name;
  } catch {
    return null;
  }
}

/** Types that Arrow has not, from the bytes the engine sends of them. */
export const OWN = {
  bool8: (value) => String(value !== 0),
  hugeint: (bytes) => String(BigInt.asIntN(128, little(bytes))),
  uhugeint: (bytes) => String(little(bytes)),
  uuid: (bytes) => hex(bytes).replace(/(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'),
  // The first byte says how many bits of the second are none.
  bit: (bytes) => Array.from(bytes.subarray(1), (byte) => byte.toString(2).padStart(8, '0')).join('').slice(bytes[0]),
  // Microseconds, and how far it is from the easternmost zone there could be.
  time_tz(bytes) {
    const bits = little(bytes);
    const east = 57_599 - Number(bits & 0xffffffn);
    const [hours, minutes] = [Math.floor(Math.abs(east) / 3600), Math.floor(Math.abs(east) / 60) % 60].map((part) => String(part).padStart(2, '0'));
    return `${clock(bits >> 24n, 1_000_000n)}${east < 0 ? '-' : '+'}${hours}${minutes === '00' ? '' : `:${minutes}`}`;
  },
  // A head of three bytes, then the digits in base 256; of what is below zero all bits are turned.
  bignum(bytes) {
    const below = bytes[0] < 128;
    const digits = hex(bytes.subarray(3).map((byte) => (below ? byte ^ 255 : byte)));
    return `${below ? '-' : ''}${BigInt(`0x${digits || '0'}`)}`;
  },
};

const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
const little = (bytes) => BigInt(`0x${hex(bytes.slice().reverse())}`);

