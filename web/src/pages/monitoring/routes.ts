import type { Route } from "../../routing/routes.ts";

export const monitoringRoutes: readonly Route[] = [];
