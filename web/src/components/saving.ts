/** Give `content` to the person as a file called `name`; it goes to no server. */
export function saveAs(name: string, content: Blob): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // The browser has begun to read by then; before that the address must stand.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
