import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments, stringify } from "yaml";

/**
 * Renders a chart as Helm does, as far as ours goes: values, `if`, `with`, `range` over a map, `define` and `include`, and the
 * functions below. Anything else is an error, so that a chart which needs more than this cannot pass by being misread.
 */
export function renderChart(folder: string, values: Values, release: string): unknown[] {
  const chart = parseOne(join(folder, "Chart.yaml"));
  const root = {
    Values: merged(parseOne(join(folder, "values.yaml")), values),
    Chart: { AppVersion: chart.appVersion },
    Release: { Name: release, Service: "Helm" },
  };
  const templates = join(folder, "templates");
  const names = readdirSync(templates).sort();
  const named = new Map<string, Node[]>();
  const render = (name: string) =>
    write(parse(readFileSync(join(templates, name), "utf8"), named), { dot: root, named });
  for (const name of names.filter((one) => one.endsWith(".tpl"))) render(name);
  return names
    .filter((name) => name.endsWith(".yaml"))
    .flatMap((name) => parseAllDocuments(render(name)).map((document) => document.toJS({ mapAsMap: false }) as unknown))
    .filter((document) => document !== null);
}

type Values = { [name: string]: unknown };
type Node = string | { action: string; body?: Node[] };
interface Scope {
  dot: unknown;
  named: Map<string, Node[]>;
  variables?: Values;
}

const parseOne = (file: string) => parseAllDocuments(readFileSync(file, "utf8"))[0]?.toJS() as Values;

const isMap = (value: unknown): value is Values => typeof value === "object" && value !== null && !Array.isArray(value);

function merged(base: Values, over: Values): Values {
  const entries = Object.entries(over).map(([name, value]) => {
    const before = base[name];
    return [name, isMap(before) && isMap(value) ? merged(before, value) : value];
  });
  return { ...base, ...Object.fromEntries(entries) };
}

/** Text and actions, those that have an end with what is inside. A dash eats the blanks on its side. */
function parse(source: string, named: Map<string, Node[]>): Node[] {
  const trimmed = source.replaceAll(/\s*\{\{-/g, "{{").replaceAll(/-\}\}\s*/g, "}}");
  const parts = trimmed.split(/\{\{\s*(.*?)\s*\}\}/s);
  const open: { action: string; body: Node[] }[] = [{ action: "", body: [] }];
  for (const [at, part] of parts.entries()) {
    const inner = open.at(-1);
    if (!inner) throw new Error("an end without a beginning");
    if (at % 2 === 0) inner.body.push(part);
    else if (/^(if|with|range|define) /.test(part)) open.push({ action: part, body: [] });
    else if (part === "end") {
      open.pop();
      const [, name] = /^define "(.*)"$/.exec(inner.action) ?? [];
      if (name) named.set(name, inner.body);
      else open.at(-1)?.body.push(inner);
    } else inner.body.push({ action: part });
  }
  if (open.length !== 1) throw new Error(`no end of ${open.at(-1)?.action}`);
  return open[0]?.body ?? [];
}

function write(nodes: Node[], scope: Scope): string {
  return nodes.map((node) => (typeof node === "string" ? node : writeAction(node, scope))).join("");
}

function writeAction({ action, body }: { action: string; body?: Node[] }, scope: Scope): string {
  if (!body) return String(evaluate(action, scope));
  const [, word, rest = ""] = /^(if|with|range) (.*)$/s.exec(action) ?? [];
  if (word === "range") {
    const [, name, value, of = ""] = /^\$(\w+), \$(\w+) := (.*)$/.exec(rest) ?? [];
    if (!name || !value) throw new Error(`cannot read ${action}`);
    const entries = Object.entries((evaluate(of, scope) ?? {}) as Values).sort();
    return entries.map(([key, one]) => write(body, { ...scope, variables: { [name]: key, [value]: one } })).join("");
  }
  const given = evaluate(rest, scope);
  if (!isTrue(given)) return "";
  return write(body, word === "with" ? { ...scope, dot: given } : scope);
}

/** Empty values are false, as in Go's templates. */
const isTrue = (value: unknown) =>
  Array.isArray(value) ? value.length > 0 : isMap(value) ? Object.keys(value).length > 0 : Boolean(value);

function evaluate(pipeline: string, scope: Scope): unknown {
  return pipeline.split("|").reduce<unknown>((before, stage, at) => {
    const words = stage.match(/"[^"]*"|\S+/g) ?? [];
    return apply(words, scope, at > 0 ? [before] : []);
  }, undefined);
}

function apply([first = "", ...rest]: string[], scope: Scope, before: unknown[]): unknown {
  const values = [...rest.map((word) => meant(word, scope)), ...before];
  const [one, other] = values;
  switch (first) {
    case "include":
      return write(scope.named.get(String(one)) ?? missing(first, one), { named: scope.named, dot: other });
    case "toYaml":
      return stringify(one).trimEnd();
    case "nindent":
      return `\n${String(other).replaceAll(/^/gm, " ".repeat(Number(one)))}`;
    case "quote":
      return JSON.stringify(String(one));
    case "not":
      return !isTrue(one);
    case "printf":
      return values.slice(1).reduce<string>((text, value) => text.replace("%s", String(value)), String(one));
    default:
      return values.length > 0 ? missing("function", first) : meant(first, scope);
  }
}

function meant(word: string, { dot, variables = {} }: Scope): unknown {
  if (/^\d+$/.test(word)) return Number(word);
  if (word.startsWith('"')) return JSON.parse(word);
  if (word.startsWith("$")) return variables[word.slice(1)];
  if (word === ".") return dot;
  if (!word.startsWith(".")) return missing("word", word);
  return word
    .slice(1)
    .split(".")
    .reduce<unknown>((value, name) => (isMap(value) && name in value ? value[name] : missing("value", word)), dot);
}

function missing(what: string, name: unknown): never {
  throw new Error(`no such ${what}: ${name}`);
}
