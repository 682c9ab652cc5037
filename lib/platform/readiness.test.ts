import { expect, test } from "vitest";
import { ready } from "@/lib/platform/readiness";

test("a rule for outgoing connections that means nothing stops the start, by the setting's name", async () => {
  // Both have the form of a rule; only reading them shows that they are none.
  for (const rule of ["10.0.0.0/33:22", "10.0.0.0/8:99999"]) {
    process.env.OUTBOUND_ALLOW = rule;
    await expect(ready()).rejects.toThrow("OUTBOUND_ALLOW");
  }
});
