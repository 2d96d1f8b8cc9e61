// The points on their way here: first the plan of the tiles, then layer by layer, each an even share of every tile. See PointStream.cs.

import { at, NEAR } from './camera.js';

export const LAYERS = 64;
export const BLOCK = 16;
const MAGIC = 0x43505442;
const HEAD_WORDS = 5;
const TILE_WORDS = 4;
const TILES = 32;
const SIDE = 1024;
export const TILE_SIDE = SIDE / TILES;
export const HEIGHT = 256;
const MAX_SPLAT = 9;

/** The plan: where each tile is, and how many points it has. */
export class Cloud {
  constructor(buffer) {
    const words = new Uint32Array(buffer);
    if (words[0] !== MAGIC) throw new TypeError('The backend did not send a point cloud.');
    this.count = words[3];
    this.spacing = Math.sqrt(new Float32Array(buffer, 16, 1)[0]);
    this.tiles = Array.from({ length: TILES * TILES }, (_, tile) => {
      const [, blocks, low, high] = words.subarray(HEAD_WORDS + tile * TILE_WORDS, HEAD_WORDS + (tile + 1) * TILE_WORDS);
      return {
        x: (tile % TILES) * TILE_SIDE - SIDE / 2, y: Math.floor(tile / TILES) * TILE_SIDE - SIDE / 2,
        low: (low * HEIGHT) / 65536, high: ((high + 1) * HEIGHT) / 65536, blocks,
      };
    });
  }

  /** Which blocks of a tile belong to a layer. */
  static blocks(tile, layer) {
    return [Math.floor((tile.blocks * layer) / LAYERS), Math.floor((tile.blocks * (layer + 1)) / LAYERS)];
  }
}

/** The tiles in view, nearest first, each with how large its points are drawn; `share` of each is drawn. */
export function visible(cloud, view, share) {
  const found = [];
  for (const tile of cloud.tiles) {
    if (!isInView(view, tile)) continue;
    const [dx, dy, dz] = [tile.x + TILE_SIDE / 2 - view.eye[0], tile.y + TILE_SIDE / 2 - view.eye[1], (tile.low + tile.high) / 2 - view.eye[2]];
    const distance = Math.max(Math.hypot(dx, dy, dz), TILE_SIDE / 2);
    const near = Math.max(distance - TILE_SIDE / 2, TILE_SIDE / 2);
    const splat = Math.min(MAX_SPLAT, Math.max(1, Math.trunc((view.focal / near) * (cloud.spacing / Math.sqrt(share)) + 0.3)));
    found.push({ tile, distance, splat });
  }
  return found.sort((a, b) => a.distance - b.distance);
}

function isInView(view, tile) {
  let [behind, left, right, above, below] = [0, 0, 0, 0, 0];
  for (let corner = 0; corner < 8; corner++) {
    const [x, y, z] = [tile.x + (corner & 1) * TILE_SIDE, tile.y + ((corner >> 1) & 1) * TILE_SIDE, corner & 4 ? tile.high : tile.low];
    const [depth, column, row] = [at(view.depth, x, y, z), at(view.column, x, y, z), at(view.row, x, y, z)];
    behind += depth < NEAR;
    left += column < 0;
    right += column > depth * view.width;
    above += row < 0;
    below += row > depth * view.height;
  }
  return behind < 8 && left < 8 && right < 8 && above < 8 && below < 8;
}
