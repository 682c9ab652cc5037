/** Why a receiver of the audit log has not taken a batch, and what to do about it. */
export const streamErrors = {
  refused_not_allowed: "The receiver does not accept the credentials it is sent. Give the stream new ones.",
  refused_not_found: "The receiver has nothing at this address. Check the address, the bucket or the path.",
  refused_too_large: "The receiver says that a batch is too large. Raise its limit to at least one mebibyte.",
  refused_rejected: "The receiver does not take what it is sent. Look at its own log.",
  refused_try_later: "The receiver is busy. It is tried again by itself.",
  busy: "This installation had no place free to send from. It is tried again by itself.",
  not_resolved: "The receiver's host name is not known. Check its address.",
  not_allowed: "The receiver's address may not be reached from here. Ask whoever runs Latchkey.",
  not_connected: "The receiver does not take connections. Check address, port and firewall.",
  tls_failed: "The receiver's certificate is not trusted. Check its name, its end, and the authority.",
  no_answer: "The receiver did not answer in time. What it was sent comes again.",
  unreadable: "The receiver's answer could not be read. Check that the address is that of a receiver.",
  damaged: "The stream's stored settings do not open. Send them anew.",
  events_missing: "Events that were not sent yet are not stored any more. Tell whoever runs Latchkey.",
  failed: "Something went wrong here, and is in the process log. It is tried again by itself.",
} as const;
export type StreamError = keyof typeof streamErrors;

/** Their words, for schemas. */
export const streamErrorWords = Object.keys(streamErrors) as [StreamError, ...StreamError[]];

export const isStreamError = (word: string): word is StreamError => Object.hasOwn(streamErrors, word);

/** Events that may wait before a stream is full. Fewer than the least is less than a minute of a busy organisation. */
export const backlogBounds = { least: 1_000, most: 100_000_000, standard: 1_000_000 } as const;
