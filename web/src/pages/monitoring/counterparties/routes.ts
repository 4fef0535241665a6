import type { Route } from "../../../routing/routes.ts";
import { CounterpartiesPage } from "./counterparties-page.tsx";

export const counterpartiesRoutes: readonly Route[] = [
  { path: "/prudencial/:event/contrapartes", page: CounterpartiesPage },
  { path: "/prudencial/:event/contrapartes/:company", page: CounterpartiesPage },
];
