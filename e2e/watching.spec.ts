import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "@playwright/test";
import { parser } from "@prometheus-io/lezer-promql";
import { parse } from "yaml";
import { freePort } from "../test/servers/peer";
import { type Product, startProduct } from "../test/servers/product";

const FOLDER = "deploy/observability";
/** Prometheus itself adds these. */
const ADDED = ["instance", "job", "le"];

interface Rules {
  groups: { rules: { alert: string; expr: string; annotations: { summary: string } }[] }[];
}
interface Traces {
  resourceSpans?: {
    scopeSpans: { spans: { traceId: string; spanId: string; parentSpanId?: string; name: string }[] }[];
  }[];
}
interface Dashboard {
  panels: {
    id: number;
    title: string;
    datasource: { uid: string };
    gridPos: object;
    targets: { refId: string; expr: string; legendFormat: string; datasource: { uid: string } }[];
  }[];
  templating: { list: { name: string; type: string }[] };
}

const rules = (parse(readFileSync(`${FOLDER}/latchkey-alerts.yml`, "utf8")) as Rules).groups.flatMap(
  (one) => one.rules,
);
const dashboard = JSON.parse(readFileSync(`${FOLDER}/latchkey-dashboard.json`, "utf8")) as Dashboard;
const targets = dashboard.panels.flatMap((panel) => panel.targets);

/** A stand-in of a collector, at the edge of the network. */
const told: string[] = [];
const collector = createServer(async (request, response) => {
  let body = "";
  for await (const piece of request) body += String(piece);
  told.push(body);
  response.writeHead(200, { "content-type": "application/json" }).end("{}");
});
const TRACE = "0af7651916cd43dd8448eb211c80319c";

let product: Product;
let scrape = "";

test.beforeAll(async () => {
  const port = await freePort();
  await new Promise<void>((resolve) => collector.listen(0, "127.0.0.1", resolve));
  const endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
  product = await startProduct({ METRICS_PORT: String(port), OTEL_EXPORTER_OTLP_ENDPOINT: endpoint });
  for (const path of ["/api/integrations/credentials", "/credentials/uses/feed", "/setup?token=x", "/v1.0/tenants"])
    await fetch(product.url + path, { headers: { traceparent: `00-${TRACE}-b7ad6b7169203331-01` } });
  scrape = await fetch(`http://127.0.0.1:${port}/metrics`).then((answer) => answer.text());
});
test.afterAll(async () => {
  await product.stop();
  collector.close();
});

test("refusals are counted apart by the process that said them", () => {
  for (const process of ["gateway", "console"])
    expect(scrape).toMatch(
      new RegExp(`^latchkey_refusals_total\\{process="${process}",code="unauthenticated"\\} [12]$`, "m"),
    );
});

test("what the console does is followed like what the API does, as a part of the caller's trace", async () => {
  const spans = () =>
    told
      .flatMap((body) => (JSON.parse(body) as Traces).resourceSpans ?? [])
      .flatMap((one) => one.scopeSpans[0]?.spans ?? []);
  const mine = () => spans().filter(({ traceId }) => traceId === TRACE);
  const names = () => mine().map(({ name }) => name);
  await expect.poll(names).toEqual(expect.arrayContaining(["GET page", "GET /integrations/credentials"]));
  const belowPages = () => {
    const pages = mine().filter(({ name }) => name === "GET page");
    const below = mine().filter(({ parentSpanId }) => pages.some(({ spanId }) => spanId === parentSpanId));
    return below.map(({ name }) => name);
  };
  await expect.poll(belowPages).toContain("setup_token");
});

test("Prometheus takes the configuration, the rules and their tests", () => {
  const promtool = (...args: string[]) => execFileSync("/usr/bin/promtool", args, { cwd: FOLDER, encoding: "utf8" });
  expect(promtool("check", "config", "prometheus.yml")).toContain("is valid prometheus config");
  expect(promtool("check", "rules", "latchkey-alerts.yml")).toContain(`${rules.length} rules found`);
  expect(promtool("test", "rules", "latchkey-alerts.test.yml")).toContain("SUCCESS");
});

test("every metric and label that a rule or a panel asks for is there in what the product says", () => {
  const labels = labelsByMetric(scrape);
  for (const { alert, expr } of rules) expectThere(alert, expr, labels);
  for (const { refId, expr } of targets) expectThere(refId, expr.replaceAll("$__rate_interval", "5m"), labels);
});

test("what a text names of a series is a label of it", () => {
  const known = [...ADDED, ...new Set(Object.values(labelsByMetric(scrape)).flatMap((one) => [...one]))];
  const texts = [...targets.map((one) => one.legendFormat), ...rules.map((one) => one.annotations.summary)];
  for (const text of texts)
    for (const [, name] of text.matchAll(/\{\{ ?(?:\$labels\.)?(\w+) ?\}\}/g)) expect(known, text).toContain(name);
});

test("the dashboard's panels have ids and places of their own and one source of data, which the reader chooses", () => {
  const ids = dashboard.panels.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(new Set(dashboard.panels.map(({ gridPos }) => JSON.stringify(gridPos))).size).toBe(ids.length);
  expect(dashboard.templating.list).toContainEqual(expect.objectContaining({ name: "datasource", type: "datasource" }));
  expect(dashboard.templating.list).toContainEqual(expect.objectContaining({ name: "instance", type: "query" }));
  const sources = [...dashboard.panels, ...targets].map(({ datasource }) => datasource.uid);
  // biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana's own way to name a variable
  expect(new Set(sources)).toEqual(new Set(["${datasource}"]));
  for (const { title, targets: asked } of dashboard.panels)
    expect(new Set(asked.map(({ refId }) => refId)).size, title).toBe(asked.length);
});

function labelsByMetric(text: string): Record<string, Set<string>> {
  const found: Record<string, Set<string>> = { up: new Set() };
  for (const [, name = "", labels = ""] of text.matchAll(/^([a-z_]\w*)(?:\{(.*)\})? \S+$/gim)) {
    found[name] ??= new Set();
    for (const [, label = ""] of labels.matchAll(/(\w+)="/g)) found[name].add(label);
  }
  return found;
}

/** Every series that an expression selects, and every label that it selects or groups by. */
function expectThere(what: string, expr: string, labels: Record<string, Set<string>>) {
  const text = (from: number, to: number) => expr.slice(from, to);
  const metrics = new Set<string>();
  const asked = new Set<string>();
  parser.parse(expr).iterate({
    enter: ({ name, type, from, to }) => {
      expect(type.isError, `${what}: ${expr}`).toBe(false);
      if (name === "Identifier") metrics.add(text(from, to));
      if (name === "LabelName") asked.add(text(from, to));
    },
  });
  expect(metrics.size, what).toBeGreaterThan(0);
  const known = new Set([...ADDED, ...[...metrics].flatMap((one) => [...(labels[one] ?? [])])]);
  for (const metric of metrics) expect(Object.keys(labels), `${what}: ${expr}`).toContain(metric);
  for (const label of asked) expect([...known], `${what}: ${expr}`).toContain(label);
}
