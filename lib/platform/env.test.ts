import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readEnv, settings, unknownSettings } from "@/lib/platform/env";

interface Documented {
  about: string;
  default?: string;
  example?: string;
  secret?: boolean;
}
const documented = Object.entries(settings) as [string, Documented][];

describe("the settings", () => {
  // `npx vitest -u --config test/vitest.config.ts lib/platform/env` writes both files anew.
  test("are all explained in .env.example", async () => {
    await expect(exampleFile()).toMatchFileSnapshot("../../.env.example");
  });

  test("are all explained in docs/settings.md", async () => {
    const page = readFileSync(new URL("../../docs/settings.md", import.meta.url), "utf8");
    const [start, end] = ["<!-- settings -->", "<!-- /settings -->"];
    const [before, after] = [page.split(start)[0], page.split(end)[1]];
    await expect(`${before}${start}\n\n${table()}\n${end}${after}`).toMatchFileSnapshot("../../docs/settings.md");
  });

  test("have defaults and examples that are good", () => {
    for (const [name, { default: standard, example }] of documented) {
      const source = { [name]: standard ?? example };
      if (!example?.startsWith("(")) expect(() => readEnv(source), name).not.toThrow();
    }
  });

  test("are judged all at once, by name, without showing a value", () => {
    const bad = {
      PORT: "http",
      DATABASE_URL: "mysql://root:s3cret@db",
      OUTBOUND_ALLOW: "everything",
      LATCHKEY_ADMIN_EMAIL: "ana",
    };
    expect(() => readEnv(bad)).toThrow(
      /^Bad settings:\n {2}PORT .*\n {2}DATABASE_URL .*\n {2}LATCHKEY_ADMIN_EMAIL .*\n {2}OUTBOUND_ALLOW .*$/,
    );
    expect(() => readEnv(bad)).not.toThrow(/s3cret/);
  });

  test("are refused by name whatever is written there", () => {
    const written = [
      "x",
      "/",
      "://",
      "https://",
      "vault.example.com",
      "localhost:3000",
      "{",
      "[",
      "%",
      "\u0000",
      "-1",
      "é",
    ];
    for (const name of Object.keys(settings)) {
      for (const value of written) {
        try {
          readEnv({ [name]: value });
        } catch (error) {
          expect((error as Error).message, value).toMatch(new RegExp(`^Bad settings:\\n {2}${name} \\S`));
        }
      }
    }
    expect(() => readEnv({ PUBLIC_URL: "vault.example.com" })).toThrow("PUBLIC_URL must be an http or https address");
  });

  test("that are misspelt are told by name, with what may have been meant; others' variables are left alone", () => {
    const source = {
      LATCHKEY_KEYFILE: "/run/key",
      TRUSTED_PROXIE: "10.0.0.1",
      public_url: "https://vault.example.com",
      LATCHKEY_NONSENSE: "s3cret",
      LATCHKEY_FRONT: "1",
      HOSTNAME: "web-1",
      PATH: "/bin",
      DATABASE_URL: "postgresql://db",
    };
    expect(unknownSettings(source)).toEqual([
      { name: "LATCHKEY_KEYFILE", meant: "LATCHKEY_KEY_FILE" },
      { name: "TRUSTED_PROXIE", meant: "TRUSTED_PROXIES" },
      { name: "public_url", meant: "PUBLIC_URL" },
      { name: "LATCHKEY_NONSENSE" },
    ]);
    for (const name of Object.keys(settings)) expect(unknownSettings({ [name]: "x" })).toEqual([]);
  });

  test("count as unset when they are empty", () => {
    expect(readEnv({ PORT: "", DATABASE_URL: " " })).toMatchObject({ PORT: 3000, PUBLIC_URL: "http://localhost:3000" });
    expect(readEnv({ DATABASE_URL: "" }).DATABASE_URL).toBeUndefined();
  });
});

function exampleFile(): string {
  const entries = documented.map(([name, { about, example, ...setting }]) => {
    const value = setting.default ?? (example?.startsWith("(") ? "" : (example ?? ""));
    const hint = example?.startsWith("(") ? ` Make one: ${example.slice(1, -1)}` : "";
    return `# ${about}${hint}\n# ${name}=${value}\n`;
  });
  return `# Copy to .env and uncomment what you need. Every line shows the default, or an example.\n\n${entries.join("\n")}`;
}

/** Aligned as the formatter would have it. */
function table(): string {
  const rows = documented.map(([name, setting]) => {
    const standard = setting.default === undefined ? "" : `\`${setting.default}\``;
    return [`\`${name}\``, standard, `${setting.about}${setting.secret ? " Secret." : ""}`];
  });
  const all = [["setting", "default", "what it does"], ...rows];
  const widths = [0, 1, 2].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const line = (cells: string[]) => `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const [head = "", ...body] = all.map(line);
  return [head, line(widths.map((width) => "-".repeat(width))), ...body, ""].join("\n");
}
