/** A text as it may stand between tags and in a quoted attribute of HTML. */
export const htmlText = (text: string): string => text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);
