/**
 * A request that proves a credential, as data. In texts `{field}` stands for a stored value; at the head of a URL
 * `{base:field}` for the URL in that field without a closing slash, `{origin:field}` for its scheme and host, and
 * `{base:field|https://…}` for the latter where the field is not given. `{label:field}` is one label of a host name.
 */
export interface HttpTest {
  /** Where the service's own documentation describes the request. */
  docs: string;
  method?: "GET" | "POST";
  url: string;
  headers?: Record<string, string>;
  /** Names of the fields with user name and password, sent as basic authentication when both are given. */
  basic?: [string, string];
  json?: unknown;
  form?: Record<string, string>;
  /** The service takes its key in the URL alone. */
  secretInUrl?: true;
  /** What statuses mean where it is not what they usually mean. */
  statuses?: Record<number, Meaning>;
  /** Looked at before the status, in this order. */
  answers?: AnswerRule[];
  /** What a test costs at the service, if anything. */
  spends?: string;
}

export type Meaning =
  | "accepted"
  | "wrong_key"
  | "refused"
  | "no_permission"
  | "no_credit"
  | "throttled"
  | "not_found"
  | "unexpected";

/** One field of a JSON answer, by its path, and what it means when it is one of these values. */
export interface AnswerRule {
  status: number;
  path: (string | number)[];
  is: (string | number | boolean)[];
  means: Meaning;
}
