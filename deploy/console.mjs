// The console: Next in a process of its own, behind the gateway.
//   node deploy/console.mjs SOCKET DATABASE_POOL [--dev]
import { createServer } from "node:http";
import next from "next";
import { measure } from "./measure.mjs";
import { root } from "./program.mjs";

const [socket, pool, mode] = process.argv.slice(2);
const dev = mode === "--dev";
process.env.DATABASE_POOL = pool;
process.env.NEXT_TELEMETRY_DISABLED = "1";
// Ctrl-C reaches the whole terminal; the gateway tells us when our requests are done.
process.on("SIGINT", () => {});
process.on("disconnect", () => process.exit(0));
// Whoever is told may be gone meanwhile, which "disconnect" says.
const tell = (word) => process.send?.(word, () => {});
process.on("message", (message) => {
  if (message === "ping") tell("pong");
  if (message === "measure") tell({ measure: measure() });
});
// The gateway may have been killed while Next was being loaded, before anybody listened.
if (!process.connected) process.exit(0);

const server = createServer();
// Next takes exceptions for its own and goes on; a console that does not listen must end, to be started again.
server.on("error", (error) => {
  console.error(`The console cannot listen: ${error.code}`);
  process.exit(1);
});
// Next looks for what it has built in the working directory.
process.chdir(root);
const app = next({ dev, dir: root, httpServer: server });
await app.prepare();
const handle = app.getRequestHandler();
// Made by what Next loads (instrumentation.ts), where somebody follows requests.
const followed = () => globalThis.latchkeyFollowedConsole;
server.on("request", (request, response) => {
  const work = () => handle(request, response);
  return followed()?.around(request, response, work) ?? work();
});
server.listen(socket, () => tell("ready"));

process.on("SIGTERM", () => {
  server.close(async () => {
    await followed()?.stop();
    process.exit(0);
  });
  server.closeIdleConnections();
  setTimeout(() => process.exit(0), 2_000).unref();
});
