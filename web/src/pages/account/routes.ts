import type { Route } from "../../routing/routes.ts";

export const accountRoutes: readonly Route[] = [];
