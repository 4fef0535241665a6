import type { Route } from "../../../routing/routes.ts";
import { FactorPage } from "./factor-page.tsx";
import { FactorsPage } from "./factors-page.tsx";

export const factorRoutes: readonly Route[] = [
  { path: "/prudencial/:event/fator", page: FactorsPage },
  { path: "/prudencial/:event/fator/:company", page: FactorPage },
];
