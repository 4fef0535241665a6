type Told = string | number | boolean | null | undefined;

/** `path` with a query of what is told, a list as one name many times; null, undefined, empty text and false are left out. */
export function pathWith(path: string, told: Readonly<Record<string, Told | readonly Told[]>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(told)) {
    for (const one of [value].flat()) {
      if (one !== null && one !== undefined && one !== "" && one !== false) query.append(name, String(one));
    }
  }
  const text = query.toString();
  return text ? `${path}?${text}` : path;
}
