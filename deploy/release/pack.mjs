// An archive that is the same to the byte for the same files: in order, of one time, one owner and two modes.
import { createWriteStream, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { pack as tar } from "tar-stream";

const FOLDER = 0o755;

/**
 * @param {Map<string, import("./files.mjs").Entry>} entries by their paths
 * @param {{ file: string, prefix: string, mtime: Date }} options prefix: the one folder that all of it unpacks to
 */
export async function pack(entries, { file, prefix, mtime }) {
  const archive = tar();
  const written = pipeline(archive, createGzip({ level: 9 }), createWriteStream(file));
  const paths = [...entries.keys()];
  const folders = new Set(paths.flatMap(foldersOf));
  const common = { mtime, uid: 0, gid: 0, uname: "root", gname: "root" };
  for (const path of [...folders, ...paths].sort(byBytes)) {
    const name = path === "." ? prefix : `${prefix}/${path}`;
    const { source, content, link, mode = 0o644 } = entries.get(path) ?? {};
    if (folders.has(path)) archive.entry({ ...common, name: `${name}/`, type: "directory", mode: FOLDER });
    else if (link !== undefined) archive.entry({ ...common, name, type: "symlink", linkname: link, mode: 0o777 });
    else await put(archive, { ...common, name, mode }, content ?? readFileSync(source));
  }
  archive.finalize();
  await written;
}

/** Waits for whoever compresses, so that no more than one file is held. */
const put = (archive, header, content) =>
  new Promise((resolve, reject) => {
    archive.entry(header, content, (error) => (error ? reject(error) : resolve()));
  });

/** Whatever language the machine speaks. */
const byBytes = (one, other) => (one < other ? -1 : one > other ? 1 : 0);

function foldersOf(path) {
  const above = dirname(path);
  return above === "." ? ["."] : [...foldersOf(above), above];
}
