import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readEnv } from "@/lib/platform/env";
import { keysFromSettings } from "./keyring";
import { wrappingKey } from "./wrapping-key";

const good = () => randomBytes(32).toString("base64");

describe("a key", () => {
  test("is taken in base64, base64url and hex, and is the same key", () => {
    const bytes = randomBytes(32);
    const ids = (["base64", "base64url", "hex"] as const).map((form) => wrappingKey(bytes.toString(form), "test").id);
    expect(new Set(ids).size).toBe(1);
  });

  test.each([
    ["empty", ""],
    ["31 bytes", randomBytes(31).toString("base64")],
    ["33 bytes", randomBytes(33).toString("base64")],
    ["32 characters of text", "this is exactly thirty-two chars"],
    ["with a blank inside", `${good().slice(0, 20)} ${good().slice(20)}`],
    ["not base64", "*".repeat(44)],
    ["all zeros", Buffer.alloc(32).toString("base64")],
    ["one byte repeated", Buffer.alloc(32, 0x41).toString("base64")],
    ["counting up, as printed in manuals", Buffer.from(Array.from({ length: 32 }, (_, at) => at)).toString("hex")],
    ["few different bytes", Buffer.from("abcdabcdabcdabcdabcdabcdabcdabcd").toString("base64")],
  ])("that is %s is refused, without repeating it", (_, text) => {
    let message = "";
    try {
      wrappingKey(text, "LATCHKEY_KEY");
    } catch (error) {
      message = String(error);
    }
    expect(message).toContain("LATCHKEY_KEY");
    if (text) expect(message).not.toContain(text);
  });
});

describe("a key file", () => {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-keys-"));
  const load = (settings: Record<string, string>) =>
    keysFromSettings(readEnv({ LATCHKEY_DATA: folder, ...settings })).load();
  const file = (name: string, mode = 0o600, text = good()) => {
    const path = join(folder, name);
    writeFileSync(path, text);
    chmodSync(path, mode);
    return path;
  };

  test("is read when only its owner can", () => {
    expect(load({ LATCHKEY_KEY_FILE: file("a") }).current.key).toHaveLength(32);
    expect(load({ LATCHKEY_KEY_FILE: file("b", 0o400) }).current.key).toHaveLength(32);
  });

  test("is read with the modes that Kubernetes and Docker give a secret, which nobody may write", () => {
    for (const mode of [0o440, 0o444])
      expect(load({ LATCHKEY_KEY_FILE: file(`c${mode}`, mode) }).current.key).toHaveLength(32);
  });

  test("is read through the links of Kubernetes' volume of a secret, and through no others", () => {
    const volume = join(folder, "volume");
    mkdirSync(join(volume, "..2026_12_01"), { recursive: true });
    const real = file("volume/..2026_12_01/key", 0o440);
    symlinkSync("..2026_12_01", join(volume, "..data"));
    symlinkSync("..data/key", join(volume, "key"));
    expect(load({ LATCHKEY_KEY_FILE: join(volume, "key") }).current.key).toHaveLength(32);
    chmodSync(real, 0o660);
    expect(() => load({ LATCHKEY_KEY_FILE: join(volume, "key") })).toThrow("chmod 600");
    chmodSync(real, 0o440);
    // Under another name, in a folder of another name, and out of the volume.
    mkdirSync(join(volume, "sub"));
    file("volume/sub/plain", 0o440);
    for (const [name, target] of [
      ["other", "..data/key"],
      ["plain", "sub/plain"],
      ["outside", file("outside", 0o440)],
    ] as const) {
      symlinkSync(target, join(volume, name));
      expect(() => load({ LATCHKEY_KEY_FILE: join(volume, name) }), name).toThrow("link out of its folder");
    }
  });

  test("is read from a mount that is read-only, as containers get it", (context) => {
    const [source, mounted] = ["secret", "mounted"].map((name) => join(folder, name)) as [string, string];
    for (const place of [source, mounted]) mkdirSync(place);
    file("secret/key", 0o444);
    const mount = (...args: string[]) => spawnSync("mount", args).status === 0;
    context.skip(process.getuid?.() !== 0 || !mount("--bind", source, mounted), "this user may not mount");
    try {
      expect(mount("-o", "remount,bind,ro", mounted)).toBe(true);
      expect(load({ LATCHKEY_KEY_FILE: join(mounted, "key") }).current.key).toHaveLength(32);
      expect(() => writeFileSync(join(mounted, "key"), "")).toThrow("EROFS");
    } finally {
      spawnSync("umount", [mounted]);
    }
  });

  test("with any other mode that lets others in is refused, with the command that mends it", () => {
    for (let mode = 0o400; mode <= 0o777; mode++) {
      if ([0o400, 0o440, 0o444, 0o404, 0o600].includes(mode)) continue;
      const path = file(`m${mode}`, mode);
      expect(() => load({ LATCHKEY_KEY_FILE: path }), mode.toString(8)).toThrow(`chmod 600 ${path}`);
    }
  });

  test("that is a link out of its folder, a folder, or a long file is refused", () => {
    const link = join(folder, "link");
    symlinkSync("/etc/hostname", link);
    for (const path of [link, folder, file("long", 0o600, "x".repeat(2_000))]) {
      expect(() => load({ LATCHKEY_KEY_FILE: path })).toThrow();
    }
  });

  test("that is missing is named, and no key is made", () => {
    expect(() => load({ LATCHKEY_KEY_FILE: join(folder, "none") })).toThrow("No key");
  });

  test("may be joined by one superseded key, which must be another", () => {
    const [now, before] = [good(), good()];
    expect(load({ LATCHKEY_KEY: now, LATCHKEY_PREVIOUS_KEY: before }).previous?.id).toBe(wrappingKey(before, "x").id);
    expect(() => load({ LATCHKEY_KEY: now, LATCHKEY_PREVIOUS_KEY: now })).toThrow("same key");
  });
});
