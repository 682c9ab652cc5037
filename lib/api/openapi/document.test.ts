import { createConfig, lintFromString } from "@redocly/openapi-core";
import { Ajv2020 } from "ajv/dist/2020";
import addFormats from "ajv-formats";
import { describe, expect, test } from "vitest";
import type { HttpMethod, RouteHandler } from "@/lib/api/http/route";
import { documentedMethods, type Resource } from "@/lib/api/wire/operation";
import { undescribed } from "@/test/openapi/traffic";
import { documentNames, openApiDocument } from "./index";

// biome-ignore lint/suspicious/noExplicitAny: the nodes of a document of any shape
type Node = any;

const documents: Record<string, Node> = Object.fromEntries(
  documentNames.map((name) => [name, JSON.parse(openApiDocument(name).text)]),
);
const routes = import.meta.glob<Partial<Record<HttpMethod, RouteHandler>>>(
  [
    "../../../app/[(]superai[)]/**/route.ts",
    "../../../app/[(]flowise[)]/**/route.ts",
    "../../../app/[(]litegraph[)]/**/route.ts",
  ],
  { eager: true },
);

/** An address without the names of its parameters, which differ between files and documents. */
const shapeOf = (path: string) => path.replace(/\{\w+\}/g, "{}");

/** What a route file serves: its method and address, as the folders spell it. */
const served = Object.entries(routes).flatMap(([file, module]) => {
  const path = file.replace(/^.*\/app\/\([a-z]+\)(.*)\/route\.ts$/, "$1");
  // What is left over below a prefix is refused, whatever it is.
  if (/\[\.\.\./.test(path)) return [];
  const methods = documentedMethods.filter((method) => module[method]?.resource);
  return methods.map((method) => `${method} ${path.replace(/\[\w+\]/g, "{}")}`);
});

const described = Object.values(documents).flatMap(({ paths }) =>
  Object.entries<Node>(paths).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method.toUpperCase()} ${shapeOf(path)}`),
  ),
);

describe("the documents", () => {
  test("can leave out no route: each file's handlers are made from what describes them", () => {
    const undeclared = Object.entries(routes).flatMap(([file, module]) =>
      Object.entries(module).flatMap(([method, handler]) =>
        typeof handler === "function" && !Object.hasOwn(handler, "resource") ? [`${method} of ${file}`] : [],
      ),
    );
    expect(undeclared).toEqual([]);
  });

  test("name every method that a route file serves, and nothing else", () => {
    expect(served.length).toBeGreaterThan(100);
    expect(served.toSorted()).toEqual(described.toSorted());
  });

  test("come from resources that one route file each answers", () => {
    const used = Object.values(routes).flatMap((module) => [
      ...new Set(Object.values(module).flatMap((one) => (one?.resource ? [one.resource] : []))),
    ]);
    expect(new Set(used).size).toBe(used.length);
    const all = import.meta.glob<Record<string, Resource>>("../wire/*/operations/*.ts", { eager: true });
    const declared = Object.values(all).flatMap((module) => Object.values(module));
    expect(declared.filter((one) => !used.includes(one)).map(({ pattern }) => pattern)).toEqual([]);
  });

  test.each(documentNames)("keep to OpenAPI 3.1: %s", async (name) => {
    const config = await createConfig({
      rules: {
        struct: "error",
        "no-unresolved-refs": "error",
        "no-unused-components": "error",
        "operation-operationId-unique": "error",
        "operation-summary": "error",
        "path-parameters-defined": "error",
        "no-identical-paths": "error",
        "no-ambiguous-paths": "off",
        "no-invalid-parameter-examples": "error",
        "no-invalid-media-type-examples": "error",
        "security-defined": "error",
        "operation-parameters-unique": "error",
        "no-undefined-server-variable": "error",
      },
    });
    const problems = await lintFromString({ source: openApiDocument(name).text, absoluteRef: `${name}.json`, config });
    expect(problems.map(({ ruleId, message, location }) => `${ruleId} ${location[0]?.pointer}: ${message}`)).toEqual(
      [],
    );
  });

  test.each(documentNames)("give examples that fit, for each body that is sent: %s", (name) => {
    const { components, paths } = documents[name];
    const ajv = new Ajv2020({ strict: false });
    addFormats.default(ajv);
    ajv.addSchema({ $id: "document", components });
    for (const [id, schema] of Object.entries<Node>(components.schemas)) {
      for (const example of schema.examples ?? []) {
        const fits = ajv.validate({ $ref: `document#/components/schemas/${id}` }, example);
        expect(fits, `${id}: ${ajv.errorsText()}`).toBe(true);
      }
    }
    const bodies = Object.values<Node>(paths).flatMap((item) =>
      Object.values<Node>(item).flatMap(({ requestBody, operationId }) => {
        const schema = requestBody?.content["application/json"].schema;
        const ref: string | undefined = (schema?.anyOf?.[0] ?? schema)?.$ref;
        const examples = ref && components.schemas[ref.split("/").at(-1) ?? ""].examples;
        return requestBody && !examples ? [operationId] : [];
      }),
    );
    expect(bodies).toEqual([]);
  });

  test("hold nothing that looks like a secret", () => {
    const examples = JSON.stringify(Object.values(documents)).matchAll(/"([^"\\]{16,})"/g);
    const dense = [...examples].map(([, text = ""]) => text).filter((text) => /^[A-Za-z0-9+=_-]{24,}$/.test(text));
    const allowed = /^(019ac0de-[0-9a-f-]+|01K8KABR6S16YETA2SZPVBS9SP|[A-Za-z]+|[a-z_0-9]+)$/;
    expect(dense.filter((text) => !allowed.test(text))).toEqual([]);
  });
});

describe("traffic is held against them", () => {
  const request = { method: "GET", path: "/api/v1/version", status: 200 };
  const headers = { "content-type": "application/json", "x-request-id": "01K8KABR6S16YETA2SZPVBS9SP" };
  const told = (more: { status?: number; headers?: object; text?: string }) =>
    undescribed({
      ...request,
      text: '{"version":"3.1.4"}',
      ...more,
      headers: new Headers({ ...headers, ...more.headers }),
    });

  test("what fits is found to fit", () => {
    expect(told({})).toEqual([]);
    expect(undescribed({ ...request, path: "/nowhere", text: "", headers: new Headers() })).toEqual([]);
  });

  test("another status, header, type or body is told", () => {
    expect(told({ status: 207 })).toEqual(["status 207 is not described"]);
    expect(told({ headers: { "x-new": "1" } })).toEqual(["header x-new is not described for 200"]);
    expect(told({ headers: { "content-type": "text/plain" } })).toEqual(["a body of type text/plain is not described"]);
    expect(told({ text: '{"version":3}' })).toEqual(["/version must be string"]);
    expect(told({ text: "{}" })).toEqual(["/ must have required property 'version'"]);
  });

  test("a body that was taken and is not described is told", () => {
    const sent = {
      method: "POST",
      path: "/api/service-accounts",
      sentType: "application/json",
      sentBody: '{"name":1}',
    };
    const answer = { status: 409, headers: new Headers(headers), text: "" };
    expect(undescribed({ ...sent, ...answer })).toEqual([]);
    expect(undescribed({ ...sent, ...answer, status: 201 })).toEqual(["request: /name must be string"]);
  });
});
