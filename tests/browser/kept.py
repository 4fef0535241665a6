"""What a page left in the browser: names and values of every store that a script can read."""

from playwright.sync_api import Page

_EVERYTHING = """
async () => {
  const hex = (buffer) => Array.from(new Uint8Array(buffer), (n) => n.toString(16).padStart(2, "0")).join("");
  const text = (value) => JSON.stringify(value, (_, inner) => {
    if (inner instanceof ArrayBuffer) return hex(inner);
    if (ArrayBuffer.isView(inner)) return hex(inner.buffer);
    if (inner instanceof Map) return [...inner];
    return inner;
  });
  const done = (request) => new Promise((good, bad) => {
    request.onsuccess = () => good(request.result);
    request.onerror = () => bad(request.error);
  });
  const found = [text({...localStorage}), text({...sessionStorage}), document.cookie];
  found.push(location.href, document.title, text(history.state));
  found.push(...performance.getEntriesByType("resource").map((entry) => entry.name));
  for (const { name } of await indexedDB.databases()) {
    const base = await done(indexedDB.open(name));
    for (const store of base.objectStoreNames) {
      const rows = base.transaction(store).objectStore(store);
      const [keys, values] = await Promise.all([done(rows.getAllKeys()), done(rows.getAll())]);
      found.push(name, store, text(keys), text(values));
    }
    base.close();
  }
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      found.push(request.url, await (await cache.match(request)).text());
    }
  }
  return found;
}
"""


def everything(page: Page) -> list[bytes]:
    """Every store, and the address; keys of WebCrypto show nothing of themselves."""
    found: list[str] = page.evaluate(_EVERYTHING)
    return [part.encode() for part in found]
