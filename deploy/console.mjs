// The console: Next in a process of its own, behind the front.
//   node deploy/console.mjs SOCKET DATABASE_POOL
import { createServer } from "node:http";
import next from "next";

const [socket, pool] = process.argv.slice(2);
process.env.DATABASE_POOL = pool;
// Ctrl-C reaches the whole terminal; the front tells us when our requests are done.
process.on("SIGINT", () => {});
process.on("disconnect", () => process.exit(0));
// The front may have been killed while Next was being loaded, before anybody listened.
if (!process.connected) process.exit(0);

const app = next({ dev: false, dir: process.cwd() });
await app.prepare();
const server = createServer(app.getRequestHandler());
// The front keeps its connections; closing one just as it is used again would cost somebody an answer.
server.keepAliveTimeout = 0;
server.listen(socket, () => process.send?.("ready"));

process.on("SIGTERM", () => {
  server.close(() => process.exit(0));
  server.closeIdleConnections();
  setTimeout(() => process.exit(0), 2_000).unref();
});
