import type { Route } from "../../../routing/routes.ts";
import { PortfolioPage } from "./portfolio-page.tsx";

export const portfolioRoutes: readonly Route[] = [
  { path: "/prudencial/:event/portfolio", page: PortfolioPage },
  { path: "/prudencial/:event/portfolio/:company", page: PortfolioPage },
];
