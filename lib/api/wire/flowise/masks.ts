/** What stands in the place of a secret that is set. Sent back, it means: as it was. */
export const BLANK = "_FLOWISE_BLANK_07167752-1a71-43b1-bf8f-4f32252165db";
/** Six bullets stand in the place of the password inside a URL. */
const BULLETS = "•".repeat(6);

/** Whether a value is the one for "unchanged", and no value at all. */
export const isMask = (value: unknown): boolean => value === BLANK;

/** Whether a part of a text is hidden: such a URL is no URL. In a password bullets are characters like others. */
export const isBulleted = (value: unknown): value is string => typeof value === "string" && value.includes(BULLETS);
