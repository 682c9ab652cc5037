import type { FieldProblem } from "@/lib/platform/refusal";
import { type CredentialData, choice, defineProvider, headerText, type Method, secret, text } from "../define";

/** Scheme, host, port and perhaps a path: no user, no query, no fragment, since the address is shown. */
const ADDRESS = /^https?:\/\/[^\s/@?#\\{}]{1,255}(?:\/[^\s?#\\{}]{0,1500})?$/i;

const place = {
  base_url: text({
    label: "Base URL",
    placeholder: "https://api.example.com/v1",
    destination: true,
    aliases: ["url"],
    max: 2_000,
    pattern: { test: ADDRESS, message: "Must be an address that begins with https://, without user, ? or #" },
  }),
};

const testPath = text({
  label: "Path of the test",
  help: "Below the base URL. Best one that answers nobody without the key: the test asks for it by GET.",
  placeholder: "/me",
  default: "/",
  max: 1_000,
  pattern: {
    // Steps upwards would lead out of the base URL, whose change asks for the secret again.
    test: /^(?!(?:[^?]*\/)?(?:\.|%2e){1,2}(?:[/?]|$))\/[\x21-\x22\x24-\x5b\x5d-\x7a\x7c\x7e]*$/i,
    message:
      "Must begin with / and be written as in an address, without #, braces, spaces, and . or .. between slashes",
  },
});

const IN = [
  { value: "header", label: "A header" },
  { value: "query", label: "The address (query parameter)" },
];

const common: Pick<Method, "obtainedBy" | "testable"> = { obtainedBy: "values", testable: true };

export const definition = defineProvider({
  id: "api_credential",
  label: "API key for any service",
  description: "The address of an HTTP API, and the key or password that it takes.",
  category: "automation",
  group: "generic",
  aliases: ["http", "rest", "api", "api key", "bearer", "token", "basic auth", "generic", "webhook"],
  docs: "https://developer.mozilla.org/docs/Web/HTTP/Guides/Authentication",
  methods: [
    {
      ...common,
      type: "api_key",
      label: "API key",
      help: "As the service's documentation says: where the key goes, and under which name.",
      fields: {
        ...place,
        key_in: choice({ label: "The key goes into", options: IN, default: "header", destination: true }),
        key_name: text({
          label: "Name of the header or parameter",
          placeholder: "Authorization, X-API-Key, api_key",
          destination: true,
          max: 100,
          pattern: {
            test: /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/,
            message: "Must be a name such as Authorization or X-API-Key: letters, digits and dashes, without a colon",
          },
        }),
        key_prefix: text({
          label: "In front of the key",
          help: "Such as Bearer, in a header. Behind a word a space is put; nothing if left empty.",
          placeholder: "Bearer",
          optional: true,
          max: 100,
          spaceAtEnd: true,
          pattern: { test: /^[\x20-\x7a\x7c\x7e]+$/, message: "Must be visible ASCII characters, without braces" },
        }),
        api_key: secret({ label: "Key", aliases: ["key", "token"], pattern: headerText }),
        test_path: testPath,
      },
      example: {
        base_url: "https://api.example.com/v1",
        key_in: "header",
        key_name: "Authorization",
        key_prefix: "Bearer",
        api_key: "example-key",
        test_path: "/me",
      },
      check: checkKey,
      normalise: (data) =>
        data.key_prefix === undefined
          ? data
          : { ...data, key_prefix: String(data.key_prefix).replace(/(\w) +$/, "$1") },
      summary: (data) => `${data.base_url} by ${data.key_in === "query" ? "parameter" : "header"} ${data.key_name}`,
    },
    {
      ...common,
      type: "user_password",
      label: "User name and password (Basic)",
      fields: {
        ...place,
        username: text({
          label: "User name",
          placeholder: "alice",
          max: 255,
          destination: true,
          aliases: ["user"],
          pattern: { test: /^[^:\p{Cc}]+$/u, message: "Must not hold a colon: Basic authentication cannot send one" },
        }),
        password: secret({ label: "Password", max: 1_024 }),
        test_path: testPath,
      },
      example: { base_url: "https://api.example.com", username: "alice", password: "example-password", test_path: "/" },
      summary: (data) => `${data.base_url} as ${data.username}`,
    },
  ],
});

/** What a request says of itself, of its connection, or of whom it passes through is not the credential's to say. */
const RESERVED =
  /^(?:host|connection|content-.*|transfer-encoding|te|trailer|upgrade|expect|keep-alive|accept|accept-encoding|user-agent|cookie|set-cookie|via|forwarded|x-forwarded-.*|x-real-ip|proxy-.*|sec-.*|range|if-.*|date|origin|referer)$/i;

function checkKey({ key_in, key_name, key_prefix }: CredentialData): FieldProblem[] {
  if (key_in === "query") {
    return key_prefix === undefined
      ? []
      : [
          {
            path: ["key_prefix"],
            message: "Is for a header only: in an address the key stands alone",
            code: "value_error",
          },
        ];
  }
  return RESERVED.test(String(key_name))
    ? [
        {
          path: ["key_name"],
          message: "Is a header that every request has of itself; name the one for the key",
          code: "value_error",
        },
      ]
    : [];
}
