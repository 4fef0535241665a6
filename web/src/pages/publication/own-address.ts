/** Where a company says it publishes its own factor: text of somebody else, which leads to a page of the web or nowhere. */
export function addressOf(told: string | null): string | null {
  if (told === null || !URL.canParse(told)) return null;
  const { protocol, username, password, href } = new URL(told);
  // A name before the host makes an address look like another's.
  return protocol === "https:" && username === "" && password === "" ? href : null;
}
