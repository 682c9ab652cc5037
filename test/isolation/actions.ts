import { readFileSync } from "node:fs";
import { type APIRequestContext, expect } from "@playwright/test";
import { marks } from "./console-tenants";

/** The server actions of the built console, as a browser calls them, but from anywhere and with any headers. */
export interface Call {
  id: string;
  /** The page it is called from. */
  page: string;
  input: object;
}

export interface Acted {
  status: number;
  text: string;
  /** What the action answered, where it was run. */
  result: { ok: boolean; error?: { code: string; requestId?: string } } | undefined;
}

/** Every action that the build offers: its folder and name, with the id that calls it. */
export function builtActions(): Map<string, string> {
  const file = new URL("../../.next/server/server-reference-manifest.json", import.meta.url);
  const { node }: { node: Record<string, { filename: string; exportedName: string }> } = JSON.parse(
    readFileSync(file, "utf8"),
  );
  return new Map(
    Object.entries(node).map(([id, { filename, exportedName }]) => [
      `${filename.split("/").at(-2)}/${exportedName}`,
      id,
    ]),
  );
}

/** As the console's own script sends it. */
export const act = async (by: APIRequestContext, call: Call, headers: Record<string, string>): Promise<Acted> =>
  acted(
    await by.post(call.page, {
      headers: {
        "content-type": "text/plain;charset=UTF-8",
        accept: "text/x-component",
        "next-action": call.id,
        ...headers,
      },
      data: JSON.stringify([call.input]),
      maxRedirects: 0,
    }),
  );

/** As a form without any script sends it, which another site's page could hold as well. */
export const submit = async (by: APIRequestContext, call: Call, headers: Record<string, string>): Promise<Acted> =>
  acted(
    await by.post(call.page, {
      headers,
      multipart: {
        $ACTION_REF_1: "",
        "$ACTION_1:0": JSON.stringify({ id: call.id, bound: "$@1" }),
        "$ACTION_1:1": JSON.stringify([call.input]),
      },
      maxRedirects: 0,
    }),
  );

/** The answer is React's stream of numbered rows; the result is the row that says whether it went well. */
async function acted(response: Awaited<ReturnType<APIRequestContext["post"]>>): Promise<Acted> {
  const text = await response.text();
  const row = /^[0-9a-f]+:(\{"ok":.*)$/m.exec(text)?.[1];
  return { status: response.status(), text, result: row === undefined ? undefined : JSON.parse(row) };
}

export function expectRefusal({ text, result }: Acted, code: string | RegExp, who: string): void {
  expect(result, `${who}: ${text.slice(0, 300)}`).toMatchObject({
    ok: false,
    error: { code: expect.stringMatching(code) },
  });
  expect(marks.foundIn(text), who).toEqual([]);
}
