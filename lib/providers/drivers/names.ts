/** Of every protocol that a server of one's own speaks: where it is, and how it encrypts. */
const server = { host: true, port: false, tls: false, accepts_any: false } as const;

/**
 * The drivers that there is code for, and the values that each takes: true where it must be told the field. A file of the
 * catalogue names a driver and the fields of its values.
 */
export const driverValues = {
  mysql: { host: true, port: false, user: true, password: false, tls: false },
  postgresql: { connection_string: false, host: false, port: false, database: false, username: false, password: false },
  mongodb: { url: true },
  redis: { url: false, host: false, port: false, user: false, password: false, tls: false },
  aws_identity: { access_key_id: true, secret_access_key: true, session_token: false },
  smtp: { ...server, user: false, password: false },
  imap: { ...server, user: true, password: false },
  ldap: { ...server, user: false, password: false, base: false },
  amqp: { ...server, user: true, password: false, vhost: false },
  mqtt: { ...server, user: false, password: false },
  ftp: { ...server, user: false, password: false },
  nats: { ...server, user: false, password: false, token: false },
  kafka: { brokers: true, tls: false, accepts_any: false, user: false, password: false, mechanism: false },
  sql_server: { ...server, user: true, password: false, database: false },
  google: {},
  microsoft: {},
} as const satisfies Record<string, Readonly<Record<string, boolean>>>;

export type DriverName = keyof typeof driverValues;
export const driverNames = Object.keys(driverValues) as [DriverName, ...DriverName[]];
