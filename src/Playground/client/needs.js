// What a demo cannot do without, looked for before anything is started: a browser that lacks it is told so in words.

const CHECKS = {
  webgl2: [() => !!document.createElement('canvas').getContext('webgl2'),
    'WebGL 2, with which it draws. Browsers have it since 2021; it may be off because the graphics card or its driver is on a list of bad ones'],
  webgpu: [async () => !!(await navigator.gpu?.requestAdapter()),
    'WebGPU, with which it draws. Chrome, Edge and Safari 26 have it; elsewhere it may have to be switched on'],
  webassembly: [() => typeof WebAssembly === 'object', 'WebAssembly, in which its engine is written. It may be off in a hardened browser'],
  webcodecs: [() => typeof VideoDecoder === 'function', 'WebCodecs, with which it decodes video'],
  workers: [() => typeof Worker === 'function', 'workers, in which it computes'],
};

/**
 * What of these the browser does not have.
 * @param {readonly (keyof typeof CHECKS)[]} names
 * @returns {Promise<string[]>} A sentence each; empty where nothing is missing.
 */
export async function missing(names) {
  const found = await Promise.all(names.map((name) => has(name)));
  return names.filter((_, i) => !found[i]).map((name) => `This demo needs ${CHECKS[name][1]}.`);
}

/** Whether the browser has it. @throws {TypeError} There is no check of this name. */
export async function has(name) {
  const check = CHECKS[name]?.[0];
  if (!check) throw new TypeError(`There is no check '${name}'. There are ${Object.keys(CHECKS).join(', ')}.`);
  try {
    return await check();
  } catch {
    return false;
  }
}
