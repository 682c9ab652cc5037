// What being watched costs: the same requests at a product that nobody watches, at one whose metrics are read each second, and at one
// that sends traces and its log to a collector; by processor time, since rates are the machine's. Aim: 3 per cent for metrics.
import { createServer } from "node:http";
import { processorTime } from "./processor-time.mjs";
import { runProgram, startProduct } from "./product.mjs";

const CREDENTIALS = 1_000;
const CONNECTIONS = 16;
const ROUNDS = 7;
const SCRAPE_MS = 1_000;
const METRICS_TOKEN = "read-by-the-benchmark-alone";

const bearer = (token) => ({ authorization: `Bearer ${token}` });
const requests = {
  get: ({ programToken }) => ({
    method: "GET",
    path: "/api/integrations/credentials/{id}",
    headers: bearer(programToken),
  }),
  fetch: ({ programToken }) => ({
    method: "GET",
    path: "/api/integrations/credentials/{id}/credentials",
    headers: bearer(programToken),
  }),
};

/** @param load runs one request at a product for some seconds, see run.mjs */
export async function costOfWatching(load, seconds) {
  const collector = createServer((request, response) => request.resume().once("end", () => response.end("{}")));
  await new Promise((resolve) => collector.listen(0, "127.0.0.1", resolve));
  const watched = [
    { by: "nobody", settings: {} },
    { by: "metrics", settings: { METRICS_TOKEN }, scraped: true },
    {
      by: "metrics and OpenTelemetry",
      settings: { METRICS_TOKEN, OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${collector.address().port}` },
      scraped: true,
    },
  ];
  const products = [];
  try {
    for (const one of watched) {
      const product = await startProduct(one.settings);
      products.push({ ...one, product });
      products.at(-1).seeded = JSON.parse(await runProgram(product, "bench/seed.ts", [String(CREDENTIALS)]))[0];
    }
    const rows = [];
    for (const [operation, request] of Object.entries(requests)) {
      const costs = products.map(() => []);
      // In turns, so that a slow minute of the machine hits all of them.
      for (let round = 0; round < ROUNDS; round++)
        for (const [at, one] of products.entries())
          costs[at].push(
            await costOf(one, () => load(one.product, one.seeded, request(one.seeded), CONNECTIONS, seconds)),
          );
      const medians = costs.map(median);
      for (const [at, { by }] of products.entries())
        rows.push({
          operation,
          "watched by": by,
          "Node us": Math.round(medians[at]),
          ratio: (medians[at] / medians[0]).toFixed(3),
        });
    }
    return rows;
  } finally {
    for (const { product } of products) await product.stop();
    collector.close();
  }
}

/** Microseconds of Node for each request. */
async function costOf({ product, scraped }, run) {
  const headers = bearer(METRICS_TOKEN);
  const timer =
    scraped &&
    setInterval(() => fetch(`${product.url}/metrics`, { headers }).then((answer) => answer.text()), SCRAPE_MS);
  const before = processorTime(product).node;
  try {
    const { rate, seconds, failed } = await run();
    if (failed > 0) throw new Error(`${failed} requests failed`);
    return ((processorTime(product).node - before) * 1_000_000) / (rate * seconds);
  } finally {
    clearInterval(timer);
  }
}

const median = (all) => [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)];
