import "server-only";
import type { Problem } from "../test-run";
import * as told from "./refusal-messages";

/**
 * What a server, or a pooler or proxy in front of one, says when it refuses, by its SQLSTATE and by its words. Poolers have
 * one SQLSTATE for everything (08P01, XX000), so there the words decide; a server may speak any language, so where no words
 * are known the SQLSTATE does. The words are looked into and never passed on; names in quotation marks are the caller's
 * own and count for nothing.
 */
export function refusalOf(state: string, text: string): Problem | undefined {
  const words = text.slice(0, READ_MAX).replace(QUOTED, "");
  const said = BY_WORDS.find(([known]) => known.test(words))?.[1];
  return said ?? BY_STATE[state] ?? BY_CLASS[state.slice(0, 2)];
}

const READ_MAX = 1_000;
const QUOTED = /"[^"]*"|'[^']*'|„[^“”]*[“”]|«[^»]*»|“[^”]*”/g;

/** The first that fits counts: what wraps another refusal stands before it. */
const BY_WORDS: [RegExp, Problem][] = [
  // PgBouncer, whose own sign-in at the server fails; its newer versions repeat there what the server said.
  [/server login (?:has been failing|failed)|server_login_retry|server down/i, told.POOLER_CANNOT_SIGN_IN],
  [/user has MD5 secret/i, told.POOLER_SECRET_OF_OTHER_KIND],

  // Too much at once, or too often.
  [/circuit ?breaker|too many authentication|temporarily blocked/i, told.BLOCKED_FOR_A_WHILE],
  [/rate (?:limit|of connection)|too many competing requests|failed to acquire permit/i, told.RATE_LIMITED],
  [/quota|exceeded the .{1,40} limit/i, told.QUOTA_USED_UP],
  [
    /max ?clients ?in ?session ?mode|EMAXCONNSESSION|max clients reached.{0,20} in session mode/i,
    told.SESSION_MODE_FULL,
  ],
  [
    /no more connections allowed|max(?:imum)?(?: number of)? (?:client|clients|pools|connections)\b|too many (?:\w+ )?(?:connections|clients)|connection slots are reserved|query_wait_timeout|unable to check ?out|timed[- ]out waiting|connection pool (?:exhausted|timeout)|checkout ?timeout/i,
    told.TOO_MANY_CONNECTIONS,
  ],

  // Which project, endpoint or branch is meant.
  [
    /tenant.{0,5}(?:or|\/) ?user.{0,200}not found|tenant not found|authentication error, reason:\s*$/i,
    told.PROJECT_UNKNOWN,
  ],
  [
    /endpoint (?:id|is) (?:is )?not specified|inconsistent (?:project|endpoint)|(?:endpoint|project|branch).{0,40}(?:could not be|not) found/i,
    told.ENDPOINT_UNKNOWN,
  ],
  [/endpoint.{0,40}(?:is|has been) disabled/i, told.ENDPOINT_DISABLED],
  [/(?:control plane|console) (?:request failed|error)|compute node|compute is (?:not|un)/i, told.NOT_AWAKE],

  // Encryption, and where one comes from.
  [
    /connection is insecure|(?:ssl|tls) (?:connection )?(?:is )?required|requires? (?:ssl|tls|encryption|transport layer)|only with ssl|require_secure_transport/i,
    told.TLS_REQUIRED,
  ],
  [
    /allow_list|EADDRNOTALLOWED|(?:ip address|client with ip).{0,60}not allowed|public network access.{0,40}(?:disabled|denied)/i,
    told.ADDRESS_REFUSED,
  ],
  [/pg_hba\.conf.{0,300}(?:no encryption|ssl off)/is, told.NO_LINE_UNENCRYPTED],
  [/pg_hba\.conf|login rejected/i, told.ACCESS_REJECTED],

  // Who signs in, and how.
  [/no credentials for the role/i, told.PROXY_HAS_NO_SECRET],
  [/supports? only (?:iam|md5|scram)/i, told.PROXY_METHOD],
  [/\biam\b.{0,20}(?:authentication|token)?.{0,10}failed/i, told.IAM_TOKEN],
  [/client certificate|certificate authentication failed/i, told.CERTIFICATE_WANTED],
  [/(?:peer|ident|gssapi|sspi) authentication failed/i, told.SIGN_IN_METHOD],
  [/invalid username specified|username should be in/i, told.USER_NAME_FORM],
  [/not permitted to log ?in/i, told.MAY_NOT_LOG_IN],
  [/(?:role|user)\s+(?:\S+ )?does not exist|no such user|there is no user/i, told.NO_SUCH_USER],
  [
    /authentication failed|auth failed|incorrect password|password.{0,120} is (?:wrong|incorrect)|wrong password/i,
    told.WRONG_CREDENTIALS,
  ],

  // Which database.
  [
    /no such database|database\s+(?:\S+ )?does not exist|no pool configured|route for.{0,80}not found/i,
    told.NO_SUCH_DATABASE,
  ],
  [
    /not currently accepting connections|database\s+is disabled|does not allow connections|invalid database|database (?:is )?(?:paused|suspended)/i,
    told.DATABASE_CLOSED,
  ],

  // The server behind.
  [
    /cannot connect|could not connect|failed to connect|connect failed|dns lookup failed|conn crashed|dbhandler exited|connection to database closed|connection failure/i,
    told.POOLER_CANNOT_REACH,
  ],
  [
    /starting up|shutting down|in recovery mode|not (?:yet )?accepting connections|too busy|restarting/i,
    told.SERVER_NOT_READY,
  ],
];

const BY_STATE: Record<string, Problem> = {
  "28P01": told.WRONG_CREDENTIALS,
  "28000": told.ACCESS_REJECTED,
  "3D000": told.NO_SUCH_DATABASE,
  "42501": told.CONNECT_DENIED,
  "53300": told.TOO_MANY_CONNECTIONS,
  "55000": told.DATABASE_CLOSED,
  "57P01": told.SERVER_NOT_READY,
  "57P02": told.SERVER_NOT_READY,
  "57P03": told.SERVER_NOT_READY,
  "57P04": told.NO_SUCH_DATABASE,
  "57P05": told.SERVER_NOT_READY,
  // Any peer that breaks the protocol says this, and so do poolers of whatever they refuse: nothing follows from it.
  "08P01": told.unknown("08P01"),
};

/** Trouble of a whole class: the connection, the server's means, its own system. */
const BY_CLASS: Record<string, Problem> = {
  "08": told.SERVER_NOT_READY,
  "53": told.OUT_OF_MEANS,
  "58": told.OUT_OF_MEANS,
};
