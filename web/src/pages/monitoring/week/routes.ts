import type { Route } from "../../../routing/routes.ts";
import { MonitoringHome } from "./home-page.tsx";

export const weekRoutes: readonly Route[] = [{ path: "/prudencial", page: MonitoringHome, early: true }];
