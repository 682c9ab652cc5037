/**
 * What the id of an organisation's own kind begins with. No kind of the catalogue and no provider with code has such an id, now
 * or later, so that neither can take the place of the other.
 */
const PREFIX = "own_";

/** Whether an id can only be that of a kind that an organisation has made itself. */
export const isOwnKindId = (id: string): boolean => id.startsWith(PREFIX);

export const OWN_ID = /^own_[a-z0-9_]{1,56}$/;
