import { describe, expect, test } from "vitest";
import { offline } from "@/test/importers/offline";
import { read as readAirflow } from "./airflow/source";
import { read as readN8n } from "./n8n/source";

/** What each release of n8n and Airflow writes, made here by the words of its own export. */
const content = (text: string) => ({ content: { bytes: Buffer.from(text) }, network: offline });

describe("n8n's export", () => {
  const data = { accessToken: "xoxb-1" };
  const facts = { name: "Slack", type: "slackApi", data };
  const dates = { createdAt: "2024-01-02T03:04:05.678Z", updatedAt: "2024-02-02T03:04:05.678Z" };
  const access = { nodesAccess: [{ nodeType: "n8n-nodes-base.slack", date: "2021-01-01T00:00:00.000Z" }] };

  test.each([
    ["0.x: numbers for ids, and the nodes that may use it", { id: 7, ...facts, ...access, ...dates }, "n8n:7"],
    ["0.x: numbers as text", { id: "7", ...facts, ...access, ...dates }, "n8n:7"],
    [
      "1.x: ids of 16 letters and digits",
      { ...dates, id: "abcDEF1234567890", ...facts, isManaged: false },
      "n8n:abcDEF1234567890",
    ],
    [
      "1.x and 2.x: further marks, and a date that SQLite wrote",
      {
        id: "abcDEF1234567890",
        ...facts,
        isManaged: false,
        isGlobal: true,
        isResolvable: false,
        createdAt: "2024-01-02 03:04:05",
      },
      "n8n:abcDEF1234567890",
    ],
  ])("of %s", async (_, item, id) => {
    const found = { id, name: "Slack", found: { provider: "slackApi", data: { botToken: "xoxb-1" } } };
    // All in one, pretty or not; or, with --separate, one file each.
    for (const text of [JSON.stringify([item]), JSON.stringify([item], null, 2), JSON.stringify(item)])
      expect(await readN8n(content(text))).toMatchObject([found]);
  });
});

describe("Airflow's export", () => {
  const fields = {
    conn_type: "ssh",
    login: "deploy",
    password: "p-1",
    host: "files.example.com",
    port: 22,
    schema: null,
  };
  const extra = { conn_timeout: 20, no_host_key_check: "true" };
  const found = {
    id: "airflow:files",
    found: { provider: "sftp", data: { host: "files.example.com", username: "deploy", password: "p-1", port: 22 } },
  };
  const listed = {
    id: "1",
    conn_id: "files",
    ...fields,
    port: "22",
    is_encrypted: "True",
    is_extra_encrypted: "False",
    extra_dejson: extra,
    get_uri: "ssh://deploy:p-1@files.example.com:22",
  };

  test.each([
    ["1.10: JSON, extra as text", JSON.stringify({ files: { ...fields, extra: JSON.stringify(extra) } })],
    [
      "1.10: a row of the database in clear",
      JSON.stringify([
        { conn_id: "files", ...fields, is_encrypted: 0, is_extra_encrypted: 0, extra: JSON.stringify(extra) },
      ]),
    ],
    [
      "2.x: JSON, with a description",
      JSON.stringify({ files: { ...fields, description: "", extra: JSON.stringify(extra) } }, null, 2),
    ],
    ["2.x: connections list -o json", JSON.stringify([listed])],
    [
      "2.x: connections list -o yaml",
      `- conn_id: files\n  conn_type: ssh\n  host: files.example.com\n  login: deploy\n  password: p-1\n  port: 22\n  extra_dejson:\n    conn_timeout: 20\n  is_encrypted: 'True'\n`,
    ],
    ["2.x: env of URIs", "files=ssh://deploy:p-1@files.example.com:22?conn_timeout=20\n"],
    ["2.x: env of JSON", `files=${JSON.stringify({ ...fields, extra })}\n`],
    [
      "2.x: YAML",
      `files:\n  conn_type: ssh\n  description: null\n  extra: '{"conn_timeout": 20}'\n  host: files.example.com\n  login: deploy\n  password: p-1\n  port: 22\n  schema: null\n`,
    ],
    ["3.x: JSON, extra as an object", JSON.stringify({ files: { ...fields, description: null, extra } }, null, 2)],
  ])("of %s", async (_, text) => {
    const rows = await readAirflow(content(text));
    expect(rows).toMatchObject([found]);
    expect(rows[0]?.notes.join()).toContain("extra.conn_timeout");
  });
});
