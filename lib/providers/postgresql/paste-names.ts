import { plainName } from "../settings";

/** The names of a field, in small letters and without the marks between words. */
const FIELDS: Record<string, string> = {
  host: "host",
  hostname: "host",
  server: "host",
  datasource: "host",
  port: "port",
  database: "database",
  dbname: "database",
  databasename: "database",
  initialcatalog: "database",
  db: "database",
  user: "username",
  username: "username",
  userid: "username",
  uid: "username",
  password: "password",
  passwd: "password",
  pwd: "password",
  sslmode: "sslmode",
};

/** What a program's settings put before such a name: PGHOST, POSTGRES_DB, DB_NAME, spring.datasource.username. */
const PREFIX =
  /^(?:(?:spring\.)?datasource|(?:typeorm|postgres(?:ql)?|pg|database|db|rds|sql)(?=[_.-]|[A-Z]|$))[_.-]?/i;

/** The form's field behind a name, in whatever spelling a program's settings have it. */
export function fieldOf(name: string): string | undefined {
  const whole = FIELDS[plainName(name)];
  if (whole !== undefined) return whole;
  const rest = plainName(name.replace(PREFIX, ""));
  if (rest === plainName(name)) return undefined;
  return rest === "name" ? "database" : FIELDS[rest];
}

/** In any spelling. What may send the password in the clear becomes the nearest that never does. */
export function modeOf(text: string | undefined): string | undefined {
  return MODES[text?.toLowerCase().replace(/[ _-]/g, "") ?? ""];
}

const MODES: Record<string, string> = {
  disable: "disable",
  allow: "require",
  prefer: "require",
  require: "require",
  verifyca: "verify-ca",
  verifyfull: "verify-full",
};
