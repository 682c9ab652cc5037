import { describe, expect, test } from "vitest";
import { RouteTable } from "./route-table";

function table(...files: string[]): (path: string) => unknown {
  const routes = new RouteTable<string>();
  for (const file of files) routes.add(file, file);
  return (path) => routes.match(path);
}

describe("a path finds the route that Next would take", () => {
  const match = table(
    "(superai)/api/integrations/credentials/route.ts",
    "(superai)/api/integrations/credentials/[credential_id]/route.ts",
    "(superai)/api/integrations/credentials/test/route.ts",
    "(superai)/api/integrations/[provider]/authorize/route.ts",
    "(superai)/api/integrations/[...rest]/route.ts",
    "(litegraph)/v1.0/[[...rest]]/route.ts",
  );

  test("a fixed segment wins over a parameter, a parameter over the rest", () => {
    expect(match("/api/integrations/credentials/test")).toMatchObject({ value: expect.stringContaining("/test/") });
    expect(match("/api/integrations/credentials/42")).toEqual({
      value: "(superai)/api/integrations/credentials/[credential_id]/route.ts",
      params: { credential_id: "42" },
    });
    expect(match("/api/integrations/google/authorize")).toMatchObject({ params: { provider: "google" } });
  });

  test("what leads nowhere falls back to the rest", () => {
    expect(match("/api/integrations/google/nothing")).toMatchObject({ params: { rest: ["google", "nothing"] } });
    expect(match("/api/integrations/credentials/42/nothing")).toMatchObject({
      params: { rest: ["credentials", "42", "nothing"] },
    });
  });

  test("an optional rest may be empty, a plain one may not", () => {
    expect(match("/v1.0")).toMatchObject({ params: {} });
    expect(match("/v1.0/tenants")).toMatchObject({ params: { rest: ["tenants"] } });
    expect(match("/api/integrations")).toBeUndefined();
  });

  test("no route, no answer", () => {
    for (const path of [
      "/",
      "/sign-in",
      "/api",
      "/api/integrations/",
      "/api//integrations/credentials",
      "/API/integrations/credentials",
    ]) {
      expect(match(path)).toBeUndefined();
    }
  });

  test("parameters are decoded, each segment by itself", () => {
    expect(match("/api/integrations/credentials/a%20b%2Fc")).toMatchObject({ params: { credential_id: "a b/c" } });
    expect(() => match("/api/integrations/credentials/%E0%A4%A")).toThrow(URIError);
  });
});

test("two routes may name the same segment differently", () => {
  const match = table("tenants/[guid]/route.ts", "tenants/[tenant]/users/[user]/route.ts");
  expect(match("/tenants/1")).toMatchObject({ params: { guid: "1" } });
  expect(match("/tenants/1/users/2")).toMatchObject({ params: { tenant: "1", user: "2" } });
});
