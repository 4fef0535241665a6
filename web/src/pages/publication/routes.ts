import type { Route } from "../../routing/routes.ts";
import { PublicationsPage } from "./publications-page.tsx";
import { PublishedWeekPage } from "./published-week-page.tsx";

export const publicationRoutes: readonly Route[] = [
  { path: "/publicacao", page: PublicationsPage },
  { path: "/publicacao/:evento", page: PublishedWeekPage },
];
