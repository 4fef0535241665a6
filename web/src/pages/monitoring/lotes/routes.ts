import type { Route } from "../../../routing/routes.ts";

export const lotesRoutes: readonly Route[] = [];
