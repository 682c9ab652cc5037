// Which packages a release is made of: those in folders of their own, and those that were bundled into our files.
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { parse } from "yaml";
import { filesBelow, packageFolders } from "./files.mjs";

/**
 * @typedef {object} Package
 * @property {string} name
 * @property {string} version
 * @property {string} [licence] as the package says
 * @property {string} [sha512] of what the registry gave, in hex
 * @property {boolean} bundled it has no folder of its own
 */

/**
 * @param {string} root a checkout that is built
 * @param {Iterable<string>} files of the release
 * @returns {Package[]} by name and version
 */
export function packagesOf(root, files) {
  const inFolders = packageFolders(files);
  const bundled = [...bundledInServer(root), ...bundledInConsole(root), ...styles(root)];
  const found = new Map();
  const resolutions = parse(readFileSync(join(root, "pnpm-lock.yaml"), "utf8")).packages;
  for (const folder of [...inFolders, ...bundled]) {
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
    const id = `${name}@${version}`;
    if (found.has(id)) continue;
    const integrity = resolutions[id]?.resolution?.integrity;
    const sha512 = integrity?.startsWith("sha512-")
      ? Buffer.from(integrity.slice(7), "base64").toString("hex")
      : undefined;
    found.set(id, { name, version, licence: license, sha512, bundled: !inFolders.includes(folder) });
  }
  return [...found.values()].sort((one, other) => (idOf(one) < idOf(other) ? -1 : 1));
}

const idOf = ({ name, version }) => `${name}@${version}`;

const bundledInServer = (root) => JSON.parse(readFileSync(join(root, "dist/bundled.json"), "utf8"));

/** The maps of what renders pages name every module; what browsers get is made of the same ones. */
function bundledInConsole(root) {
  const maps = filesBelow(root, ".next/server").filter((file) => file.endsWith(".map"));
  const sources = maps.flatMap((file) => {
    const map = JSON.parse(readFileSync(join(root, file), "utf8"));
    const all = [map, ...(map.sections ?? []).map((section) => section.map)].flatMap((one) => one.sources ?? []);
    return all.map((source) => relative(root, join(root, dirname(file), decodeURIComponent(source))));
  });
  // Some maps lead out of their package, to where its author built it.
  return packageFolders(sources).filter((folder) => existsSync(join(root, folder, "package.json")));
}

/** Fonts and style sheets have no maps. */
function styles(root) {
  return filesBelow(root, "app")
    .filter((file) => /\.(css|tsx)$/.test(file))
    .flatMap((file) => [...readFileSync(join(root, file), "utf8").matchAll(/import "(@fontsource[^"/]*\/[^"/]+)/g)])
    .map(([, name]) => relative(root, realpathSync(join(root, "node_modules", name))));
}
