/**
 * What may stand after the question mark of a connection string, by name. A parameter that only tunes the program that
 * uses the string is kept and handed out as it is, and a test needs nothing of it. One that says where to connect, as
 * whom, or what to read on the machine of whoever uses the string is refused, and so is one that nobody here knows: the
 * drivers take unknown names for their own settings.
 */

export const HARMLESS_PARAMETERS: ReadonlySet<string> = new Set([
  // libpq
  ...["application_name", "fallback_application_name", "client_encoding", "connect_timeout", "tcp_user_timeout"],
  ...["keepalives", "keepalives_idle", "keepalives_interval", "keepalives_count", "gssencmode", "sslcompression"],
  ...["sslnegotiation", "sslcertmode", "sslsni", "ssl_min_protocol_version", "ssl_max_protocol_version"],
  ...["min_protocol_version", "max_protocol_version", "target_session_attrs", "load_balance_hosts"],
  // Prisma
  ...["schema", "connection_limit", "pool_timeout", "socket_timeout", "pgbouncer", "statement_cache_size", "sslaccept"],
  ...["single_use_connections", "max_connection_lifetime", "max_idle_connection_lifetime"],
  // SQLAlchemy, asyncpg, psycopg, Django
  ...["prepared_statement_cache_size", "max_cached_statement_lifetime", "max_cacheable_statement_size"],
  ...["command_timeout", "timeout", "prepare_threshold", "async_fallback", "conn_max_age", "conn_health_checks"],
  // Supabase, Vercel and other poolers in front of a server
  ...["supa", "workaround", "pool_mode", "pool_size", "min_pool_size", "max_pool_size", "pool", "prepared_statements"],
  ...["pool_min_conns", "pool_max_conns", "pool_min_idle_conns", "pool_max_conn_lifetime", "pool_health_check_period"],
  ...["pool_max_conn_idle_time", "pool_max_conn_lifetime_jitter", "default_query_exec_mode", "binary_parameters"],
  ...["statement_cache_capacity", "description_cache_capacity"],
  // Node's drivers
  ...["uselibpqcompat", "encoding", "query_timeout", "keepAlive", "max", "idle_timeout", "max_lifetime", "prepare"],
  ...["connectionTimeoutMillis", "idleTimeoutMillis", "fetch_types", "keep_alive"],
  // JDBC
  ...["ApplicationName", "currentSchema", "connectTimeout", "loginTimeout", "socketTimeout", "cancelSignalTimeout"],
  ...["tcpKeepAlive", "tcpNoDelay", "prepareThreshold", "preparedStatementCacheQueries", "defaultRowFetchSize"],
  ...["preparedStatementCacheSizeMiB", "reWriteBatchedInserts", "binaryTransfer", "binaryTransferEnable"],
  ...[
    "binaryTransferDisable",
    "stringtype",
    "preferQueryMode",
    "readOnly",
    "readOnlyMode",
    "autosave",
    "cleanupSavepoints",
  ],
  ...["targetServerType", "loadBalanceHosts", "hostRecheckSeconds", "assumeMinServerVersion", "unknownLength"],
  ...["disableColumnSanitiser", "logUnclosedConnections", "logServerErrorDetail", "adaptiveFetch", "gssEncMode"],
  ...["adaptiveFetchMinimum", "adaptiveFetchMaximum", "maxResultBuffer", "escapeSyntaxCallMode"],
  ...["sendBufferSize", "receiveBufferSize", "maxSendBufferSize", "allowEncodingChanges", "hideUnprivilegedObjects"],
  ...["databaseMetadataCacheFields", "databaseMetadataCacheFieldsMiB", "sslResponseTimeout", "sslNegotiation"],
  ...["gssResponseTimeout", "quoteReturningIdentifiers", "groupStartupParameters"],
  // Settings of a session, which some drivers take by their bare names
  ...[
    "search_path",
    "statement_timeout",
    "lock_timeout",
    "idle_in_transaction_session_timeout",
    "timezone",
    "TimeZone",
  ],
]);

const PLACE = "where the string leads is said before the question mark, and nowhere else";
const FILE = "it names a file of the machine that uses the string";
const CODE = "it names code that the program would load";
const SIGN_IN = "signing in is by user name and password here";

const named = (names: string[], why: string) => names.map((name): [string, string] => [name, why]);

/** Why a parameter is refused, by its name in small letters: what one driver passes over, another may obey. */
export const REFUSED_PARAMETERS: ReadonlyMap<string, string> = new Map([
  ...named(
    ["host", "hostaddr", "hostname", "port", "server", "servername", "service", "dbname", "database", "db"],
    PLACE,
  ),
  ...named(["socket", "unix_socket", "path", "dsn", "url", "uri", "pghost", "pgport", "pgdbname"], PLACE),
  ...named(["localsocketaddress"], PLACE),
  ...named(["passfile", "servicefile", "sslcert", "sslkey", "sslcrl", "sslcrldir", "sslkeylogfile"], FILE),
  ...named(["sslidentity", "loggerfile"], FILE),
  ["sslrootcert", `${FILE}; give the certificate authority in its own field`],
  ["sslpassword", "it opens a key file, and the machine's files are left alone"],
  ...named(
    ["sslfactory", "sslfactoryarg", "socketfactory", "socketfactoryarg", "sslhostnameverifier", "adapter"],
    CODE,
  ),
  ...named(["sslpasswordcallback", "authenticationpluginclassname", "xmlfactoryfactory", "connection_factory"], CODE),
  ...named(["cursor_factory", "prepared_statement_name_func", "async_creator_fn"], CODE),
  ...named(["requirepeer", "krbsrvname", "gsslib", "gssdelegation", "scram_client_key", "scram_server_key"], SIGN_IN),
  ...named(["oauth_issuer", "oauth_client_id", "oauth_client_secret", "oauth_scope", "kerberosservername"], SIGN_IN),
  ...named(["jaasapplicationname", "jaaslogin", "gssusedefaultcreds", "usespnego", "sspiserviceclass"], SIGN_IN),
  ...named(["username", "pass", "passwd", "pwd"], "user name and password belong before the @"),
  ["replication", "it asks for another kind of connection"],
  ["requiressl", "say it with sslmode"],
]);

/** Settings that change how a session works, and neither who works in it nor on what. */
const HARMLESS_SETTINGS: ReadonlySet<string> = new Set([
  ...[
    "search_path",
    "statement_timeout",
    "lock_timeout",
    "idle_in_transaction_session_timeout",
    "idle_session_timeout",
  ],
  ...["transaction_timeout", "timezone", "datestyle", "intervalstyle", "client_encoding", "application_name", "jit"],
  ...["extra_float_digits", "default_transaction_read_only", "default_transaction_isolation", "work_mem", "geqo"],
]);

const SETTING = /^(?:-c|--)([a-z_-]{1,60})=[\w.,:/$"+-]{1,200}$/i;

/**
 * Whether the `options` of a string say no more than harmless settings, or Neon's endpoint when the host names the same.
 * Anything else may choose another project behind a proxy, or another role.
 */
export function areHarmlessOptions(options: string, host: string): boolean {
  const words = options.trim().replace(/-c +/g, "-c").split(/ +/);
  return words.every((word) => {
    const endpoint = /^endpoint=([\w-]{1,99})$/.exec(word)?.[1];
    if (endpoint !== undefined) return [endpoint, `${endpoint}-pooler`].includes(host.split(".")[0] ?? "");
    return HARMLESS_SETTINGS.has(SETTING.exec(word)?.[1]?.toLowerCase().replaceAll("-", "_") ?? "");
  });
}
