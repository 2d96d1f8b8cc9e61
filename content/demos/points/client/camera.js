// The camera, as OrbitCamera.cs has it: both renderers put a point on the same pixel because both do this.

const HALF_HEIGHT = 0.41421356;
export const NEAR = 2;
export const FAR = 6000;
const LIMITS = { pitch: [0.03, 1.55], distance: [20, 2400], place: [-700, 700], height: [0, 220] };

export const START = Object.freeze({ x: -10, y: 25, z: 40, yaw: -1.02, pitch: 0.4, distance: 560 });

const clamp = (value, [low, high]) => Math.min(high, Math.max(low, value));

export function bounded({ x, y, z, yaw, pitch, distance }) {
  return {
    x: clamp(x, LIMITS.place), y: clamp(y, LIMITS.place), z: clamp(z, LIMITS.height), yaw: yaw % (2 * Math.PI),
    pitch: clamp(pitch, LIMITS.pitch), distance: clamp(distance, LIMITS.distance),
  };
}

/** Turned by radians. */
export const turned = (camera, yaw, pitch) => bounded({ ...camera, yaw: camera.yaw + yaw, pitch: camera.pitch + pitch });

/** Nearer with a factor below 1. */
export const zoomed = (camera, factor) => bounded({ ...camera, distance: camera.distance * factor });

/** Moved along the ground by parts of the picture's height, to the right and away. */
export function moved(camera, right, away) {
  const metres = 2 * HALF_HEIGHT * camera.distance;
  const [sin, cos] = [Math.sin(camera.yaw), Math.cos(camera.yaw)];
  return bounded({ ...camera, x: camera.x + metres * (-sin * right - cos * away), y: camera.y + metres * (cos * right - sin * away) });
}

/** What the backend takes: six floats and the number of points. */
export function stateOf(camera, points) {
  const bytes = new Uint8Array(28);
  const view = new DataView(bytes.buffer);
  [camera.x, camera.y, camera.z, camera.yaw, camera.pitch, camera.distance].forEach((value, i) => view.setFloat32(i * 4, value, true));
  view.setUint32(24, points, true);
  return bytes;
}

/** World to pixels: column = rows.column · p / depth, and so on; the rows have x, y, z and a constant. */
export function project({ x, y, z, yaw, pitch, distance }, width, height) {
  const [sinYaw, cosYaw, sinPitch, cosPitch] = [Math.sin(yaw), Math.cos(yaw), Math.sin(pitch), Math.cos(pitch)];
  const eye = [x + distance * cosPitch * cosYaw, y + distance * cosPitch * sinYaw, z + distance * sinPitch];
  const focal = height / 2 / HALF_HEIGHT;
  const row = (a, b, c) => [a, b, c, -(a * eye[0] + b * eye[1] + c * eye[2])];
  const forward = row(-cosPitch * cosYaw, -cosPitch * sinYaw, -sinPitch);
  const right = row(-sinYaw, cosYaw, 0);
  const up = row(-cosYaw * sinPitch, -sinYaw * sinPitch, cosPitch);
  const combined = (a, by, and) => a.map((value, i) => value * by + forward[i] * and);
  return { focal, width, height, eye, column: combined(right, focal, width / 2), row: combined(up, -focal, height / 2), depth: forward };
}

export const at = (row, x, y, z) => row[0] * x + row[1] * y + row[2] * z + row[3];
