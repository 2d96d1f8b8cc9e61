// What a demo cannot do without, looked for before anything is started: a browser that lacks it is told so in words.

const CHECKS = {
  webgl2: {
    name: 'WebGL 2', use: 'with which it draws', check: hasWebGL2,
    hint: 'Browsers have it since 2021; it may be off because the graphics card or its driver is on a list of bad ones',
  },
  webgpu: {
    name: 'WebGPU', use: 'with which it draws', check: async () => !!(await navigator.gpu?.requestAdapter()),
    hint: 'Chrome, Edge and Safari 26 have it; elsewhere it may have to be switched on',
  },
  webassembly: { name: 'WebAssembly', use: 'in which its engine is written', check: () => typeof WebAssembly === 'object', hint: 'It may be off in a hardened browser' },
  webcodecs: { name: 'WebCodecs', use: 'with which it decodes video', check: () => typeof VideoDecoder === 'function' },
  workers: { name: 'workers', use: 'in which it computes', check: () => typeof Worker === 'function' },
};

/** A browser gives a page only so many contexts, and takes the oldest away for the next: one that was made to look is let go of at once. */
function hasWebGL2() {
  const gl = document.createElement('canvas').getContext('webgl2');
  gl?.getExtension('WEBGL_lose_context')?.loseContext();
  return !!gl;
}

/**
 * What of these the browser does not have.
 * @param {readonly string[]} needs names; any of several is enough where they stand with | between them
 * @returns {Promise<string[]>} A sentence or two each; empty where nothing is missing.
 */
export async function missing(needs) {
  const found = await Promise.all(needs.map((need) => any(need.split('|'))));
  return needs.filter((_, i) => !found[i]).map((need) => told(need.split('|').map((name) => CHECKS[name])));
}

/** Whether the browser has it. @throws {TypeError} There is no check of this name. */
export async function has(name) {
  if (!Object.hasOwn(CHECKS, name)) throw new TypeError(`There is no check '${name}'. There are ${Object.keys(CHECKS).join(', ')}.`);
  try {
    return await CHECKS[name].check();
  } catch {
    return false;
  }
}

async function any(names) {
  return (await Promise.all(names.map(has))).includes(true);
}

function told(checks) {
  const [{ use, hint }] = checks;
  const names = checks.map(({ name }) => name).join(' or ');
  if (checks.length === 1) return `This demo needs ${names}, ${use}.${hint ? ` ${hint}.` : ''}`;
  const hints = checks.filter((each) => each.hint).map((each) => ` ${each.name}: ${each.hint.replace(/^It may/, 'it may').replace(/^Browsers/, 'browsers')}.`);
  return `This demo needs ${names}, ${use}, and this browser has neither.${hints.join('')}`;
}
