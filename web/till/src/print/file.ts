// Handing a file to the person: the journal, or bytes for a printer the browser does not reach.

/** The browser has taken the file by then. */
const KEEP_MS = 60_000;

export function saveBytes(name: string, bytes: BlobPart | BlobPart[], type: string): void {
  const url = URL.createObjectURL(new Blob(Array.isArray(bytes) ? bytes : [bytes], { type }));
  const link = document.createElement("a");
  [link.href, link.download] = [url, name];
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), KEEP_MS);
}
