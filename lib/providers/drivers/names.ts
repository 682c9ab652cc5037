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
  google: {},
  microsoft: {},
} as const satisfies Record<string, Readonly<Record<string, boolean>>>;

export type DriverName = keyof typeof driverValues;
export const driverNames = Object.keys(driverValues) as [DriverName, ...DriverName[]];
