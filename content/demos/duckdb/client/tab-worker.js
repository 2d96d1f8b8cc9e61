// The worker of the engine in the tab. DuckDB's own does the work; this lets it take the engine compressed, tells how much of it
// has come, and knows what only this side can: how much memory the engine has grown to.
let memory = null;
// Every mistake in a query would be told there too.
console.log = () => {};
const fetchAsIs = self.fetch;
const instantiateAsIs = WebAssembly.instantiateStreaming;

self.fetch = async (request, init) => {
  const address = typeof request === 'string' ? request : request.url;
  if (!address.endsWith('.wasm')) return fetchAsIs(request, init);
  const response = await fetchAsIs(`${address}.gz`);
  if (!response.ok) throw new Error(`The engine could not be loaded (${response.status}).`);
  let loaded = 0;
  const counted = new TransformStream({
    transform(piece, controller) {
      loaded += piece.byteLength;
      self.postMessage({ tab: 'loaded', bytes: loaded });
      controller.enqueue(piece);
    },
  });
  const unpacked = response.body.pipeThrough(counted).pipeThrough(new DecompressionStream('gzip'));
  return new Response(unpacked, { headers: { 'Content-Type': 'application/wasm' } });
};

WebAssembly.instantiateStreaming = async (source, imports) => {
  try {
    const made = await instantiateAsIs(source, imports);
    memory = [...Object.values(imports.env ?? {}), ...Object.values(made.instance.exports)].find((value) => value instanceof WebAssembly.Memory) ?? null;
    return made;
  } catch (error) {
    // DuckDB would wait for ever.
    self.postMessage({ tab: 'failed', message: error.message });
    throw error;
  }
};

self.addEventListener('message', (event) => {
  if (event.data?.tab !== 'memory') return;
  event.stopImmediatePropagation();
  event.ports[0].postMessage(memory?.buffer.byteLength ?? 0);
});

importScripts('/built/duckdb.worker.js');
