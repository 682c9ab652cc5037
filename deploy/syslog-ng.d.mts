/** Where the tests have syslog-ng. */
export const syslogNgFolder: string;
