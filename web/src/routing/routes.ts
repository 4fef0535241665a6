import type { ComponentType } from "preact";

export type Parameters = Readonly<Record<string, string>>;

/** A page of the application: `path` such as `/contratos/:id`, matched segment by segment. */
export interface Route {
  readonly path: string;
  readonly page: ComponentType<{ readonly parameters: Parameters }>;
  /** Shown to whoever has not logged in, too. */
  readonly open?: boolean;
  /** Begins with what is everybody's: shown while it is still being asked who is there, and before `person` is known. */
  readonly early?: boolean;
}

export interface Match {
  readonly route: Route;
  readonly parameters: Parameters;
}

/** The first of `routes` that `path` fits; a page earlier in the list wins over a pattern after it. */
export function matched(routes: readonly Route[], path: string): Match | null {
  for (const route of routes) {
    const parameters = parametersOf(route.path, path);
    if (parameters !== null) return { route, parameters };
  }
  return null;
}

function parametersOf(pattern: string, path: string): Parameters | null {
  const expected = segmentsOf(pattern);
  const given = segmentsOf(path);
  if (expected.length !== given.length) return null;
  const found: Record<string, string> = {};
  for (const [index, segment] of expected.entries()) {
    const value = given[index] ?? "";
    if (segment.startsWith(":")) found[segment.slice(1)] = value;
    else if (segment !== value) return null;
  }
  return found;
}

function segmentsOf(path: string): readonly string[] {
  return path.split("/").filter(Boolean).map(decoded);
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
