/** What can be looked for. */
export type Need = 'webgl2' | 'webgpu' | 'webassembly' | 'webcodecs' | 'workers';

/** What of these the browser does not have, a sentence each; empty where nothing is missing. */
export function missing(names: readonly Need[]): Promise<string[]>;

/** Whether the browser has it. @throws {TypeError} There is no check of this name. */
export function has(name: Need): Promise<boolean>;
