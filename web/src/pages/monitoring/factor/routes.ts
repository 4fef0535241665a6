import type { Route } from "../../../routing/routes.ts";

export const factorRoutes: readonly Route[] = [];
