import type { FieldProblem } from "@/lib/platform/refusal";
import { type CredentialData, defineProvider, headerText, secret, text } from "../define";
import { pasteAwsKeys } from "./paste";

const ACCESS_KEYS = "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html";

export const definition = defineProvider({
  id: "aws_ses",
  label: "Amazon SES",
  description: "Sends e-mail through Amazon Simple Email Service.",
  category: "messaging",
  aliases: ["aws", "amazon", "ses", "email", "mail", "smtp", "simple email service"],
  docs: "https://docs.aws.amazon.com/ses/latest/dg/Welcome.html",
  methods: [
    {
      type: "api_key",
      label: "Access key",
      help: "The access key of an IAM user that may send mail (ses:SendEmail), and nothing more.",
      fields: {
        access_key_id: text({
          label: "Access key ID",
          placeholder: "AKIAIOSFODNN7EXAMPLE",
          docs: ACCESS_KEYS,
          destination: true,
          holds: "aws_key_id",
          pattern: { test: /^[A-Za-z0-9_]{16,128}$/, message: "Must be 16 to 128 letters and digits, such as AKIA…" },
        }),
        secret_access_key: secret({
          label: "Secret access key",
          docs: ACCESS_KEYS,
          max: 256,
          pattern: headerText,
          holds: "aws_secret",
        }),
        region: text({
          label: "Region",
          placeholder: "eu-central-1",
          destination: true,
          pattern: {
            test: /^[a-z]{2,4}(-[a-z]{2,12}){1,3}-\d{1,2}$/,
            message: "Must be an AWS region, such as eu-central-1",
          },
        }),
        session_token: secret({
          label: "Session token",
          help: "Needed with temporary keys, whose ID starts with ASIA.",
          optional: true,
          advanced: true,
          pattern: headerText,
        }),
        from_address: text({
          label: "From address",
          help: "The verified address that mail is sent from.",
          placeholder: "no-reply@example.com",
          optional: true,
          max: 320,
          pattern: { test: /^[^\s@<>"(),;:\\]{1,64}@[^\s@<>"(),;:\\]{1,255}$/, message: "Must be an e-mail address" },
        }),
        configuration_set: text({
          label: "Configuration set",
          optional: true,
          advanced: true,
          pattern: {
            test: /^[A-Za-z0-9_-]{1,64}$/,
            message: "Must be at most 64 letters, digits, dashes and underscores",
          },
        }),
      },
      example: {
        access_key_id: "AKIAIOSFODNN7EXAMPLE",
        secret_access_key: "example-secret-access-key",
        region: "eu-central-1",
        from_address: "no-reply@example.com",
      },
      check: temporaryKeysNeedTheirToken,
      paste: pasteAwsKeys,
      summary: (data) =>
        `${data.access_key_id} in ${data.region}${data.from_address ? ` from ${data.from_address}` : ""}`,
      obtainedBy: "values",
      testable: true,
    },
  ],
});

function temporaryKeysNeedTheirToken(data: CredentialData): FieldProblem[] {
  if (!String(data.access_key_id).startsWith("ASIA") || data.session_token !== undefined) return [];
  return [
    {
      path: ["session_token"],
      message: "A temporary key (ASIA…) works only together with its session token",
      code: "missing",
    },
  ];
}
