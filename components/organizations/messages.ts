import type { RemainingContents } from "@/lib/organizations";

const counted: [keyof RemainingContents, (count: number) => string][] = [
  ["people", (count) => `${count === 1 ? "1 person" : `${count} people`}, signed out and gone`],
  ["service_accounts", (count) => `${count === 1 ? "1 service account" : `${count} service accounts`}`],
  [
    "tokens",
    (count) => `${count === 1 ? "1 API token, which stops" : `${count} API tokens, which stop`} within a second`,
  ],
  [
    "credentials",
    (count) => `${count === 1 ? "1 credential, whose secret is" : `${count} credentials, whose secrets are`} destroyed`,
  ],
];

/** What is in an organisation, a line for each kind of which there is any. */
export const remainderMessages = (left: Partial<RemainingContents>): string[] =>
  counted.flatMap(([kind, words]) => (left[kind] ? [words(left[kind])] : []));
