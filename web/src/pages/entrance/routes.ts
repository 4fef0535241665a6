import type { Route } from "../../routing/routes.ts";

export const entranceRoutes: readonly Route[] = [];
