import type { FieldProblem } from "@/lib/platform/refusal";
import { type CredentialData, defineProvider, host, port, secret, secretBlock, text, textBlock } from "../define";
import { hostWithPort } from "../host-syntax";
import { readPins, writePin } from "./host-key-pins";
import { pasteKey, pasteServer } from "./paste";
import { readPrivateKey } from "./private-key";

const place = {
  host: host({ label: "Host", placeholder: "sftp.example.com" }),
  port: port({ label: "Port", default: 22 }),
  username: text({ label: "User name", placeholder: "alice", max: 255, destination: true }),
};

const rest = {
  test_path: text({
    label: "Test folder",
    help: "The connection test lists this folder, then writes and removes a small file in it. A dot is the folder that the account starts in.",
    default: ".",
    max: 1024,
    advanced: true,
  }),
  host_key: textBlock({
    label: "Host key",
    help: "The server's key, remembered on the first save. A server that shows another one gets neither password nor key. A fingerprint, or lines of known_hosts or ssh-keyscan.",
    placeholder: "ssh-ed25519 SHA256:…",
    docs: "https://man.openbsd.org/ssh-keygen#l",
    optional: true,
    advanced: true,
    destination: true,
  }),
};

const summary = (data: CredentialData) => `${hostWithPort(data.host, data.port)} as ${data.username}`;
const examplePlace = { host: "sftp.example.com", port: 22, username: "alice", test_path: "/upload" };

export const definition = defineProvider({
  id: "sftp",
  label: "SFTP server",
  description: "Files on a server over SSH.",
  category: "storage",
  aliases: ["ssh", "ftp", "file transfer", "files", "openssh"],
  docs: "https://man.openbsd.org/sftp",
  methods: [
    {
      type: "user_password",
      label: "User name and password",
      fields: { ...place, password: secret({ label: "Password", max: 1024 }), ...rest },
      example: { ...examplePlace, password: "example-password" },
      check: checkHostKey,
      normalise: mendHostKey,
      paste: pasteServer,
      summary,
      obtainedBy: "values",
      testable: true,
    },
    {
      type: "key_file",
      label: "Private key",
      fields: {
        ...place,
        private_key: secretBlock({
          label: "Private key",
          help: "OpenSSH, PKCS#1, SEC1 or PKCS#8 in PEM form; Ed25519, ECDSA or RSA.",
          placeholder: "-----BEGIN OPENSSH PRIVATE KEY-----",
          docs: "https://man.openbsd.org/ssh-keygen",
          aliases: ["private_key_data"],
        }),
        passphrase: secret({
          label: "Passphrase",
          help: "Only if the key is encrypted.",
          optional: true,
          max: 1024,
          aliases: ["private_key_passphrase"],
        }),
        password: secret({
          label: "Password",
          help: "Only if the server wants the user's password in addition to the key.",
          optional: true,
          max: 1024,
        }),
        ...rest,
      },
      example: { ...examplePlace, private_key: exampleKey() },
      check: (data) => [...checkHostKey(data), ...checkKey(data)],
      normalise: (data) => mendHostKey(mendKey(data)),
      rotates: "key",
      deepCheck: () => "private_key",
      paste: pasteKey,
      summary,
      obtainedBy: "values",
      testable: true,
    },
  ],
});

function checkHostKey(data: CredentialData): FieldProblem[] {
  const read = typeof data.host_key === "string" ? readPins(data.host_key) : undefined;
  return !read || read.ok ? [] : [{ path: ["host_key"], message: read.problem, code: "value_error" }];
}

function mendHostKey(data: CredentialData): CredentialData {
  const read = typeof data.host_key === "string" ? readPins(data.host_key) : undefined;
  return read?.ok ? { ...data, host_key: read.pins.map(writePin).join("\n") } : data;
}

/** The shape only: opening the key is heavy work, done in a worker (deep-checks). */
function checkKey(data: CredentialData): FieldProblem[] {
  const key = readPrivateKey(String(data.private_key));
  if (!key.ok) return [{ path: ["private_key"], message: key.problem, code: "value_error" }];
  if (!key.encrypted || data.passphrase !== undefined) return [];
  return [{ path: ["passphrase"], message: "The key is encrypted; its passphrase is required", code: "missing" }];
}

function mendKey(data: CredentialData): CredentialData {
  const key = readPrivateKey(String(data.private_key));
  return key.ok ? { ...data, private_key: key.pem } : data;
}

/** The shape of an unencrypted OpenSSH key around zeros: nobody's key. */
function exampleKey(): string {
  const label = "OPENSSH PRIVATE KEY";
  const header = "openssh-key-v1\0\0\0\0\x04none\0\0\0\x04none\0\0\0\0\0\0\0\x01";
  return `-----BEGIN ${label}-----\n${btoa(header + "\0".repeat(24))}\n-----END ${label}-----\n`;
}
