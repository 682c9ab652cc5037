import { expect, test } from "vitest";
import { readPins, writePin } from "./host-key-pins";

const HASH = "uNiVztksCsDhcc0u9e8BrrJXVGDpJXGZ0ZgxzOGcgBE";
const KEY = "AAAAC3NzaC1lZDI1NTE5AAAAIGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE";
const MD5 = "b8:d8:95:ce:d9:2c:0a:c0:e1:71:cd:2e:f5:ef:01:ae";
const told = (text: string) => {
  const read = readPins(text);
  return read.ok ? read.pins.map(writePin) : read.problem;
};

test.each([
  [`SHA256:${HASH}`, [`SHA256:${HASH}`]],
  [`${HASH}=`, [`SHA256:${HASH}`]],
  [`ssh-ed25519 SHA256:${HASH}=`, [`ssh-ed25519 SHA256:${HASH}`]],
  [`rsa-sha2-512 SHA256:${HASH}`, [`ssh-rsa SHA256:${HASH}`]],
  [`256 SHA256:${HASH} root@RSA host (ED25519)`, [`ssh-ed25519 SHA256:${HASH}`]],
  [`521 SHA256:${HASH} no comment (ECDSA)`, [`ecdsa-sha2-nistp521 SHA256:${HASH}`]],
  [`ED25519 key fingerprint is SHA256:${HASH}.`, [`ssh-ed25519 SHA256:${HASH}`]],
  [`ssh-ed25519 255 ${HASH}=`, [`ssh-ed25519 SHA256:${HASH}`]],
  [`unknown SHA256:${HASH}`, [`unknown SHA256:${HASH}`]],
  [`2048 MD5:${MD5} root (RSA)`, [`ssh-rsa MD5:${MD5}`]],
  [MD5.toUpperCase(), [`MD5:${MD5}`]],
  [MD5.replaceAll(":", ""), [`MD5:${MD5}`]],
  [KEY, [`ssh-ed25519 ${KEY}`]],
  [`ssh-ed25519 ${KEY} root@host`, [`ssh-ed25519 ${KEY}`]],
  [`[h.example]:2222,192.0.2.1 ssh-ed25519 ${KEY}`, [`ssh-ed25519 ${KEY}`]],
  [`|1|c2FsdA==|aGFzaA==| ssh-ed25519 ${KEY}`, [`ssh-ed25519 ${KEY}`]],
  [`# h:22 SSH-2.0-x\nh ssh-ed25519 ${KEY}\r\nSHA256:${HASH}\n`, [`ssh-ed25519 ${KEY}`, `SHA256:${HASH}`]],
])("%s", (text, pins) => {
  expect(told(text)).toEqual(pins);
  expect(told(pins.join("\n"))).toEqual(pins);
});

test.each([
  [`@cert-authority *.example ssh-ed25519 ${KEY}`, /@cert-authority/],
  [`@revoked * ssh-ed25519 ${KEY}`, /@revoked/],
  [`1024 SHA256:${HASH} h (DSA)`, /kind that is not supported/],
  ["-----BEGIN OPENSSH PRIVATE KEY-----", /private key/],
  [`SHA256:${HASH.slice(1)}`, /Must be a fingerprint/],
  ["ssh-ed25519", /Must be a fingerprint/],
])("%s is refused with words that help", (text, words) => expect(told(text)).toMatch(words));
