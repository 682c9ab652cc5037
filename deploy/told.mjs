/** One signal may come twice, from the terminal and from who started us. */
const SAME_SIGNAL_MS = 1_000;

/**
 * Resolves when this process is told to stop. SIGTERM may come as often as it likes (npm and a supervisor each pass it on,
 * late on a busy machine) and never cuts short what is being finished; a person who presses Ctrl-C again ends it at once.
 */
export function untilTold(sameSignalMs = SAME_SIGNAL_MS) {
  return new Promise((resolve) => {
    let first;
    const hear = (signal) => {
      const isLater = first !== undefined && performance.now() - first > sameSignalMs;
      if (signal === "SIGINT" && isLater) process.exit(1);
      first ??= performance.now();
      resolve(undefined);
    };
    for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, hear);
  });
}
