import type { Route } from "../../routing/routes.ts";
import { factorRoutes } from "./factor/routes.ts";
import { lotesRoutes } from "./lotes/routes.ts";
import { weekRoutes } from "./week/routes.ts";

export const monitoringRoutes: readonly Route[] = [...weekRoutes, ...lotesRoutes, ...factorRoutes];
