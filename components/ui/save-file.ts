/** Hands the browser a file to keep. */
export function saveFile(file: Blob, download: string): void {
  const address = URL.createObjectURL(file);
  const link = Object.assign(document.createElement("a"), { href: address, download });
  link.click();
  URL.revokeObjectURL(address);
}
