import { isGiven, type Mapping, type Values } from "../mapping";

/**
 * Airflow takes a key of Amazon's from three places, the first that has both halves: login and password, `extra`, and what
 * `extra` holds for the session. The session token stands beside it in `extra`.
 */
const has = (data: Values, ...names: string[]) => names.every((name) => isGiven(data[name]));

const login = (data: Values) => has(data, "login", "password");
const extra = (data: Values) => has(data, "extra.aws_access_key_id", "extra.aws_secret_access_key");

const rest = {
  "extra.aws_session_token": "awsSession",
  "extra.role_arn": "roleArn",
  "extra.external_id": "externalId",
};

const shared: Pick<Mapping, "provider" | "needs" | "notes"> = {
  provider: "awsApi",
  needs: ["awsKey", "awsSecret"],
  notes: [
    {
      when: (data) => isGiven(data["extra.aws_session_token"]),
      note: "It is a temporary key with a session token: it ends by itself, and nothing here renews it.",
    },
    {
      when: (data) => isGiven(data["extra.s3_config_file"]) || isGiven(data["extra.profile_name"]),
      note: "It names a file or profile of keys on the machine that Airflow ran on, which did not come along.",
    },
  ],
};

export const aws: Mapping[] = [
  {
    ...shared,
    when: (data) => login(data) || !extra(data),
    fields: { login: "awsKey", password: "awsSecret", ...rest },
  },
  {
    ...shared,
    when: (data) => !login(data) && extra(data),
    fields: { "extra.aws_access_key_id": "awsKey", "extra.aws_secret_access_key": "awsSecret", ...rest },
  },
];
