import type { Route } from "../../routing/routes.ts";

export const adhesionRoutes: readonly Route[] = [];
