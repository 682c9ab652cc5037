import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
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

let product: Product;
let scrape = "";

test.beforeAll(async () => {
  const port = await freePort();
  product = await startProduct({ METRICS_PORT: String(port) });
  for (const path of ["/api/integrations/credentials", "/credentials/uses/feed", "/sign-in", "/v1.0/tenants"])
    await fetch(product.url + path);
  scrape = await fetch(`http://127.0.0.1:${port}/metrics`).then((answer) => answer.text());
});
test.afterAll(() => product.stop());

test("refusals are counted apart by the process that said them", () => {
  for (const process of ["gateway", "console"])
    expect(scrape).toContain(`latchkey_refusals_total{process="${process}",code="unauthenticated"} 1\n`);
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
