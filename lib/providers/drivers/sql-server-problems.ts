import "server-only";
import type { Problem } from "../test-run";
import {
  BUSY,
  NO_PERMISSION,
  notSpoken,
  SIGN_IN_METHOD,
  TLS_NOT_OFFERED,
  TURNED_AWAY,
  WRONG,
} from "./protocol-problems";

export const NOT_SQL_SERVER = notSpoken("not_sql_server", "SQL Server's protocol", "1433");

/** As Azure's gateway and the server itself answer it, after the password was found to be right. */
export const NO_DATABASE: Problem = {
  ...NO_PERMISSION,
  code: "database_unknown",
  meaning: "The sign-in is right, but there is no such database, or the user may not open it.",
  advice: "Check the database's name, and that the login has a user in it.",
  field: "database",
};

export const TLS_REQUIRED: Problem = {
  ...TLS_NOT_OFFERED,
  code: "tls_required",
  meaning: "The server lets nobody sign in without encryption.",
  advice: "Leave TLS empty, which encrypts.",
};

export const LED_TOO_FAR: Problem = {
  code: "redirected",
  meaning: "The server leads to another one, and that one to yet another: a test follows once.",
  advice: "Enter the address that they lead to in the end, or set the server's connection policy to proxy.",
  field: "host",
  outcome: "failed",
};

const LOCKED: Problem = {
  ...WRONG,
  code: "account_locked",
  meaning: "The server has locked or disabled this login.",
  advice: "Have it unlocked, or use another one.",
  field: "user",
};

const PASSWORD_ENDED: Problem = {
  ...WRONG,
  code: "password_expired",
  meaning: "The password is right, but it has expired, or must be changed at the first sign-in.",
  advice: "Set a new one at the server and enter it here.",
};

const WINDOWS_ONLY: Problem = {
  ...SIGN_IN_METHOD,
  meaning: "The server lets only users of a Windows domain sign in, or takes this user for one.",
  advice: "Switch on SQL Server and Windows authentication at the server, and use a login with a password of its own.",
};

const NO_SERVER: Problem = {
  code: "host_not_found",
  meaning: "The gateway knows no server of this name.",
  advice: "Check the host; in Azure it is NAME.database.windows.net.",
  field: "host",
  outcome: "failed",
};

/**
 * By the error's number, in fixed words. Of several that a server sends, the first in this order counts: the general one, that the
 * login failed, comes with the particular one.
 */
const BY_NUMBER: readonly (readonly [numbers: readonly number[], problem: Problem])[] = [
  [[4060, 4064, 916, 40510], NO_DATABASE],
  [[18470, 18486], LOCKED],
  [[18487, 18488], PASSWORD_ENDED],
  [[18452, 18453, 40607], WINDOWS_ONLY],
  [[40532, 40531], NO_SERVER],
  [[40615, 40914, 47073, 17892], TURNED_AWAY],
  [[17835], TLS_REQUIRED],
  [[17809, 17810, 10928, 10929, 40197, 40501, 40613, 42108, 42109, 49918, 49919, 49920, 18401, 17142, 6005], BUSY],
  [[18456, 18451, 18461], WRONG],
  [[229, 230, 262, 297, 300], NO_PERMISSION],
];

/** What errors of the server mean; undefined where it sent none. */
export function problemOfNumbers(numbers: readonly number[]): Problem | undefined {
  const known = BY_NUMBER.find(([some]) => some.some((number) => numbers.includes(number)));
  if (known) return known[1];
  const [first] = numbers;
  return first === undefined
    ? undefined
    : {
        code: "server_error",
        meaning: `The server refused with SQL Server's error number ${first}.`,
        advice: "Look the number up in SQL Server's list of errors, and at the server's own log at this time.",
        outcome: "failed",
      };
}
