// npm run bench: the product in production mode beside the same SQL straight through pgbench, in one run. What counts
// are the ratios; the rates are this machine's. Needs pgbench (Debian: postgresql-client). `npm run bench watching` is that part alone.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { baseline, prepareBaseline } from "./baseline.mjs";
import { besideGrants } from "./grants.mjs";
import { pageLoad } from "./pages.mjs";
import { runProgram, startProduct } from "./product.mjs";
import { costOfWatching } from "./watching.mjs";

const SECONDS = Number(process.env.BENCH_SECONDS ?? 6);
const SIZES = [100, 10_000, 100_000];
const sftp = { host: "sftp.example.com", port: 22, username: "alice", password: "a new password" };

if (process.argv[2] !== "watching") await besideOthers();
await watching();

async function besideOthers() {
  const product = await startProduct();
  const database = await product.openDatabase();
  try {
    console.log(`Storing ${SIZES.join(" + ")} credentials …`);
    const seeded = JSON.parse(await runProgram(product, "bench/seed.ts", SIZES.map(String)));
    await prepareBaseline(database.ownerUrl);
    const [small, middle, large] = seeded;
    await besideSql(product, database, middle);
    await growth(product, small, middle, large);
    await grants(product, large);
    await besidePages(product, middle);
  } finally {
    await database.leave();
    await product.stop();
  }
}

async function watching() {
  console.log("\nWhat watching costs: processor time of Node for each request, 16 connections; aim for metrics: 1.03");
  console.table(await costOfWatching(load, SECONDS / 2));
}

function operations({ programToken, userToken }) {
  const bearer = (token) => ({ authorization: `Bearer ${token}` });
  const one = "/api/integrations/credentials/{id}";
  return {
    list: {
      method: "GET",
      path: "/api/integrations/credentials?limit=50",
      headers: bearer(programToken),
      beside: "list",
      aim: null,
    },
    get: { method: "GET", path: one, headers: bearer(programToken), beside: "select", aim: 0.1 },
    fetch: { method: "GET", path: `${one}/credentials`, headers: bearer(programToken), beside: "select", aim: 0.1 },
    update: {
      method: "PATCH",
      path: one,
      headers: { ...bearer(userToken), "content-type": "application/json" },
      body: { credential_type: "user_password", credentials: sftp },
      beside: "update",
      aim: 0.25,
    },
  };
}

async function besideSql(product, database, seeded) {
  console.log(
    `\n${seeded.count} credentials; ratio = requests per second / pgbench transactions per second of the same SQL`,
  );
  const rows = [];
  for (const connections of [1, 16]) {
    for (const [name, { beside, aim, ...request }] of Object.entries(operations(seeded))) {
      // Interleaved, so that a slow minute of the machine hits both.
      const [sqlBefore, ours, sqlAfter] = [
        await baseline(database, seeded, beside, connections, SECONDS / 2),
        await load(product, seeded, request, connections),
        await baseline(database, seeded, beside, connections, SECONDS / 2),
      ];
      const sql = (sqlBefore + sqlAfter) / 2;
      rows.push({
        operation: name,
        connections,
        ...rounded(ours),
        "pgbench/s": Math.round(sql),
        ratio: (ours.rate / sql).toFixed(3),
        aim: connections === 16 ? (aim ?? "") : "",
      });
    }
  }
  console.table(rows);
}

async function growth(product, ...sizes) {
  console.log("\nThe same reads as the store grows, 16 connections; factor = time per request against 100 credentials");
  const rows = [];
  for (const name of ["list", "get", "fetch"]) {
    const rates = sizes.map(() => []);
    for (let round = 0; round < 3; round++) {
      for (const [at, seeded] of sizes.entries()) {
        const { beside, aim, ...request } = operations(seeded)[name];
        rates[at].push((await load(product, seeded, request, 16, SECONDS / 2)).rate);
      }
    }
    const best = rates.map((all) => Math.max(...all));
    rows.push({
      operation: name,
      ...Object.fromEntries(sizes.map(({ count }, at) => [`${count}/s`, Math.round(best[at])])),
      factor: (best[0] / best.at(-1)).toFixed(2),
    });
  }
  console.table(rows);
}

async function grants(product, seeded) {
  console.log(
    `\n${seeded.count} credentials and 10000 grants, 16 connections; factor = time per request against the first row; aim: 1.2`,
  );
  const { plainList, plainFetch, rows } = await besideGrants(product, seeded, async (requests) => {
    const rates = requests.map(() => []);
    for (let round = 0; round < 3; round++) {
      for (const [at, request] of requests.entries()) {
        rates[at].push((await load(product, seeded, request, 16, SECONDS / 2)).rate);
      }
    }
    return rates.map((all) => Math.max(...all));
  });
  console.table([
    {
      reach: "list by role; fetch with one grant in all",
      list: `${Math.round(plainList)}/s`,
      fetch: `${Math.round(plainFetch)}/s`,
    },
    ...rows.map(({ reach, list, fetch }) => ({ reach, list: list.toFixed(2), fetch: fetch?.toFixed(2) ?? "" })),
  ]);
}

async function besidePages(product, seeded) {
  console.log("\nSecrets fetch (4 connections) while console pages are rendered beside it");
  const { beside, aim, ...request } = operations(seeded).fetch;
  const pages = await pageLoad(product.url, seeded);
  const alone = await load(product, seeded, request, 4);
  const rendering = pages.start(2);
  const together = await load(product, seeded, request, 4);
  const rendered = await rendering.stop();
  console.table([
    { pages: 0, ...rounded(alone) },
    { pages: `${(rendered / SECONDS).toFixed(1)}/s`, ...rounded(together) },
  ]);
}

function rounded({ rate, p50, p95, p99, failed }) {
  return { "req/s": Math.round(rate), "p50 ms": p50, "p95 ms": p95, "p99 ms": p99, failed };
}

function load(product, seeded, request, connections, seconds = SECONDS) {
  const options = JSON.stringify({ ids: { count: seeded.count }, ...request, url: product.url, connections, seconds });
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [fileURLToPath(new URL("load.mjs", import.meta.url)), options], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let out = "";
    child.stdout.on("data", (chunk) => {
      out += chunk;
    });
    child.on("exit", (code) => (code === 0 ? resolve(JSON.parse(out)) : reject(new Error("the load run failed"))));
  });
}
