import type { Route } from "../../../routing/routes.ts";
import { LotePage } from "./lote-page.tsx";
import { LotesPage } from "./lotes-page.tsx";

export const lotesRoutes: readonly Route[] = [
  { path: "/prudencial/:event/lote", page: LotesPage },
  { path: "/prudencial/:event/lote/:lote", page: LotePage },
];
