import "server-only";
import type { Problem } from "../test-run";

/** What each refusal of a server or a pooler means, and who can mend it. */

const failed = (code: string, meaning: string, advice: string, field?: string): Problem => ({
  code,
  meaning,
  advice,
  ...(field && { field }),
  outcome: "failed",
});

const later = (code: string, meaning: string, advice: string): Problem => ({
  code,
  meaning,
  advice,
  outcome: "unreachable",
});

export const unknown = (state: string): Problem =>
  failed(
    "server_error",
    `The server refused with PostgreSQL's error code ${state}.`,
    "Look the code up in PostgreSQL's list of error codes, and at the server's own log at this time.",
  );

export const WRONG_CREDENTIALS = failed(
  "wrong_credentials",
  "The server refused this user name and password.",
  "Check both. A server does not say which of the two is wrong.",
  "password",
);

export const NO_SUCH_USER = failed(
  "wrong_credentials",
  "The server, or the pooler in front of it, knows no user of this name.",
  "Check the spelling of the user name; capital letters count. A pooler has a list of its own.",
  "username",
);

export const USER_NAME_FORM = failed(
  "wrong_credentials",
  "The server wants the user name in a form of its own, such as user@server.",
  "Copy the user name from the provider's page with the connection's details.",
  "username",
);

export const MAY_NOT_LOG_IN = failed(
  "access_rejected",
  "The server knows this user, who may not sign in.",
  "Allow it on the server (ALTER ROLE … LOGIN), or use another user.",
  "username",
);

export const ACCESS_REJECTED = failed(
  "access_rejected",
  "The server lets this user in neither from here, nor in this way, nor to this database; or the user does not exist.",
  "Look at the server's pg_hba.conf: user, database, address and encryption must match one of its lines.",
  "username",
);

export const NO_LINE_UNENCRYPTED = failed(
  "tls_required",
  "The server does not let this user in without encryption; it may also be that it lets them in neither from here nor to this database.",
  "Set TLS to “Verify fully”, and test again. If it stays, look at the server's pg_hba.conf: user, database and address must match one of its lines.",
  "sslmode",
);

export const TLS_REQUIRED = failed(
  "tls_required",
  "The server lets nobody in without encryption.",
  "Set TLS to “Verify fully”.",
  "sslmode",
);

export const ADDRESS_REFUSED = failed(
  "address_refused",
  "The server takes no connection from the address that this installation has.",
  "Whoever looks after the database must put the address on its list of allowed ones.",
  "host",
);

export const NO_SUCH_DATABASE = failed(
  "database_not_found",
  "The server knows no database of this name.",
  "Check the spelling of the database; capital letters count.",
  "database",
);

export const DATABASE_CLOSED = failed(
  "database_closed",
  "The database is there, but takes no connections.",
  "Choose another database; or whoever looks after it opens it (ALTER DATABASE … ALLOW_CONNECTIONS true; in a pooler, enable or resume it).",
  "database",
);

export const CONNECT_DENIED = failed(
  "permission_denied",
  "The sign-in is right, but the user may not use this database.",
  "Grant it on the server: GRANT CONNECT ON DATABASE … TO ….",
  "database",
);

export const TOO_MANY_CONNECTIONS = later(
  "too_many_connections",
  "The server, the database or the user has no connection left.",
  "Try again later; if it stays, raise the limit or close idle connections.",
);

export const SESSION_MODE_FULL = later(
  "too_many_connections",
  "The pooler has no connection left for sessions: in this mode there are only as many as its pool is large.",
  "Try again later; or use the pooler's transaction mode (at Supabase, port 6543), or enlarge the pool.",
);

export const SERVER_NOT_READY = later(
  "server_not_ready",
  "The server is starting up or shutting down.",
  "Try again in a minute.",
);

export const NOT_AWAKE = later(
  "server_not_ready",
  "The provider could not start the database just now.",
  "Try again in a minute; if it stays, look at the database on the provider's pages and at its status page.",
);

export const OUT_OF_MEANS = later(
  "server_trouble",
  "The server has trouble of its own: it lacks memory, disk or something else of its system.",
  "Try again later; if it stays, whoever runs the server finds the reason in its log.",
);

export const POOLER_CANNOT_SIGN_IN = later(
  "server_not_ready",
  "The pooler that answers cannot sign in at the server behind it: the server is away, or refuses what the pooler knows of this user.",
  "Try again in a minute. If it stays, whoever runs the pooler must look at its log, and give it this user's present password.",
);

export const POOLER_CANNOT_REACH = later(
  "server_not_ready",
  "A pooler or proxy answers, but has lost or cannot reach the server behind it.",
  "Try again in a minute; if it stays, whoever runs the pooler finds the reason in its log.",
);

export const RATE_LIMITED = later(
  "rate_limited",
  "The server asks to wait: too many connections were begun in a short time.",
  "Try again in a minute.",
);

export const BLOCKED_FOR_A_WHILE = later(
  "rate_limited",
  "The pooler takes no sign-ins for a while, because too many failed: something still signs in with a wrong password.",
  "Find what does (an old password in a program), then try again in a few minutes.",
);

export const QUOTA_USED_UP = failed(
  "quota_used_up",
  "The provider has stopped this database, because its quota is used up.",
  "Look at the project's plan and use on the provider's pages.",
);

export const PROJECT_UNKNOWN = failed(
  "project_unknown",
  "The pooler knows no such project, or no such user in it.",
  "The user name must read name.projectref (postgres.abcdefgh…), and the host be the pooler of the project's own region. Copy both from the project's page, and see there that it is not paused.",
  "username",
);

export const ENDPOINT_UNKNOWN = failed(
  "endpoint_unknown",
  "The provider does not find out from the host which database is meant.",
  "Enter the whole host name of the endpoint (ep-….neon.tech), not an address or a name of your own, and check that it still exists.",
  "host",
);

export const ENDPOINT_DISABLED = failed(
  "endpoint_disabled",
  "The endpoint is there, but switched off at the provider.",
  "Switch it on on the provider's pages.",
  "host",
);

export const PROXY_HAS_NO_SECRET = failed(
  "access_rejected",
  "The proxy holds no secret of this user, so it cannot sign in at the server for them.",
  "Check the user name; whoever runs the proxy must add this user's secret to it.",
  "username",
);

export const PROXY_METHOD = failed(
  "method_not_supported",
  "The proxy does not take the way to sign in that was offered to it.",
  "Whoever runs the proxy must let this user sign in with a password (SCRAM).",
  "username",
);

export const IAM_TOKEN = failed(
  "method_not_supported",
  "This user signs in with a token of the cloud's own (IAM), which lasts minutes, and the one that was given is not good.",
  "Use a user who signs in with a password.",
  "username",
);

export const CERTIFICATE_WANTED = failed(
  "method_not_supported",
  "The server wants a client's certificate from this user, which is not supported here.",
  "Let this user sign in with scram-sha-256 in the server's pg_hba.conf.",
  "username",
);

export const POOLER_SECRET_OF_OTHER_KIND = failed(
  "method_not_supported",
  "The pooler asks for SCRAM and holds this user's password as MD5, so that nobody can sign in as this user.",
  "Whoever runs the pooler must give it the user's SCRAM secret, or the password itself.",
  "username",
);

export const SIGN_IN_METHOD = failed(
  "method_not_supported",
  "The server asks for a way to sign in that is not supported here.",
  "Let this user sign in with scram-sha-256 in the server's pg_hba.conf.",
  "username",
);
