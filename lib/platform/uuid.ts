const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether a text has the form of a row's id. Every table's ids are UUIDs, in either case of letters (RFC 9562). */
export const isUuid = (text: string): boolean => UUID.test(text);
