import type { Route } from "../../routing/routes.ts";
import { counterpartiesRoutes } from "./counterparties/routes.ts";
import { factorRoutes } from "./factor/routes.ts";
import { lotesRoutes } from "./lotes/routes.ts";
import { portfolioRoutes } from "./portfolio/routes.ts";
import { readersRoutes } from "./readers/routes.ts";
import { weekRoutes } from "./week/routes.ts";

export const monitoringRoutes: readonly Route[] = [...weekRoutes, ...readersRoutes, ...portfolioRoutes, ...counterpartiesRoutes, ...lotesRoutes, ...factorRoutes];
