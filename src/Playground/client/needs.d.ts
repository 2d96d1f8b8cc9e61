/** What can be looked for. */
export type Ability = 'webgl2' | 'webgpu' | 'webassembly' | 'webcodecs' | 'workers';

/** One of them, or any of two: `'webgpu|webgl2'`. */
export type Need = Ability | `${Ability}|${Ability}`;

/** What of these the browser does not have, a sentence or two each; empty where nothing is missing. */
export function missing(needs: readonly Need[]): Promise<string[]>;

/** Whether the browser has it. @throws {TypeError} There is no check of this name. */
export function has(name: Ability): Promise<boolean>;
