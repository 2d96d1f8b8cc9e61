// Makes what the page takes from npm, in $DEMO_OUT: the editor, the reader of answers, DuckDB's interface, its worker, and the engine itself, compressed.
import { build } from 'esbuild';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

const out = join(process.env.DEMO_OUT ?? 'out', 'built');
const engine = dirname(createRequire(import.meta.url).resolve('@duckdb/duckdb-wasm/dist/duckdb-eh.wasm'));
await mkdir(out, { recursive: true });
await build({
  entryPoints: ['bundles/answer.js', 'bundles/editor.js', 'bundles/duckdb.js'],
  outdir: out,
  bundle: true,
  minify: true,
  splitting: true, // one copy of Arrow
  format: 'esm',
  target: 'es2022',
  legalComments: 'eof',
  logLevel: 'warning',
});
// The worker's own, but for where its map would be: that is not served.
const worker = await readFile(join(engine, 'duckdb-browser-eh.worker.js'), 'utf8');
await writeFile(join(out, 'duckdb.worker.js'), worker.replace(/\/\/# sourceMappingURL=.*$/m, ''));
// Thirty-four megabytes, of which a quarter goes over the wire; the worker unpacks them as they come.
const wasm = gzipSync(await readFile(join(engine, 'duckdb-eh.wasm')), { level: 9 });
await writeFile(join(out, 'duckdb-eh.wasm.gz'), wasm);
