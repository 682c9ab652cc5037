import "server-only";

/** One request of an SFTP session as a promise. */
export const call = <T = unknown>(run: (done: (error?: Error | null, value?: T) => void) => void): Promise<T> =>
  new Promise((resolve, reject) => run((error, value) => (error ? reject(error) : resolve(value as T))));
