import type { Route } from "../../routing/routes.ts";

export const publicationRoutes: readonly Route[] = [];
