import type { Route } from "../../routing/routes.ts";

export const contractsRoutes: readonly Route[] = [];
