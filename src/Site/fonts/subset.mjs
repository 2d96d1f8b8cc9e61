// Cuts the two typefaces down to what the site sets, so that a page loads both for less than 60 kB.
//
//   node subset.mjs WEB_FOLDER TITLE_FILE
//
// WEB_FOLDER gets the WOFF2 files pages load; TITLE_FILE is one static TrueType instance for the titles
// that are drawn into OpenGraph pictures, because Skia does not read WOFF2 everywhere.
//
// Raise Edition when the outcome changes: the files are served as immutable, so the name has to change with them.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createRequire } from 'node:module';
import { Sfnt } from './sfnt.mjs';

const require = createRequire(import.meta.url);
const subsetFont = require('subset-font');
const fontverter = require('fontverter');

const Edition = 1;
const Budget = 50_000; // bytes; the two fonts every page loads, together

const range = (first, last) => Array.from({ length: last - first + 1 }, (_, i) => String.fromCodePoint(first + i)).join('');
const latin = range(0x20, 0x7e) + range(0xc0, 0xff) + 'ıŒœ';
const signs = '\u00a0¡¿£¥€§©®™°±µ·«»‹›–—‘’‚“”„•…−²³½↑↓';
const names = range(0x100, 0x17f) + 'ȘșȚțẞ'; // people are called more than Latin-1 can spell

const source = (pkg, file) => readFile(new URL(`node_modules/@fontsource-variable/${pkg}/files/${file}.woff2`, import.meta.url));
const text = { wdth: { min: 100, max: 118, default: 100 }, wght: { min: 400, max: 760, default: 400 } };
const title = { wdth: 118, wght: 760 };

/**
 * Two thirds of Mona Sans' kerning is how it varies between weights and widths, by a unit or two in a thousand.
 * The kerning of one instance in the middle of the range serves them all and saves 20 kB.
 */
async function withSteadyKerning(font, characters) {
  const options = { targetFormat: 'sfnt', noHinting: true };
  const moving = await subsetFont(font, characters, { ...options, variationAxes: text, keepFeatures: ['ccmp', 'tnum', 'kern', 'mark'] });
  const still = await subsetFont(font, characters, { ...options, variationAxes: { wdth: 109, wght: 580 }, keepFeatures: ['ccmp', 'tnum', 'kern', 'mark'] });
  const a = Sfnt.parse(moving), b = Sfnt.parse(still);
  if (a.glyphCount !== b.glyphCount) throw new Error('The two subsets of Mona Sans number their glyphs differently.');
  a.set('GPOS', b.get('GPOS'));
  a.set('GDEF', b.get('GDEF'));
  return fontverter.convert(a.toBuffer(), 'woff2');
}

const [webFolder, titleFile] = process.argv.slice(2);
if (!titleFile) {
  console.error('usage: node subset.mjs WEB_FOLDER TITLE_FILE');
  process.exit(2);
}

const mona = await source('mona-sans', 'mona-sans-latin-wdth-normal');
const monaExt = await source('mona-sans', 'mona-sans-latin-ext-wdth-normal');
const geist = await source('geist-mono', 'geist-mono-latin-wght-normal');

const files = {
  [`mona-sans.${Edition}.woff2`]: await withSteadyKerning(mona, latin + signs),
  [`geist-mono.${Edition}.woff2`]: await subsetFont(geist, latin + signs, {
    targetFormat: 'woff2', noHinting: true, keepFeatures: ['ccmp', 'mark', 'zero'], variationAxes: { wght: { min: 400, max: 600 } },
  }),
};
const total = Object.values(files).reduce((sum, file) => sum + file.length, 0);
if (total > Budget) throw new Error(`The fonts of a page weigh ${total} bytes, more than the ${Budget} they may.`);

// Loaded only by a page that spells a name with it: its unicode-range keeps it away from the others.
files[`mona-sans-ext.${Edition}.woff2`] = await subsetFont(monaExt, names, {
  targetFormat: 'woff2', noHinting: true, keepFeatures: ['ccmp', 'kern', 'mark'], variationAxes: text,
});

await mkdir(webFolder, { recursive: true });
for (const [name, bytes] of Object.entries(files)) {
  await writeFile(path.join(webFolder, name), bytes);
  console.log(`${name} ${bytes.length}`);
}
const licence = await readFile(new URL('node_modules/@fontsource-variable/mona-sans/LICENSE', import.meta.url));
const licenceMono = await readFile(new URL('node_modules/@fontsource-variable/geist-mono/LICENSE', import.meta.url));
await writeFile(path.join(webFolder, 'OFL.txt'), Buffer.concat([licence, Buffer.from('\n\n'), licenceMono]));

await mkdir(path.dirname(titleFile), { recursive: true });
await writeFile(titleFile, await subsetFont(mona, latin + signs, { targetFormat: 'sfnt', noHinting: true, variationAxes: title }));
