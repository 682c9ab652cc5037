// The smaller forms of what browsers load, made once, as small as they get: the front sends them as they are.
import { readdirSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

/** Of these nothing is won by it, or too little: pictures and fonts are compressed already. */
const TEXT = /\.(css|js|json|map|svg|txt)$/;
const MIN_BYTES = 1_024;

/** Puts a `.br` and a `.gz` beside each text below a folder. What was there is replaced. */
export async function compressFiles(folder) {
  const files = readdirSync(folder, { recursive: true }).filter((name) => TEXT.test(name));
  await Promise.all(files.map((name) => compressFile(join(folder, name))));
}

async function compressFile(file) {
  const content = await readFile(file);
  if (content.length < MIN_BYTES) return;
  const params = { [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
  const forms = await Promise.all([brotli(content, { params }), zip(content, { level: 9 })]);
  await Promise.all([".br", ".gz"].map((ending, at) => writeFile(file + ending, forms[at])));
}

const brotli = promisify(brotliCompress);
const zip = promisify(gzip);
