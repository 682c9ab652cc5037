#!/usr/bin/env node
// node latchkey.mjs: serves.   node latchkey.mjs <command>: one of the operator's commands (--help lists them).
const [word] = process.argv.slice(2);
if (word === undefined || word === "--once") await import("./deploy/start.mjs");
else await import("./deploy/latchkey.mjs");
